import Diagnostics
import Engine
import Inventory
import Platform
import Resources
import Values

/// How inventory, markers and reality agree, for people.
package struct CheckText {
  private let palette: Palette

  package init(_ palette: Palette = .plain) { self.palette = palette }

  package func write(_ check: InventoryCheck, to sink: TextSink) {
    for fault in InventoryCheck.Fault.allCases {
      let findings = check.findings.filter { $0.fault == fault }
      guard !findings.isEmpty else { continue }
      sink.line(palette("\(Self.title(fault)):", .bold))
      for finding in findings { sink.line("  " + TerminalText.escaped(Self.line(finding))) }
      sink.line(palette("  \(Self.advice(fault))", .faint))
      sink.line()
    }
    sink.line(palette(Self.summary(check), .bold))
    guard !check.unreadable.isEmpty else { return }
    sink.line(palette("Not everything could be read:", .yellow))
    for (subject, why) in check.unreadable.sorted(by: { $0.key < $1.key }) {
      sink.line("  " + TerminalText.escaped("\(subject): \(why)"))
    }
  }

  static func summary(_ check: InventoryCheck) -> String {
    let count = check.verified + check.unmarked
    let records = "\(count) \(count == 1 ? "record" : "records")"
    let unmarked = check.unmarked == 0 ? "" : " (\(check.unmarked) without a marker)"
    return check.findings.isEmpty
      ? "Inventory, markers and reality agree: \(records)\(unmarked)."
      : "\(check.findings.count) \(check.findings.count == 1 ? "finding" : "findings"); \(records) agree\(unmarked)."
  }

  private static func line(_ finding: InventoryCheck.Finding) -> String {
    let remotes = finding.remotes.map(\.text).joined(separator: ", ")
    let incarnation = finding.incarnation == 1 ? "" : " (incarnation \(finding.incarnation))"
    return "\(finding.address)\(incarnation): \(finding.type) \(remotes) on \(finding.target)"
      + (finding.detail.map { "; \($0)" } ?? "")
  }

  static func title(_ fault: InventoryCheck.Fault) -> String {
    switch fault {
    case .gone: "Recorded, and gone"
    case .markerMissing: "Recorded, and the object carries no marker"
    case .markerDifferent: "Recorded, and the object's marker says something else"
    case .unrecorded: "Marked as ours, and not recorded"
    case .sameMarker: "Several objects with one marker"
    case .sameObject: "Several records of one object"
    case .moved: "Recorded elsewhere than the target is"
    }
  }

  private static func advice(_ fault: InventoryCheck.Fault) -> String {
    switch fault {
    case .gone: "`plumb apply` makes it anew, or forgets it where no manifest has it."
    case .markerMissing, .markerDifferent:
      "Set its tags as they were; until then the object cannot be found again if the inventory is lost."
    case .unrecorded:
      "`plumb plan` takes it back where a manifest has the address; `plumb inventory recover --merge` records it."
    case .sameMarker: "Delete the one that is not wanted, or remove its `\(Marker.addressKey)` tag."
    case .sameObject: "`plumb inventory forget ADDRESS` gives up the wrong one."
    case .moved: "Restore the target's account and region."
    }
  }
}

/// What a recovery did, for people.
package enum RecoverText {
  package static func write(_ outcome: RecoverOutcome, _ palette: Palette, to sink: TextSink) {
    for record in outcome.records {
      let old = record.isSuperseded ? " (old object of a replacement)" : ""
      sink.line("  = " + TerminalText.escaped("\(record.address) is \(record.type) \(record.remote)\(old)"))
    }
    let count = outcome.records.count
    if count > 0 { sink.line() }
    sink.line(
      palette("Recovered: \(count) \(count == 1 ? "record" : "records"). No object was touched.", .bold))
    if !outcome.missing.isEmpty {
      sink.line("Wanted and not found; the next plan creates them:")
      sink.lines(AddressList.lines(outcome.missing.map(\.text), limit: AddressList.limit, indent: 2))
    }
    if !outcome.unknown.isEmpty {
      sink.line(palette("Nobody can know:", .yellow))
      for sentence in outcome.unknown { sink.line("  " + TerminalText.escaped(sentence)) }
    }
    sink.line("Run `plumb plan` before anything else.")
  }
}

extension EventLine {
  /// `inventory_finding` for each fault, then `inventory_verify`.
  package static func check(_ check: InventoryCheck, _ send: (EventLine) -> Void) {
    for finding in check.findings {
      var facts: [(String, Value)] = [
        ("fault", .string(finding.fault.rawValue)), ("address", .string(finding.address.text)),
        ("incarnation", .int(Int(finding.incarnation))), ("resource_type", .string(finding.type.text)),
        ("target", .string(finding.target.text)), ("ids", .list(finding.remotes.map { .string($0.text) })),
      ]
      if let detail = finding.detail { facts.append(("detail", .string(detail))) }
      send(EventLine("inventory_finding", "\(finding.address): \(CheckText.title(finding.fault))", level: .warn, facts))
    }
    let unreadable = check.unreadable.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value)) }
    send(
      EventLine(
        "inventory_verify", CheckText.summary(check), level: check.findings.isEmpty ? .info : .warn,
        [
          ("verified", .int(check.verified)), ("unmarked", .int(check.unmarked)),
          ("findings", .int(check.findings.count)), ("unreadable", .map(unreadable)),
        ]))
  }

  /// `record` for each record written, then `inventory_recover`.
  package static func recovered(_ outcome: RecoverOutcome, _ send: (EventLine) -> Void) {
    for record in outcome.records { send(.record(record)) }
    send(
      EventLine(
        "inventory_recover", "recovered \(outcome.records.count) records",
        [
          ("count", .int(outcome.records.count)), ("missing", .list(outcome.missing.map { .string($0.text) })),
          ("unknown", .list(outcome.unknown.map { .string($0) })),
        ]))
  }
}

extension RecordText {
  /// The journal's entries of one address, oldest first, each with its run.
  package static func write(_ history: [JournalEntry], of address: Address, to sink: TextSink) {
    sink.line(TerminalText.escaped("\(address):"))
    for entry in history {
      sink.line("  " + TerminalText.escaped("\(entry.time.rfc3339()) \(entry.run) \(words(entry.event))"))
    }
  }
}
