import Applying
import Diagnostics
import Inventory
import Planning
import Platform
import Reports
import Synchronization

/// One apply as it is seen from outside: shows what happens, asks, and carries Ctrl-C to it.
final class ApplyRun: Sendable {
  /// How often the live view is drawn anew.
  private static let frame = Duration.milliseconds(250)

  private struct State {
    var progress = ApplyProgress()
    var view: LiveView?
    var tasks: [Task<Void, Never>] = []
    var wasAsked = true
  }

  let control = ApplyControl()
  let mode: PlanMode
  private let invocation: Invocation
  private let reporter: Reporter
  private let state: Mutex<State>

  init(invocation: Invocation, reporter: Reporter, mode: PlanMode) {
    self.invocation = invocation
    self.reporter = reporter
    self.mode = mode
    let host = invocation.host
    let isLive =
      host.streams.outputTerminal.isTerminal && !reporter.isJSON && !host.environment.isContinuousIntegration
      && host.environment["TERM"] != "dumb"
    state = Mutex(
      State(view: isLive ? LiveView(reporter.palette, width: host.streams.outputTerminal.width) : nil))
  }

  /// False where the question could not be asked at all.
  var wasAsked: Bool { state.withLock { $0.wasAsked } }

  // MARK: What happens

  /// Called from any task.
  var take: @Sendable (ApplyEvent) -> Void {
    { [self] event in
      if reporter.isJSON {
        if let line = EventLine.apply(event) { reporter.event(line) }
        return
      }
      let line = ApplyText.line(event, reporter.palette)
      state.withLock { state in
        let now = invocation.host.time.elapsed
        state.progress.take(event, at: now)
        if state.view != nil {
          let text = state.view?.text(line.map { [$0] } ?? [], state.progress, at: now) ?? ""
          invocation.host.streams.output(Array(text.utf8))
        } else if let line {
          invocation.host.streams.output(Array((line + "\n").utf8))
        }
      }
      if case .began = event { animate() }
    }
  }

  /// Draws the running times anew while nothing else happens.
  private func animate() {
    guard state.withLock({ $0.view != nil }) else { return }
    let task = Task { [self] in
      while !Task.isCancelled {
        do { try await invocation.host.time.sleep(for: Self.frame) } catch { return }
        state.withLock { state in
          guard !Task.isCancelled,
            let text = state.view?.text([], state.progress, at: invocation.host.time.elapsed)
          else { return }
          invocation.host.streams.output(Array(text.utf8))
        }
      }
    }
    state.withLock { $0.tasks.append(task) }
  }

  /// Takes the live view away and gives Ctrl-C its usual meaning back.
  func end() async {
    let tasks = state.withLock { state in
      state.tasks.forEach { $0.cancel() }
      if let text = state.view?.finish() { invocation.host.streams.output(Array(text.utf8)) }
      state.view = nil
      return state.tasks
    }
    for task in tasks { await task.value }
  }

  // MARK: Question and interruption

  func confirm(_ isApproved: Bool) async -> Bool {
    var isYes = isApproved
    if !isApproved {
      let question =
        mode == .destroy ? "Do you really want to destroy all of this?" : "Do you want to do this?"
      let explanation =
        mode == .destroy
        ? "What is destroyed cannot be brought back."
        : "Plumb will do exactly what is shown above. There is no undo."
      let answer = await Confirmation(invocation: invocation).ask(question, explanation)
      state.withLock { $0.wasAsked = answer != .cannotAsk }
      isYes = answer == .yes
    }
    if isYes {
      reporter.say("")
      watchSignals()
    }
    return isYes
  }

  /// From now on the first Ctrl-C lets what runs finish and the second ends it.
  func watchSignals() {
    let control = control
    let task = Task {
      for await _ in Signals.stops() { control.interrupt() }
    }
    state.withLock { $0.tasks.append(task) }
  }

  // MARK: The end

  func report(_ summary: ApplySummary, next: String) {
    reporter.report { ApplyText.write(summary, mode: mode, next: next, reporter.palette, to: $0) }
    reporter.event(.summary(summary, mode: mode, next: next))
  }

  func exitCode(_ summary: ApplySummary) -> ExitCode {
    let done =
      summary.created + summary.updated + summary.deleted + summary.adopted + summary.moved
      + summary.forgotten
    switch summary.outcome {
    case .complete: return summary.unready.isEmpty ? .ok : .partlyApplied
    case .interrupted: return .interrupted
    case .partial where summary.inventoryProblem?.reason == .fenced: return .locked
    case .partial where done == 0 && summary.isDenied: return .denied
    case .partial: return summary.inventoryProblem != nil || done == 0 ? .error : .partlyApplied
    }
  }
}
