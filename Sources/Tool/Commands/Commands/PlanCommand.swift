import Diagnostics
import Engine
import Planning
import Policies
import Reports
import Resources
import Values

extension CommandOption {
  static let out = CommandOption(
    "out", short: "o", .text("FILE"), completion: .file, "save the plan for `plumb apply FILE`")
  static let destroyPlan = CommandOption("destroy", "plan to destroy everything that is recorded")
}

extension Command {
  static let plan = Command(
    "plan", "Show what would change, and why.",
    discussion:
      "Reads manifests, inventory and clouds; writes nothing and takes no lock. Exit codes: 0 no problem, 1 error, "
      + "4 not everything could be compared, 5 a policy denies it; with --detailed-exitcode 2 when there are changes.",
    examples: [
      ("plumb plan", "the difference between the manifests and what stands"),
      ("plumb plan --sandbox", "the same against the embedded pretend cloud, without credentials"),
      ("plumb plan --out change.plan", "save the plan, to apply exactly that"),
      (
        "plumb plan --only 'aws.Subnet/*' --detailed-exitcode", "some addresses; exit with 2 when they change"
      ),
      ("plumb plan --policies origin/main", "with the policies and waivers of another revision"),
      (
        "plumb plan --replace aws.NatGateway/a --max-deletes 1",
        "replace one resource and delete nothing else"
      ),
    ],
    options: [.out] + CommandOption.planning + [.destroyPlan, .detailedExitCode, .policies, .cost]
      + CommandOption.estate
  ) { invocation in
    await invocation.withSession { (session) throws(EngineFailure) in
      let outcome = try await session.engine.plan(
        invocation.planRequest(isDestroy: invocation.arguments.has(.destroyPlan)))
      session.report(outcome)
      guard !outcome.diagnostics.hasErrors else { return .error }
      let isDenied = outcome.plan.policies?.isDenied ?? false
      if let path = invocation.arguments.text(.out) {
        var plan = outcome.plan
        plan.sandbox = invocation.arguments.text(.sandbox)
        if let problem = await invocation.writePlan(plan, to: path) {
          return invocation.fail(problem.diagnostics)
        }
        session.reporter.say(
          isDenied
            ? "\nSaved, for those who review it: policies keep it from being applied."
            : "\nSaved. Apply exactly this with: plumb apply \(path)")
        session.reporter.event(
          EventLine(
            "plan_saved", "saved to \(path)",
            [("path", .string(path)), ("id", .string(outcome.plan.id.text))]))
      }
      return ExitCode.first(of: [invocation.exitCode(outcome.plan)] + (isDenied ? [.denied] : []))
    }
  }
}

extension Invocation {
  /// What the planning flags ask for.
  func planRequest(isDestroy: Bool) -> PlanRequest {
    var request = PlanRequest()
    request.options.mode = isDestroy ? .destroy : .apply
    request.options.only = arguments.texts(.only)
    request.options.targets = arguments.texts(.target).map { TargetName($0) }
    request.options.replace = arguments.texts(.replace)
    request.options.allowStateful = arguments.texts(.allowStateful)
    request.options.maxDeletes = arguments.number(.maxDeletes)
    return request
  }

  func exitCode(_ plan: Plan) -> ExitCode {
    var codes: [ExitCode] = [.ok]
    if arguments.has(.detailedExitCode), !plan.isEmpty { codes.append(.changes) }
    if !plan.coverage.isComplete { codes.append(.incomplete) }
    return ExitCode.first(of: codes)
  }
}

extension Session {
  /// Problems first, then the plan.
  func report(_ outcome: PlanOutcome) {
    let findings = outcome.plan.policies?.diagnostics ?? []
    reporter.diagnostics(outcome.diagnostics + findings, sources: outcome.sources)
    report(outcome.plan)
  }

  func report(_ plan: Plan) {
    let isCostFull = engine.policyRequest.wantsCost
    reporter.report { PlanText(reporter.palette, isCostFull: isCostFull).write(plan, to: $0) }
    if reporter.isJSON { EventLine.plan(plan) { event in reporter.event(event) } }
  }
}
