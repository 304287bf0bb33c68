import Applying
import Diagnostics
import Inventory
import Planning
import ProviderKit
import Resources

/// What happens during an apply, as lines for people.
package enum ApplyText {
  /// `aws.Vpc/prod: Creation complete after 2s [id=vpc-0a1b]`; nil for what is told elsewhere.
  package static func line(_ event: ApplyEvent, _ palette: Palette) -> String? {
    switch event {
    case .began, .summary: nil
    case .started(let facts): "\(address(facts, palette)): \(OperationText.doing(facts.operation))..."
    case .stillGoing(let facts, let elapsed, let message):
      "\(address(facts, palette)): Still \(OperationText.doing(facts.operation).lowercased())... "
        + "[\(OperationText.elapsed(elapsed)) elapsed\(message.map { ", \(TerminalText.escaped($0))" } ?? "")]"
    case .finished(let facts, let elapsed, let remote):
      "\(address(facts, palette)): \(OperationText.deed(facts.operation)) complete "
        + "after \(OperationText.elapsed(elapsed))"
        + (remote.map { " [id=\(TerminalText.escaped($0.text))]" } ?? "")
    case .failed(let facts, let elapsed, let problem):
      "\(address(facts, palette)): "
        + palette(
          "\(OperationText.deed(facts.operation)) failed after \(OperationText.elapsed(elapsed)): \(text(problem))",
          .red)
    case .skipped(let facts, let cause):
      "\(address(facts, palette)): Skipped, since \(TerminalText.escaped(cause.address.text)) failed"
    case .retrying(let facts, let attempt, let after, let problem):
      "\(address(facts, palette)): \(palette("Attempt \(attempt) failed", .yellow)), trying again in "
        + "\(OperationText.elapsed(after)): \(text(problem))"
    case .throttled(let target, let service, let rate): slowdown(target, service, rate)
    case .interrupted(let isSecond):
      isSecond
        ? "Stopped. What was under way is settled by the next run."
        : "Interrupted: what runs is finished, nothing new is started. Interrupt again to stop at once."
    case .inventoryLost(let error):
      palette("The inventory cannot be written any more: \(TerminalText.escaped(error.message))", .red)
        + "\nWhat runs is finished, nothing new is started."
    case .waitingUntilReady(let manifest, let elapsed, let message):
      "\(name(manifest, palette)): Waiting until it is ready... "
        + "[\(OperationText.elapsed(elapsed)) elapsed, \(TerminalText.escaped(message))]"
    case .becameReady(let manifest, let elapsed):
      "\(name(manifest, palette)): Ready after \(OperationText.elapsed(elapsed))"
    case .notReady(let finding):
      "\(name(finding.manifest, palette)): "
        + palette("\(notReady(finding.waited)): \(TerminalText.escaped(finding.message))", .red)
    }
  }

  private static func notReady(_ waited: Duration) -> String {
    waited == .zero ? "Not ready" : "Not ready after \(OperationText.elapsed(waited))"
  }

  private static func name(_ manifest: Address, _ palette: Palette) -> String {
    palette(TerminalText.escaped(manifest.text), .bold)
  }

  private static func address(_ facts: StepFacts, _ palette: Palette) -> String {
    name(facts.address, palette)
  }

  private static func slowdown(_ target: TargetName, _ service: String, _ rate: Double) -> String {
    let tenths = Int((rate * 10).rounded())
    return TerminalText.escaped(
      "\(target): \(service) asks for fewer calls, now \(tenths / 10).\(tenths % 10) a second")
  }

  /// The message with what the provider's support asks for.
  static func text(_ problem: StepProblem) -> String {
    let facts = [problem.request.code, problem.request.requestID.map { "request \($0)" }].compactMap { $0 }
    return TerminalText.escaped(
      problem.message + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"))
  }

  // MARK: The end

  /// `Apply complete! Resources: 2 added, 1 changed, 0 destroyed.`
  package static func headline(_ summary: ApplySummary, mode: PlanMode) -> String {
    let name = mode == .destroy ? "Destroy" : "Apply"
    var counts: [String] = []
    if summary.adopted > 0 { counts.append("\(summary.adopted) adopted") }
    if mode == .apply || summary.created + summary.updated > 0 {
      counts += ["\(summary.created) added", "\(summary.updated) changed"]
    }
    counts.append("\(summary.deleted) destroyed")
    if summary.moved > 0 { counts.append("\(summary.moved) moved") }
    if summary.forgotten > 0 { counts.append("\(summary.forgotten) forgotten") }
    let resources = "Resources: \(counts.joined(separator: ", "))."
    switch summary.outcome {
    case .complete: return "\(name) complete! \(resources)"
    case .partial: return "\(name) incomplete. \(resources)"
    case .interrupted: return "\(name) interrupted. \(resources)"
    }
  }

  /// The headline, what failed and why, what was left out, and how to go on.
  ///
  /// - Parameter next: the command to go on with.
  package static func write(
    _ summary: ApplySummary, mode: PlanMode, next: String, _ palette: Palette, to sink: TextSink
  ) {
    sink.line()
    sink.line(palette(headline(summary, mode: mode), summary.outcome == .complete ? .green : .red))
    writeUnready(summary, next, palette, to: sink)
    guard summary.outcome != .complete else { return }
    if !summary.failures.isEmpty { sink.line("\nFailed:") }
    for (facts, problem) in summary.failures {
      sink.line("  \(address(facts, palette)) (\(facts.operation.rawValue)): \(text(problem))")
    }
    let left = summary.skipped.count + summary.left
    if left > 0 { sink.line("\nNot done: \(left) \(left == 1 ? "step" : "steps").") }
    sink.lines(AddressList.lines(summary.skipped.map(\.address.text), limit: AddressList.limit, indent: 2))
    sink.line("\nGo on with: \(next)")
  }

  private static func writeUnready(
    _ summary: ApplySummary, _ next: String, _ palette: Palette, to sink: TextSink
  ) {
    guard !summary.unready.isEmpty else { return }
    sink.line("\nMade, and not ready:")
    for finding in summary.unready {
      let place = finding.origin.map { " (\($0))" } ?? ""
      sink.line("  \(name(finding.manifest, palette)): \(TerminalText.escaped(finding.message + place))")
    }
    if summary.outcome == .complete { sink.line("\nAsk again with: \(next)") }
  }
}
