import Applying
import Diagnostics
import Engine
import Inventory
import Planning
import Platform
import Reports
import Resources

extension CommandOption {
  static let resume = CommandOption("resume", "go on with a saved plan that was applied in part")
}

extension Command {
  static let apply = Command(
    "apply", "Make what stands as the manifests say.",
    discussion:
      "Without FILE it makes a plan, shows it and asks. With FILE it does exactly what the saved plan says, once, "
      + "and does not ask. The first Ctrl-C finishes what runs, the second stops at once; "
      + "the next run settles what was open.",
    examples: [
      ("plumb apply", "plan, ask, apply"),
      ("plumb apply change.plan", "apply a saved plan"),
      ("plumb apply change.plan --resume", "go on with one that was applied in part"),
      (
        "plumb apply --waive world-ssh --reason 'incident 4711'", "let a policy's rule be; the inventory remembers it"
      ),
      (
        "plumb apply --auto-approve --lock-timeout 5m --json",
        "for CI: no question, wait for the lock, event lines"
      ),
    ],
    options: CommandOption.planning + CommandOption.applying + [.resume, .cost] + CommandOption.judged
      + CommandOption.estate,
    positionals: [
      Positional("FILE", isOptional: true, completion: .file, "a plan saved by `plumb plan --out FILE`")
    ]
  ) { invocation in
    if let problem = invocation.applyConflict { return invocation.fail(problem, .usage) }
    guard let file = invocation.arguments.positionals.first else {
      return await invocation.applyFresh(.apply)
    }
    return await invocation.applySaved(file)
  }

  static let destroy = Command(
    "destroy", "Destroy everything that is recorded.",
    discussion:
      "Protected resources, those that hold data (unless --allow-stateful names them) and budgets stand in its way.",
    examples: [
      ("plumb destroy --sandbox", "empty the sandbox of this estate"),
      ("plumb destroy --only 'aws.Subnet/*'", "some addresses, and what depends on them"),
      ("plumb destroy --allow-stateful 'aws.Bucket/*' --auto-approve", "without a question, data included"),
    ],
    options: [.only, .target, .maxDeletes, .allowStateful] + CommandOption.applying + CommandOption.judged
      + CommandOption.estate
  ) { invocation in
    if case .failure(let problem) = invocation.waiver { return invocation.fail(problem.diagnostics, .usage) }
    return await invocation.applyFresh(.destroy)
  }
}

extension CommandOption {
  static let applying: [CommandOption] = [.autoApprove, .parallelism, .lockTimeout]
  /// Where policies come from, and the way around them.
  static let judged: [CommandOption] = [.policies, .waive, .waiverReason]
}

extension Invocation {
  /// Flags that choose a plan's changes make no sense where the plan is given.
  fileprivate var applyConflict: Diagnostic? {
    let isSaved = !arguments.positionals.isEmpty
    if !isSaved, arguments.has(.resume) {
      return .error(.flagConflict, "`--resume` goes on with a saved plan: `plumb apply FILE --resume`")
    }
    if case .failure(let problem) = waiver { return problem.diagnostics.first }
    guard isSaved, let flag = (CommandOption.planning + [.policies, .cost]).first(where: { given.contains($0.name) })
    else {
      return nil
    }
    return .error(
      .flagConflict, "`--\(flag.name)` cannot change a saved plan",
      hint: "give it to `plumb plan --out FILE` instead")
  }

  private func request(_ mode: PlanMode) -> ApplyRequest {
    var request = ApplyRequest()
    request.options = planRequest(isDestroy: mode == .destroy).options
    if let width = arguments.number(.parallelism) { request.settings.width = width }
    request.lockTimeout = arguments.duration(.lockTimeout) ?? .zero
    request.command = path.text
    if case .success(let waiver) = waiver { request.waiver = waiver }
    return request
  }

  /// The command to go on with after a run that did not reach its end. A saved plan says itself where it belongs.
  private func next(_ file: String?) -> String {
    if let file { return "\(path.text) \(file) --resume" }
    let sandbox = arguments.text(.sandbox).map { folder in
      folder == CommandOption.defaultSandbox ? " --sandbox" : " --sandbox=\(folder)"
    }
    let environment = arguments.text(.environment).map { " --env \($0)" }
    return "\(path.text)\(environment ?? "")\(sandbox ?? "")"
  }

  // MARK: A fresh plan

  fileprivate func applyFresh(_ mode: PlanMode) async -> ExitCode {
    await withSession { (session) throws(EngineFailure) in
      let run = ApplyRun(invocation: self, reporter: session.reporter, mode: mode)
      let outcome: ApplyOutcome
      do throws(EngineFailure) {
        outcome = try await session.engine.apply(request(mode), control: run.control, events: run.take) {
          outcome in
          session.report(outcome)
          return await run.confirm(self.arguments.has(.autoApprove))
        }
      } catch {
        await run.end()
        throw error
      }
      await run.end()
      return finish(outcome, run, session, nil)
    }
  }

  /// - Parameter file: that of a saved plan, which goes on where it stopped.
  private func finish(_ outcome: ApplyOutcome, _ run: ApplyRun, _ session: Session, _ file: String?)
    -> ExitCode
  {
    switch outcome {
    case .unchanged(let planned, let unready):
      session.report(planned)
      var summary = ApplySummary(outcome: .complete)
      summary.unready = unready
      run.report(summary, next: next(nil))
      return ExitCode.first(of: [run.exitCode(summary), exitCode(planned.plan)])
    case .declined:
      guard run.wasAsked else { return fail(Confirmation.problem(path.text)) }
      reporter.say("\n\(run.mode == .destroy ? "Destroy" : "Apply") cancelled. Nothing was changed.")
      return .error
    case .applied(let summary, let planned):
      run.report(summary, next: next(summary.outcome == .complete ? nil : file))
      return ExitCode.first(
        of: [run.exitCode(summary), planned.map { exitCode($0.plan) } ?? .ok].filter { $0 != .changes })
    }
  }

  // MARK: A saved plan

  fileprivate func applySaved(_ file: String) async -> ExitCode {
    switch await readPlan(file) {
    case .failure(let problem): return fail(problem.diagnostics)
    case .success(let plan):
      if let problem = Self.withheld(plan, file) { return fail(problem) }
      return await withSession(plan: plan) { (session) throws(EngineFailure) in
        let run = ApplyRun(invocation: self, reporter: session.reporter, mode: plan.mode)
        let request = request(plan.mode)
        if let waiver = request.waiver {
          session.reporter.say("Let be: policy rule \(waiver.rules.joined(separator: ", ")): \(waiver.reason)\n")
        }
        run.watchSignals()
        let outcome: ApplyOutcome
        do throws(EngineFailure) {
          outcome = try await session.engine.apply(
            saved: plan, isResuming: arguments.has(.resume), request, control: run.control,
            events: run.take)
        } catch {
          await run.end()
          throw error
        }
        await run.end()
        return finish(outcome, run, session, file)
      }
    }
  }

  private static func withheld(_ plan: Plan, _ file: String) -> Diagnostic? {
    guard let first = plan.withheldAddresses.first else { return nil }
    return .error(
      .withheldSecrets,
      "`\(file)` cannot be applied: it writes secrets (`\(first)`), and those are never saved",
      hint: "apply from the manifests with `plumb apply`")
  }
}

extension DiagnosticCode {
  static let withheldSecrets = DiagnosticCode(6050)
}
