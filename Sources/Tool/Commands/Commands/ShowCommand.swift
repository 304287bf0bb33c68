import Diagnostics
import Planning
import Policies
import Reports
import Resources

extension CommandOption {
  static let onlyShown = CommandOption("only", .text("GLOB"), isRepeated: true, "only addresses that match")
  static let action = CommandOption(
    "action", .choice(Action.allCases.map(\.rawValue)), isRepeated: true, "only changes with this action")
}

extension Command {
  static let show = Command(
    "show", "Show a saved plan.",
    discussion: "Reads the file alone: no provider is started and nothing is asked of a cloud.",
    examples: [
      ("plumb show change.plan", "everything, destructive changes first"),
      ("plumb show change.plan --action delete --action replace", "what will be destroyed"),
      ("plumb show change.plan --only 'aws.Subnet/*' --json", "some addresses, for scripts"),
    ],
    options: [.onlyShown, .action],
    positionals: [Positional("FILE", completion: .file, "a plan saved by `plumb plan --out FILE`")]
  ) { invocation in
    let arguments = invocation.arguments
    switch await invocation.readPlan(arguments.positionals.first ?? "") {
    case .failure(let problem): return invocation.fail(problem.diagnostics)
    case .success(let plan):
      let filter = PlanText.Filter(
        addresses: arguments.texts(.onlyShown),
        actions: arguments.texts(.action).compactMap(Action.init(rawValue:)))
      invocation.show(plan, filter)
      return .ok
    }
  }
}

extension Invocation {
  /// The plan's changes, its diagnostics and its summary.
  func show(_ plan: Plan, _ filter: PlanText.Filter = PlanText.Filter()) {
    reporter.diagnostics(plan.diagnostics + (plan.policies?.diagnostics ?? []))
    reporter.report { PlanText(reporter.palette, filter: filter).write(plan, to: $0) }
    if reporter.isJSON { EventLine.plan(plan, filter) { event in reporter.event(event) } }
  }
}
