import Diagnostics
import Engine
import Planning
import Reports
import Resources

extension CommandOption {
  static let failOnUnmanaged = CommandOption("fail-on-unmanaged", "exit with 3 for unmanaged objects too")
}

extension Command {
  static let drift = Command(
    "drift", "Say what was changed behind the manifests' back.",
    discussion:
      "Compares what stands with what was applied last; writes nothing and takes no lock. Told apart from it: what the "
      + "manifests want and nobody applied yet, objects beside ours that nobody of us made, and what others added. "
      + "Exit codes: 0 no drift, 3 drift, 4 no drift in what could be compared, 1 error.",
    examples: [
      ("plumb drift", "everything that is recorded"),
      ("plumb drift --only 'aws.Role/*'", "some addresses"),
      ("plumb drift --json --fail-on-unmanaged", "for a nightly job that also minds strangers in our networks"),
    ],
    options: [.onlyListed, .target, .failOnUnmanaged] + CommandOption.estate
  ) { invocation in
    await invocation.withSession { (session) throws(EngineFailure) in
      var request = DriftRequest()
      request.only = invocation.arguments.texts(.onlyListed)
      request.targets = invocation.arguments.texts(.target).map { TargetName($0) }
      let outcome = try await session.engine.drift(request)
      let report = outcome.report
      session.reporter.diagnostics(outcome.diagnostics)
      session.reporter.report { DriftText(session.reporter.palette).write(report, to: $0) }
      if session.reporter.isJSON { EventLine.drift(report) { event in session.reporter.event(event) } }
      return invocation.exitCode(report)
    }
  }
}

extension Invocation {
  fileprivate func exitCode(_ report: DriftReport) -> ExitCode {
    var codes: [ExitCode] = [.ok]
    if !report.drifted.isEmpty { codes.append(.drift) }
    if arguments.has(.failOnUnmanaged), !report.unmanaged.isEmpty { codes.append(.drift) }
    if !report.isComplete { codes.append(.incomplete) }
    return ExitCode.first(of: codes)
  }
}
