import Platform
import Resources
import Values

/// Journal entries as JSON, one line each. Later versions may add fields and events; older programs refuse those.
package enum JournalCodec {
  package static let version: Int64 = 1

  package static func encode(_ entry: JournalEntry) -> [UInt8] {
    JSONWriter().bytes(Value.build { write(entry, to: &$0) })
  }

  package static func write(_ entry: JournalEntry, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.field("version", version)
    builder.field("sequence", Int64(clamping: entry.sequence))
    builder.field("run", entry.run.text)
    builder.field("fence", Int64(clamping: entry.fence.number))
    builder.field("time", entry.time.nanoseconds)
    write(entry.event, to: &builder)
    builder.endMap()
  }

  private static func write(_ event: JournalEntry.Event, to builder: inout TapeBuilder) {
    switch event {
    case .began(let plan, let command):
      builder.field("event", "began")
      builder.field("plan", plan.text)
      builder.field("command", command)
    case .intent(let intent):
      builder.field("event", "intent")
      write(intent, to: &builder)
    case .succeeded(let id):
      builder.field("event", "succeeded")
      builder.field("operation", id.text)
    case .failed(let id, let failure):
      builder.field("event", "failed")
      builder.field("operation", id.text)
      builder.field("effect", failure.effect.rawValue)
      builder.field("reason", failure.reason)
      builder.field("message", failure.message)
    case .resolved(let id, let resolution):
      builder.field("event", "resolved")
      builder.field("operation", id.text)
      write(resolution, to: &builder)
    case .lockBroken(let reason, let name):
      builder.field("event", "lock-broken")
      builder.field("reason", reason)
      builder.field("by", name)
    case .waived(let rule, let addresses, let reason, let name):
      builder.field("event", "waived")
      builder.field("rule", rule)
      builder.key("addresses")
      builder.beginList()
      for address in addresses { builder.string(address.text) }
      builder.endList()
      builder.field("reason", reason)
      builder.field("by", name)
    case .ended(let outcome):
      builder.field("event", "ended")
      builder.field("outcome", outcome.rawValue)
    }
  }

  private static func write(_ intent: Intent, to builder: inout TapeBuilder) {
    builder.field("operation", intent.id.text)
    builder.field("plan", intent.plan.text)
    builder.field("step", Int64(intent.step))
    builder.field("address", intent.address.text)
    if let previous = intent.previous { builder.field("previous", previous.text) }
    builder.field("incarnation", Int64(intent.incarnation))
    builder.field("action", intent.operation)
    builder.field("type", intent.type.text)
    builder.key("target")
    RecordCodec.write(intent.target, to: &builder)
    if let remote = intent.remote { builder.field("remote", remote.text) }
    builder.field("token", intent.token.text)
    builder.field("input", intent.input.text)
    builder.field("announced", intent.time.nanoseconds)
    if let planned = intent.planned {
      builder.key("planned")
      RecordCodec.write(planned, to: &builder)
    }
  }

  private static func write(_ resolution: Resolution, to builder: inout TapeBuilder) {
    switch resolution {
    case .done(let remote):
      builder.field("resolution", "done")
      if let remote { builder.field("remote", remote.text) }
    case .absent:
      builder.field("resolution", "absent")
    case .dismissed(let reason):
      builder.field("resolution", "dismissed")
      builder.field("reason", reason)
    }
  }
}

extension JournalCodec {
  package static func decode(_ bytes: [UInt8]) throws(StoreError) -> JournalEntry {
    let value: Value
    do throws(JSONError) {
      value = try JSONReader.parse(bytes)
    } catch {
      throw StoreError(.corrupt, "a journal entry is no JSON: \(error.description)")
    }
    var targets = TargetDecoder()
    return try decode(value, &targets)
  }

  package static func decode(_ value: Value, _ targets: inout TargetDecoder) throws(StoreError) -> JournalEntry {
    let reader = try FieldReader(value, "a journal entry", version: version)
    return JournalEntry(
      sequence: try reader.number("sequence"), run: RunID(try reader.text("run")),
      fence: Fence(try reader.number("fence")),
      time: Instant(nanoseconds: try reader.int("time")), event: try event(reader, &targets))
  }

  private static func event(_ reader: FieldReader, _ targets: inout TargetDecoder) throws(StoreError)
    -> JournalEntry.Event
  {
    switch try reader.text("event") {
    case "began": return .began(PlanID(try reader.text("plan")), command: try reader.text("command"))
    case "intent": return .intent(try intent(reader, &targets))
    case "succeeded": return .succeeded(OperationID(try reader.text("operation")))
    case "failed": return .failed(OperationID(try reader.text("operation")), try failure(reader))
    case "resolved": return .resolved(OperationID(try reader.text("operation")), try resolution(reader))
    case "lock-broken": return .lockBroken(reason: try reader.text("reason"), by: try reader.text("by"))
    case "waived":
      guard let list = reader.value["addresses"], list.kind == .list else { throw reader.missing("addresses") }
      return .waived(
        rule: try reader.text("rule"), addresses: list.elements.compactMap(\.string).map { Address($0) },
        reason: try reader.text("reason"), by: try reader.text("by"))
    case "ended":
      guard let outcome = RunOutcome(rawValue: try reader.text("outcome")) else {
        throw reader.missing("a known outcome")
      }
      return .ended(outcome)
    case let other:
      throw StoreError(.newerVersion, "the journal has an event `\(other)` that this program does not know")
    }
  }

  private static func intent(_ reader: FieldReader, _ targets: inout TargetDecoder) throws(StoreError) -> Intent {
    guard let target = reader.value["target"] else { throw reader.missing("target") }
    guard let incarnation = Incarnation(exactly: try reader.int("incarnation")),
      let step = Int(exactly: try reader.int("step"))
    else { throw reader.missing("a legal incarnation or step") }
    let planned: Recorded? =
      if let value = reader.value["planned"] { try RecordCodec.decode(value, &targets) } else { nil }
    return Intent(
      id: OperationID(try reader.text("operation")), plan: PlanID(try reader.text("plan")), step: step,
      address: Address(try reader.text("address")), incarnation: incarnation, operation: try reader.text("action"),
      type: TypeName(try reader.text("type")), target: try targets.decode(target),
      remote: try reader.optionalText("remote").map { RemoteID($0) }, token: OperationToken(try reader.text("token")),
      input: KeyedHash(try reader.text("input")), time: Instant(nanoseconds: try reader.int("announced")),
      previous: try reader.optionalText("previous").map { Address($0) }, planned: planned)
  }

  private static func failure(_ reader: FieldReader) throws(StoreError) -> Failure {
    guard let effect = Failure.Effect(rawValue: try reader.text("effect")) else {
      throw reader.missing("a known effect")
    }
    return Failure(effect: effect, reason: try reader.text("reason"), message: try reader.text("message"))
  }

  private static func resolution(_ reader: FieldReader) throws(StoreError) -> Resolution {
    switch try reader.text("resolution") {
    case "done": return .done(try reader.optionalText("remote").map { RemoteID($0) })
    case "absent": return .absent
    case "dismissed": return .dismissed(reason: try reader.text("reason"))
    default: throw reader.missing("a known resolution")
    }
  }
}
