import Diagnostics
import Planning
import Resources
import Values

/// What an apply does, step by step: a value that takes what happens and gives lines of text or event lines.
package struct ApplyProgress: Sendable {
  /// After so long without an end, and again each time, a step says that it still runs.
  package static let heartbeat = Duration.seconds(10)

  /// What happened to one step.
  package enum Moment: Sendable {
    case started
    case waiting(String)
    case finished(RemoteID?)
    case failed(String)
  }

  /// One step under way.
  struct Running: Sendable {
    var subject: Subject
    var since: Duration
    var heartbeats = 0
    var note = ""
  }

  /// What a step works on, in the words of a report.
  package struct Subject: Sendable {
    package var address: Address
    package var type: TypeName
    package var target: TargetName
    package var operation: Step.Operation

    package init(_ step: Step, of plan: Plan) {
      let change = plan.changes[step.change]
      address = change.address
      type = change.type
      target = change.target
      operation = step.operation
    }
  }

  /// By step; ordered by id for the live view.
  private(set) var running: [Int: Running] = [:]
  package private(set) var finished = 0
  package private(set) var failures = 0
  package let total: Int

  package init(total: Int) { self.total = total }

  // MARK: What happens

  /// The line to print, and the event to send.
  package mutating func take(_ step: Int, _ subject: Subject, _ moment: Moment, at now: Duration) -> Line? {
    let began = running[step]?.since ?? now
    let line = Line(subject: subject, moment: moment, elapsed: now - began)
    switch moment {
    case .started: running[step] = Running(subject: subject, since: now)
    case .waiting(let note):
      running[step]?.note = note
      return nil
    case .finished:
      running[step] = nil
      finished += 1
    case .failed:
      running[step] = nil
      failures += 1
    }
    return line
  }

  /// The steps that have run so long that they say so again.
  package mutating func beat(at now: Duration) -> [Line] {
    var lines: [Line] = []
    for step in running.keys.sorted() {
      guard var state = running[step] else { continue }
      let due = Int((now - state.since) / Self.heartbeat)
      guard due > state.heartbeats else { continue }
      state.heartbeats = due
      running[step] = state
      lines.append(Line(subject: state.subject, moment: .waiting(state.note), elapsed: now - state.since))
    }
    return lines
  }

  /// One thing to tell.
  package struct Line: Sendable {
    package var subject: Subject
    package var moment: Moment
    package var elapsed: Duration

    /// `aws.Vpc/prod: Creation complete after 2s [id=vpc-0a1b]`.
    package func text(_ palette: Palette) -> String {
      let doing = OperationText.doing(subject.operation), elapsed = OperationText.elapsed(elapsed)
      let address = palette(TerminalText.escaped(subject.address.text), .bold)
      switch moment {
      case .started: return "\(address): \(doing)..."
      case .waiting(let note):
        let why = note.isEmpty ? "" : ", \(TerminalText.escaped(note))"
        return "\(address): Still \(doing.lowercased())... [\(elapsed) elapsed\(why)]"
      case .finished(let remote):
        let id = remote.map { " [id=\(TerminalText.escaped($0.text))]" } ?? ""
        return "\(address): \(OperationText.deed(subject.operation)) complete after \(elapsed)\(id)"
      case .failed(let why):
        return "\(address): "
          + palette(
            "\(OperationText.deed(subject.operation)) failed after \(elapsed): \(TerminalText.escaped(why))",
            .red)
      }
    }

    /// Terraform's names: https://developer.hashicorp.com/terraform/internals/machine-readable-ui
    package var event: EventLine {
      var hook: [(String, Value)] = [
        ("resource", EventLine.resource(subject.address, subject.type, subject.target)),
        ("action", .string(subject.operation.rawValue)),
      ]
      let seconds = Int(elapsed.components.seconds)
      var type = "apply_start", level = EventLine.Level.info
      switch moment {
      case .started: break
      case .waiting(let note):
        type = "apply_progress"
        hook.append(("elapsed_seconds", .int(seconds)))
        if !note.isEmpty { hook.append(("waiting_for", .string(note))) }
      case .finished(let remote):
        type = "apply_complete"
        hook.append(("elapsed_seconds", .int(seconds)))
        if let remote { hook += [("id_key", "id"), ("id_value", .string(remote.text))] }
      case .failed(let why):
        type = "apply_errored"
        level = .error
        hook += [("elapsed_seconds", .int(seconds)), ("error", .string(why))]
      }
      return EventLine(type, text(.plain), level: level, [("hook", .map(hook))])
    }
  }
}
