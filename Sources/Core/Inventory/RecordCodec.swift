import Resources
import Values

/// Records as JSON, the form every store keeps them in.
///
/// Whatever cannot be read is `corrupt` or `newerVersion`, never left out.
package enum RecordCodec {
  /// Version written into every record; readers refuse higher ones.
  package static let version: Int64 = 1

  /// One line of JSON. Sensitive values must have been replaced by keyed hashes before; one that was not is
  /// written as
  /// `(sensitive)`, never as it is.
  package static func encode(_ record: Recorded) -> [UInt8] {
    JSONWriter().bytes(Value.build { write(record, to: &$0) })
  }

  package static func write(_ record: Recorded, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.field("version", version)
    builder.field("address", record.address.text)
    builder.field("incarnation", Int64(record.incarnation))
    builder.field("type", record.type.text)
    builder.key("target")
    write(record.target, to: &builder)
    builder.field("remote", record.remote.text)
    builder.key("owned")
    builder.append(record.owned)
    if !record.dependencies.isEmpty { builder.field("dependencies", record.dependencies.map(\.text)) }
    if !record.lateDependencies.isEmpty { builder.field("lateDependencies", record.lateDependencies.map(\.text)) }
    builder.flag("protected", record.isProtected)
    if record.managementPolicy != .full { builder.field("managementPolicy", record.managementPolicy.rawValue) }
    builder.flag("superseded", record.isSuperseded)
    builder.flag("incomplete", !record.isComplete)
    builder.endMap()
  }

  package static func write(_ target: TargetIdentity, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.field("name", target.target.text)
    builder.field("provider", target.provider)
    builder.field("account", target.account)
    builder.field("region", target.region)
    if !target.endpoint.isEmpty { builder.field("endpoint", target.endpoint) }
    builder.endMap()
  }

  package static func decode(_ bytes: [UInt8]) throws(StoreError) -> Recorded {
    let value: Value
    do throws(JSONError) {
      value = try JSONReader.parse(bytes)
    } catch {
      throw StoreError(.corrupt, "a record is no JSON: \(error.description)")
    }
    var targets = TargetDecoder()
    return try decode(value, &targets)
  }

  package static func decode(_ value: Value, _ targets: inout TargetDecoder) throws(StoreError) -> Recorded {
    let reader = try FieldReader(value, "a record", version: version)
    guard let target = value["target"], let owned = value["owned"] else { throw reader.missing("target or owned") }
    let policy = value["managementPolicy"]?.string ?? Lifecycle.ManagementPolicy.full.rawValue
    guard let managementPolicy = Lifecycle.ManagementPolicy(rawValue: policy) else {
      throw reader.missing("a known managementPolicy")
    }
    guard let incarnation = Incarnation(exactly: try reader.int("incarnation")), incarnation > 0 else {
      throw reader.missing("a legal incarnation")
    }
    return Recorded(
      address: Address(try reader.text("address")), incarnation: incarnation, type: TypeName(try reader.text("type")),
      target: try targets.decode(target), remote: RemoteID(try reader.text("remote")), owned: owned,
      dependencies: try reader.texts("dependencies").map(Address.init),
      lateDependencies: try reader.texts("lateDependencies").map(Address.init),
      isProtected: try reader.flag("protected"),
      managementPolicy: managementPolicy, isSuperseded: try reader.flag("superseded"),
      isComplete: try !reader.flag("incomplete"))
  }
}

/// Reads target identities; equal ones in a row share their texts.
package struct TargetDecoder {
  private var last: (value: Value, identity: TargetIdentity)?

  package init() {}

  package mutating func decode(_ value: Value) throws(StoreError) -> TargetIdentity {
    if let last, last.value == value { return last.identity }
    let reader = try FieldReader(value, "a record's target", version: nil)
    let identity = TargetIdentity(
      target: TargetName(try reader.text("name")), provider: try reader.text("provider"),
      account: try reader.text("account"),
      region: try reader.text("region"), endpoint: value["endpoint"]?.string ?? "")
    last = (value, identity)
    return identity
  }
}

/// Typed reads of one JSON object, with what is wrong in words.
package struct FieldReader {
  package let value: Value
  package let subject: StaticString

  package init(_ value: Value, _ subject: StaticString, version known: Int64?) throws(StoreError) {
    self.value = value
    self.subject = subject
    guard value.kind == .map else { throw StoreError(.corrupt, "\(subject) is no object") }
    guard let known else { return }
    let version = try int("version")
    guard version >= 1 else { throw missing("a legal version") }
    guard version <= known else {
      throw StoreError(.newerVersion, "\(subject) has format \(version), this program knows \(known)")
    }
  }

  package func missing(_ what: String) -> StoreError { StoreError(.corrupt, "\(subject) lacks \(what)") }

  package func text(_ key: String) throws(StoreError) -> String {
    guard let text = value[key]?.string else { throw missing(key) }
    return text
  }

  package func int(_ key: String) throws(StoreError) -> Int64 {
    guard let number = value[key]?.int else { throw missing(key) }
    return number
  }

  package func flag(_ key: String) throws(StoreError) -> Bool {
    guard let field = value[key] else { return false }
    guard let flag = field.bool else { throw missing("a boolean \(key)") }
    return flag
  }

  package func texts(_ key: String) throws(StoreError) -> [String] {
    guard let list = value[key] else { return [] }
    guard list.kind == .list else { throw missing("a list of \(key)") }
    var texts: [String] = []
    texts.reserveCapacity(list.count)
    for element in list.elements {
      guard let text = element.string else { throw missing("texts in \(key)") }
      texts.append(text)
    }
    return texts
  }

  package func optionalText(_ key: String) throws(StoreError) -> String? {
    guard let field = value[key], !field.isNull else { return nil }
    guard let text = field.string else { throw missing("a text \(key)") }
    return text
  }

  package func number(_ key: String) throws(StoreError) -> UInt64 {
    guard let number = UInt64(exactly: try int(key)) else { throw missing("a positive \(key)") }
    return number
  }
}

extension TapeBuilder {
  package mutating func field(_ name: String, _ text: String) {
    key(name)
    string(text)
  }

  package mutating func field(_ name: String, _ number: Int64) {
    key(name)
    int(number)
  }

  package mutating func field(_ name: String, _ texts: [String]) {
    key(name)
    beginList()
    for text in texts { string(text) }
    endList()
  }

  /// Written only where it holds.
  package mutating func flag(_ name: String, _ holds: Bool) {
    guard holds else { return }
    key(name)
    bool(true)
  }
}
