import Diagnostics
import Inventory
import Platform
import Resources
import Values

/// What the inventory holds, for people.
package enum RecordText {
  /// One line a record: address, object, target.
  package static func table(_ records: [Recorded], to sink: TextSink) {
    guard !records.isEmpty else { return sink.line("Nothing is recorded.") }
    let widest = min(records.map { TerminalText.width(of: $0.address.text) }.max() ?? 0, 60)
    for record in records {
      let address = TerminalText.escaped(record.address.text)
      let gap = String(repeating: " ", count: max(widest - TerminalText.width(of: address), 0) + 2)
      sink.line(
        "\(address)\(gap)\(TerminalText.escaped("\(record.remote) in \(record.target.target)"))\(remarks(record))"
      )
    }
  }

  private static func remarks(_ record: Recorded) -> String {
    var remarks: [String] = []
    if record.isProtected { remarks.append("protected") }
    if record.managementPolicy != .full { remarks.append(record.managementPolicy.rawValue) }
    if record.isSuperseded { remarks.append("to be destroyed, replaced by a newer one") }
    if !record.isComplete { remarks.append("incomplete") }
    return remarks.isEmpty ? "" : " (\(remarks.joined(separator: ", ")))"
  }

  /// All of one address, with its history.
  package static func write(_ records: [Recorded], _ history: [JournalEntry], to sink: TextSink) {
    for record in records {
      let target = record.target
      sink.line(TerminalText.escaped("\(record.address): \(record.type) \(record.remote)") + remarks(record))
      let place = [target.account, target.region, target.endpoint].filter { !$0.isEmpty }.joined(
        separator: ", ")
      sink.line("  target: " + TerminalText.escaped("\(target.target) (\(target.provider), \(place))"))
      if !record.dependencies.isEmpty {
        sink.line(
          "  depends on: " + TerminalText.escaped(record.dependencies.map(\.text).joined(separator: ", ")))
      }
      sink.line("  owned:")
      for entry in record.owned.entries {
        sink.lines(ValueText.plain.lines(ValueText.key(entry.key), entry.value, mark: " ", indent: 2))
      }
    }
    if !history.isEmpty { sink.line("  history:") }
    for entry in history {
      sink.line("    " + TerminalText.escaped("\(entry.time.rfc3339()) \(words(entry.event))"))
    }
  }

  static func words(_ event: JournalEntry.Event) -> String {
    switch event {
    case .began(let plan, let command): "plan \(plan) begun by `\(command)`"
    case .intent(let intent):
      "\(intent.operation) begun, operation \(intent.id)" + (intent.remote.map { " on \($0)" } ?? "")
    case .succeeded(let id): "operation \(id) succeeded"
    case .failed(let id, let failure): "operation \(id) failed: \(failure.message)"
    case .resolved(let id, .done(let remote)):
      "operation \(id) was found done" + (remote.map { ": \($0)" } ?? "")
    case .resolved(let id, .absent): "operation \(id) had no effect"
    case .resolved(let id, .dismissed(let reason)): "operation \(id) dismissed: \(reason)"
    case .lockBroken(let reason, let holder): "lock broken by \(holder): \(reason)"
    case .waived(let rule, _, let reason, let name): "policy rule `\(rule)` waived by \(name): \(reason)"
    case .ended(let outcome): "run ended: \(outcome.rawValue)"
    }
  }
}

extension EventLine {
  package static func record(_ record: Recorded) -> EventLine {
    let facts: [(String, Value)] = [
      ("address", .string(record.address.text)), ("incarnation", .int(Int(record.incarnation))),
      ("resource_type", .string(record.type.text)), ("id", .string(record.remote.text)),
      ("target", .string(record.target.target.text)), ("account", .string(record.target.account)),
      ("region", .string(record.target.region)), ("protected", .bool(record.isProtected)),
      ("superseded", .bool(record.isSuperseded)), ("complete", .bool(record.isComplete)),
      ("owned", record.owned),
      ("dependencies", .list(record.dependencies.map { .string($0.text) })),
    ]
    return EventLine("record", "\(record.address) = \(record.remote)", [("record", .map(facts))])
  }

  package static func history(_ entry: JournalEntry, of address: Address) -> EventLine {
    EventLine(
      "history", RecordText.words(entry.event),
      [
        ("address", .string(address.text)), ("time", .string(entry.time.rfc3339())),
        ("run", .string(entry.run.text)),
      ])
  }

  package static func lock(_ holder: LockHolder?) -> EventLine {
    guard let holder else { return EventLine("lock", "not locked", [("locked", false)]) }
    return EventLine(
      "lock", "locked by \(holder.name)",
      [
        ("locked", true), ("holder", .string(holder.name)), ("process", .int(Int(holder.process))),
        ("command", .string(holder.command)), ("since", .string(holder.since.rfc3339())),
      ])
  }
}
