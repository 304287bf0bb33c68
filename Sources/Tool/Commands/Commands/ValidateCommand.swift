import Diagnostics
import Engine
import Manifests
import Planning
import Policies
import Reports
import Resources
import Values

extension Command {
  static let validate = Command(
    "validate", "Check the manifests without asking any cloud.",
    discussion:
      "Reports everything that is wrong in one run: syntax, unknown kinds and fields, types, references, cycles. "
      + "Policies are evaluated as far as they need no cloud; a denial exits with 5. "
      + "Without --env it checks every environment that the estate has.",
    examples: [
      ("plumb validate", "check the estate of the current folder"),
      ("plumb validate --env prod --var nat=single", "one environment, with another value of a variable"),
      ("plumb validate --json", "one JSON object a problem, for editors and CI"),
    ],
    options: [.policies, .environment, .variable, .variableFile]
  ) { invocation in
    await invocation.withSession(needsEnvironment: false) { (session) throws(EngineFailure) in
      let workspaces = session.workspaces
      var seen: Set<Diagnostic> = []
      let found = workspaces.flatMap(\.diagnostics)
      let checks = found.hasErrors ? [] : try await session.check(workspaces)
      let told = found + checks.flatMap { $0.policies.diagnostics + $0.report.diagnostics }
      let diagnostics = told.filter { seen.insert($0).inserted }
      let sources = checks.reduce(into: SourceTexts()) { $0.merge($1.policies.set.sources) }
      session.reporter.diagnostics(diagnostics, sources: sources)
      let isDenied = checks.contains { $0.report.isDenied }
      let isValid = !diagnostics.hasErrors
      let words = Session.words(workspaces)
      if isValid { session.reporter.say(words) }
      let counts = workspaces.map { workspace in
        (workspace.environment?.name ?? "", Value.int(workspace.desired.resources.count))
      }
      session.reporter.event(
        EventLine(
          "validation", isValid ? words : "the estate is not valid", level: isValid ? .info : .error,
          [("valid", .bool(isValid)), ("estate", .string(workspaces.first?.estate.name ?? ""))]
            + (counts.count == 1 ? [("resources", counts[0].1)] : [("environments", .map(counts))])))
      for check in checks { EventLine.policies(check.report) { event in session.reporter.event(event) } }
      if isValid { return .ok }
      // A policy that is wrong itself is an error; one that denies is not.
      return isDenied && !checks.contains { $0.policies.diagnostics.hasErrors } ? .denied : .error
    }
  }
}

extension Session {
  fileprivate func check(_ workspaces: [Workspace]) async throws(EngineFailure) -> [PolicyCheck] {
    var checks: [PolicyCheck] = []
    for workspace in workspaces { checks.append(try await engine.checkPolicies(workspace)) }
    return checks
  }

  /// The estate as the chosen environment has it, or as each has it.
  fileprivate var workspaces: [Workspace] {
    let names = engine.environments.names
    guard engine.inputs.environment == nil, !names.isEmpty else { return [engine.validate()] }
    return names.map { name in
      var engine = engine
      engine.inputs.environment = name
      return engine.validate()
    }
  }

  fileprivate static func words(_ workspaces: [Workspace]) -> String {
    let counts = workspaces.map { workspace in
      let count = workspace.desired.resources.count
      return "\(count) \(count == 1 ? "resource" : "resources")"
        + (workspace.environment.map { " in `\($0.name)`" } ?? "")
    }
    return "Valid. The estate `\(workspaces.first?.estate.name ?? "")` has \(counts.joined(separator: ", "))."
  }
}
