import Diagnostics
import Expressions
import Manifests
import Planning
import Resources
import Values

/// Evaluates all rules of a set over everything that they look at.
package struct PolicyEvaluator {
  private let set: PolicySet
  private let input: PolicyInput
  private var facts: Facts
  private var report = PolicyReport()
  /// Rules that look at a type, by their position.
  private var byType: [TypeName: [Int]] = [:]
  private var used: Set<Int> = []
  /// Addresses that a step will write, so that rules about them can still be asked.
  private let written: Set<Address>

  package static func evaluate(
    _ set: PolicySet, _ input: PolicyInput, catalog: TypeCatalog, cost: CostEstimate? = nil, plan: Plan? = nil
  ) -> PolicyReport {
    var evaluator = PolicyEvaluator(set, input, catalog, cost, plan)
    evaluator.run()
    return evaluator.report
  }

  private init(
    _ set: PolicySet, _ input: PolicyInput, _ catalog: TypeCatalog, _ cost: CostEstimate?, _ plan: Plan?
  ) {
    self.set = set
    self.input = input
    facts = Facts(input, catalog, parameters: set.parameters, cost: cost)
    let steps = plan?.steps.filter { [.create, .update, .setLate].contains($0.operation) } ?? []
    written = Set(steps.compactMap { plan?.changes[$0.change].address })
    report.revision = set.revision
  }

  private mutating func run() {
    for position in input.resources.indices { evaluate(resource: position) }
    let overManifests = set.rules.indices.filter {
      if case .manifests = set.rules[$0].rule.match { true } else { false }
    }
    if !overManifests.isEmpty {
      for manifest in input.manifests { evaluate(manifest: manifest, overManifests) }
    }
    for position in set.rules.indices {
      guard case .estate = set.rules[position].rule.match else { continue }
      let program = set.rules[position].general
      judge(position, program, facts.estate(), Subject())
    }
    report.findings.sort { ($0.address?.text ?? "", $0.rule) < ($1.address?.text ?? "", $1.rule) }
    report.ruleCount = used.count
    if !report.rechecks.isEmpty { report.parameters = set.parameters }
  }

  // MARK: Subjects

  /// What a finding is about.
  private struct Subject {
    var address: Address?
    var origin: SourcePosition?
    /// A later step can be asked again.
    var isWritten = false
  }

  private mutating func evaluate(resource position: Int) {
    let resource = input.resources[position]
    let rules = rules(for: resource.type)
    guard !rules.isEmpty else { return }
    var activations: [RuleNeeds.RawValue: Activation] = [:]
    for rule in rules {
      let prepared = set.rules[rule]
      guard prepared.looks(at: resource, input.stage) else { continue }
      let activation = activations[prepared.needs.rawValue] ?? facts.activation(position, prepared.needs)
      activations[prepared.needs.rawValue] = activation
      let subject = Subject(
        address: resource.address, origin: resource.origin, isWritten: written.contains(resource.address))
      judge(rule, prepared.program(resource.type), activation, subject)
    }
  }

  private mutating func rules(for type: TypeName) -> [Int] {
    if let known = byType[type] { return known }
    let found = set.rules.indices.filter { set.rules[$0].looks(at: type) }
    byType[type] = found
    return found
  }

  private mutating func evaluate(manifest: ManifestDocument, _ rules: [Int]) {
    let address = Address(manifest.address)
    let looking = rules.filter { set.rules[$0].looks(at: address) }
    guard !looking.isEmpty else { return }
    let activation = facts.activation(ManifestFacts(manifest))
    for rule in looking {
      judge(rule, set.rules[rule].general, activation, Subject(address: address, origin: manifest.origin))
    }
  }

  // MARK: Judging

  private mutating func judge(_ position: Int, _ program: RuleProgram, _ activation: Activation, _ subject: Subject) {
    used.insert(position)
    let prepared = set.rules[position]
    switch program.condition.holds(activation) {
    case .yes: return
    case .no:
      let outcome: PolicyFinding.Outcome = prepared.rule.effect == .deny ? .denied : .warned
      add(prepared.rule, outcome, subject, program, activation)
    case .failed(let message):
      let outcome: PolicyFinding.Outcome = prepared.rule.effect == .deny ? .failed : .warned
      add(prepared.rule, outcome, subject, program, activation, instead: message)
    case .undecided:
      // Most is known only when clouds were asked.
      if input.stage == .planning { addUndecided(prepared.rule, subject, program, activation) }
    }
  }

  private mutating func addUndecided(
    _ rule: PolicyRule, _ subject: Subject, _ program: RuleProgram, _ activation: Activation
  ) {
    switch rule.onUnknown {
    case .deny: add(rule, rule.effect == .deny ? .undecidedDenied : .undecidedWarned, subject, program, activation)
    case .warn: add(rule, .undecidedWarned, subject, program, activation)
    case .recheck:
      guard subject.isWritten, let address = subject.address else {
        return add(rule, .undecidedWarned, subject, program, activation)
      }
      guard rule.effect == .deny, waiver(rule, subject) == nil else { return }
      var recheck = PolicyRecheck(
        rule: rule.id, policy: rule.policy, address: address, expression: rule.expression.string ?? "", denies: true)
      recheck.message = rule.message?.string ?? ""
      recheck.hint = rule.hint?.string ?? ""
      recheck.ruleOrigin = rule.origin
      report.rechecks.append(recheck)
    }
  }

  private mutating func add(
    _ rule: PolicyRule, _ outcome: PolicyFinding.Outcome, _ subject: Subject, _ program: RuleProgram,
    _ activation: Activation, instead failure: String? = nil
  ) {
    let told =
      program.message?.text(activation) ?? (rule.summary.isEmpty ? "rule `\(rule.id)` does not hold" : rule.summary)
    var finding = PolicyFinding(
      rule: rule.id, policy: rule.policy, outcome: outcome, address: subject.address, message: failure ?? told)
    finding.hint = failure == nil ? program.hint?.text(activation) : nil
    finding.severity = rule.severity?.rawValue
    finding.references = rule.references
    finding.origin = subject.origin
    finding.ruleOrigin = rule.origin
    if let waiver = waiver(rule, subject) {
      finding.outcome = .waived
      finding.waiver = PolicyFinding.Grounds(owner: waiver.owner, reason: waiver.reason, expires: waiver.expires)
    }
    report.findings.append(finding)
  }

  private func waiver(_ rule: PolicyRule, _ subject: Subject) -> Waiver? {
    set.waivers.first { waiver in
      waiver.rule == rule.id && waiver.expires >= input.today
        && (subject.address ?? Address("")).matches(glob: waiver.address)
    }
  }
}
