import Diagnostics
import Engine
import Planning
import ProviderKit
import Reports
import Resources
import Values

extension CommandOption {
  static let permittedRun = CommandOption(
    "for", .choice(NeededPermissions.Run.allCases.map(\.rawValue)), "the run to permit: `apply`, or `plan`, which reads"
  )
  static let permittedTarget = CommandOption("target", .text("NAME"), isRepeated: true, "only these targets")
}

extension Command {
  static let permissions = Command(
    "permissions", "Print the least that credentials must be allowed to do.",
    discussion:
      "One document for each target: a policy of IAM for AWS, a custom role for Google Cloud, a ClusterRole for "
      + "Kubernetes. With a saved plan, what that plan needs; without, what the estate's types need over their whole "
      + "life. No cloud is asked.",
    examples: [
      ("plumb permissions --target aws-prod > policy.json", "for the role that applies the estate"),
      ("plumb permissions --for plan", "for credentials that only read, in every target"),
      ("plumb permissions change.plan", "for one plan alone"),
    ],
    options: [.permittedRun, .permittedTarget] + CommandOption.estate,
    positionals: [
      Positional("PLAN", isOptional: true, completion: .file, "a plan saved by `plumb plan --out FILE`")
    ]
  ) { invocation in
    let run = invocation.arguments.text(.permittedRun).flatMap(NeededPermissions.Run.init(rawValue:)) ?? .apply
    guard let path = invocation.arguments.positionals.first else { return await invocation.permitEstate(run) }
    switch await invocation.readPlan(path) {
    case .failure(let problem): return invocation.fail(problem.diagnostics)
    case .success(let plan):
      var catalog = TypeCatalog()
      for provider in Composition.providers(invocation.host) { catalog.add(provider.catalog) }
      return invocation.permit(NeededPermissions.of(plan, run, catalog, invocation.secretReads), run)
    }
  }
}

extension Invocation {
  fileprivate func permitEstate(_ run: NeededPermissions.Run) async -> ExitCode {
    await withSession { (session) throws(EngineFailure) in
      let workspace = session.engine.validate()
      guard !workspace.diagnostics.hasErrors else {
        session.reporter.diagnostics(workspace.diagnostics)
        return .error
      }
      return permit(NeededPermissions.of(workspace, run, secretReads), run)
    }
  }

  fileprivate var secretReads: NeededPermissions.SecretReads {
    Dictionary(
      Composition.providers(host).map { ($0.name, $0.secretPermissions) }, uniquingKeysWith: { first, _ in first })
  }

  /// A document alone where there is one target, so that it can be given to other tools; else each below a heading.
  fileprivate func permit(_ all: [NeededPermissions], _ run: NeededPermissions.Run) -> ExitCode {
    let chosen = arguments.texts(.permittedTarget)
    let needed = all.filter { chosen.isEmpty || chosen.contains($0.target.text) }
    let missing = chosen.filter { name in !all.contains { $0.target.text == name } }
    guard missing.isEmpty else {
      return fail(missing.map { .error(.unknownSubject, "nothing is managed in a target called `\($0)`") })
    }
    let providers = Composition.providers(host)
    for (index, need) in needed.enumerated() {
      guard let provider = providers.first(where: { $0.name == need.provider }) else { continue }
      let policy = provider.accessPolicy(need.permissions, name: "plumb-\(run.rawValue)")
      if needed.count > 1 {
        reporter.say("\(index > 0 ? "\n" : "")# Target \(need.target), \(policy.form) for `\(run.rawValue)`:")
      }
      reporter.say(String(policy.text.dropLast()))
      reporter.event(
        EventLine(
          "permissions", "\(need.permissions.count) permissions for target \(need.target)",
          [
            ("target", .string(need.target.text)), ("provider", .string(need.provider)),
            ("run", .string(run.rawValue)), ("permissions", .list(need.permissions.map { .string($0) })),
            ("policy", .string(policy.text)),
          ]))
    }
    return .ok
  }
}
