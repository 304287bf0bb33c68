import Diagnostics
import Inventory
import Manifests
import Planning
import Platform
import Policies
import ProviderKit
import Resources
import Values

/// Where policies are read from, and whether costs are wanted.
package struct PolicyRequest: Sendable {
  /// A git revision; nil for the manifests themselves.
  package var revision: String?
  /// Estimate costs even where no policy asks.
  package var wantsCost = false
  package init() {}
}

/// An estate's policies, checked, and what is wrong with them.
package struct EstatePolicies: Sendable {
  package var set: PolicySet
  package var diagnostics: [Diagnostic]
}

/// What policies say of an estate before any cloud is asked.
package struct PolicyCheck: Sendable {
  package var policies: EstatePolicies
  package var report: PolicyReport
}

extension Engine {
  /// Reads and checks the estate's policies: those of the workspace, or those of a revision.
  package func policies(_ workspace: Workspace) async throws(EngineFailure) -> EstatePolicies {
    guard let revision = policyRequest.revision else {
      let (set, problems) = PolicySet.load(
        workspace.policies, catalog: workspace.catalog, kinds: workspace.kindNames, sources: workspace.sources)
      return EstatePolicies(set: set, diagnostics: problems)
    }
    let git = GitRevision(children: world.children, environment: world.environment, root: root)
    let (commit, files) = try await git.manifests(at: revision)
    let loaded = estate(of: files, label: "\(revision):")
    let broken = loaded.diagnostics.filter { $0.severity == .error && Self.hidesPolicies($0.code) }
    guard broken.isEmpty else { throw EngineFailure(.error, broken) }
    var (set, problems) = PolicySet.load(
      loaded.policies, catalog: workspace.catalog, kinds: workspace.kindNames, sources: loaded.sources)
    set.revision = PolicyReport.Revision(name: revision, commit: commit)
    return EstatePolicies(set: set, diagnostics: problems)
  }

  private func estate(of files: [String: [UInt8]], label: String) -> LoadedEstate {
    let folder = "/estate"
    let memory = SimulatedFiles()
    for (path, bytes) in files { memory.add(bytes, at: "\(folder)/\(path)") }
    let loader = EstateLoader(
      files: memory, providers: world.providers.keys.sorted(), process: world.environment, label: label)
    return loader.load(root: folder, inputs: inputs)
  }

  /// True for problems that could keep a policy from being read; what else is wrong at a revision is its own affair.
  private static func hidesPolicies(_ code: DiagnosticCode) -> Bool {
    code.number < 1100
      || [.noEstate, .unreadableManifest, .estateDocument, .includePattern, .manifestForm].contains(code)
  }

  /// Evaluates what can be told without a cloud. Rules over planned changes wait for a plan.
  package func checkPolicies(_ workspace: Workspace) async throws(EngineFailure) -> PolicyCheck {
    let policies = try await policies(workspace)
    let input = PolicyInput(
      validating: workspace.desired, manifests: workspace.documents, catalog: workspace.catalog, today: today)
    guard !policies.diagnostics.hasErrors, !policies.set.isEmpty else {
      return PolicyCheck(policies: policies, report: PolicyReport())
    }
    let cost = try cost(input, policies.set, workspace)
    let report = PolicyEvaluator.evaluate(policies.set, input, catalog: workspace.catalog, cost: cost)
    return PolicyCheck(policies: policies, report: report)
  }

  /// Adds to a plan what policies say of it and what it costs. Nothing that it does is changed.
  func judge(_ plan: inout Plan, _ policies: EstatePolicies, _ workspace: Workspace) throws(EngineFailure) {
    let manifests = plan.mode == .destroy ? [] : workspace.documents
    let input = PolicyInput(
      planning: plan, manifests: manifests, targets: workspace.desired.targets, today: today)
    let cost = try cost(input, policies.set, workspace)
    plan.cost = cost?.report
    guard !policies.set.isEmpty else { return }
    plan.policies = PolicyEvaluator.evaluate(
      policies.set, input, catalog: workspace.catalog, cost: cost, plan: plan)
  }

  /// Where somebody asks for costs: the command line, a rule, or prices of the estate's own.
  private func cost(_ input: PolicyInput, _ set: PolicySet, _ workspace: Workspace) throws(EngineFailure)
    -> CostEstimate?
  {
    guard policyRequest.wantsCost || set.readsCost else { return nil }
    let (book, problems) = PriceBook.load(
      set.policies.compactMap(\.prices), catalog: workspace.catalog, sources: set.sources)
    guard !problems.hasErrors else { throw EngineFailure(.error, problems) }
    return CostEstimator.estimate(input, book, catalog: workspace.catalog)
  }

  /// UTC, `2026-05-01`.
  var today: String { String(world.time.now.rfc3339().prefix(10)) }
}

extension Engine {
  /// Lets rules be that `--waive` names. Each must stand in the way of something.
  func waive(_ plan: inout Plan, _ request: ApplyRequest) throws(EngineFailure) {
    guard let waiver = request.waiver, !waiver.rules.isEmpty else { return }
    let report = plan.policies ?? PolicyReport()
    for rule in waiver.rules {
      let isNamed =
        report.findings.contains { $0.rule == rule && $0.outcome.isDenial }
        || report.rechecks.contains { $0.rule == rule }
      guard isNamed else {
        let names = Set(report.findings.filter(\.outcome.isDenial).map(\.rule) + report.rechecks.map(\.rule))
        throw EngineFailure(
          .error,
          [
            .error(
              .nothingToWaive, "there is nothing to waive: the rule `\(rule)` does not stand in the way",
              hint: Suggestion.hint(for: rule, among: names.sorted())
                ?? (names.isEmpty ? nil : "these do: \(names.sorted().joined(separator: ", "))"))
          ])
      }
    }
    for index in report.findings.indices
    where waiver.rules.contains(report.findings[index].rule) && report.findings[index].outcome.isDenial {
      plan.policies?.findings[index].outcome = .overridden
      plan.policies?.findings[index].waiver = PolicyFinding.Grounds(
        owner: world.user, reason: waiver.reason, expires: "")
    }
  }

  /// What the journal keeps of rules that were let be.
  func remarks(_ plan: Plan, _ request: ApplyRequest) -> [JournalRemark] {
    guard let waiver = request.waiver else { return [] }
    let report = plan.policies ?? PolicyReport()
    return waiver.rules.map { rule in
      let found = report.findings.filter { $0.rule == rule && $0.outcome == .overridden }.compactMap(\.address)
      let open = report.rechecks.filter { $0.rule == rule }.map(\.address)
      return .waived(rule: rule, addresses: found + open, reason: waiver.reason, by: world.user)
    }
  }

  /// A plan that policies deny is not applied.
  func refuseDenied(_ plan: Plan, _ sources: SourceTexts = SourceTexts()) throws(EngineFailure) {
    guard let report = plan.policies, report.isDenied else { return }
    throw EngineFailure(.denied, report.diagnostics.filter { $0.severity == .error }, sources: sources)
  }
}
