import Platform
import Resources
import Schemas
import Values

/// What a service adds to the fields it was given: defaults, and values of its own.
struct ObjectFields {
  let type: ResourceType
  let identity: TargetIdentity
  let remote: RemoteID
  let created: Instant

  /// The fields as reads return them: written, else the server's default, else made up; without secrets and
  /// without what only creates take. `previous` gives the service's own values of an object that exists.
  func complete(_ written: Value, previous: Value? = nil) -> Value {
    Value.build { builder in
      builder.beginMap()
      for field in type.schema.fields where field.marks.isDisjoint(with: [.writeOnly, .sensitive]) {
        guard let value = value(field, written[field.name], previous?[field.name]) else { continue }
        builder.key(field.name)
        Self.append(value, field.type, to: &builder)
      }
      builder.endMap()
    }
  }

  private func value(_ field: Field, _ written: Value?, _ previous: Value?) -> Value? {
    if field.marks.contains(.computed) { return previous ?? generated(field) }
    if let written, !written.isNull { return written }
    if let standard = field.serverDefault { return standard }
    // A made-up reference would name an object that does not exist.
    return field.marks.contains(.optionalComputed) && field.references == nil ? generated(field) : nil
  }

  /// Copies a value without its secrets; the defaults of objects' fields are filled in.
  private static func append(_ value: Value, _ type: FieldType, to builder: inout TapeBuilder) {
    guard case .object(let schema) = type, value.kind == .map else { return appendPlain(value, to: &builder) }
    builder.beginMap()
    for entry in value.entries where !entry.value.isNull {
      let field = schema[entry.key]
      if entry.value.isSensitive
        || field.map({ !$0.marks.isDisjoint(with: [.sensitive, .writeOnly]) }) ?? false
      {
        continue
      }
      builder.key(entry.key)
      append(entry.value, field?.type ?? .any, to: &builder)
    }
    for field in schema.fields where value[field.name].map(\.isNull) ?? true {
      guard let standard = field.serverDefault else { continue }
      builder.key(field.name)
      builder.append(standard)
    }
    builder.endMap()
  }

  private static func appendPlain(_ value: Value, to builder: inout TapeBuilder) {
    guard value.hasSecret else { return builder.append(value) }
    switch value.kind {
    case .map:
      builder.beginMap()
      for entry in value.entries where !entry.value.isSensitive {
        builder.key(entry.key)
        appendPlain(entry.value, to: &builder)
      }
      builder.endMap()
    case .list:
      builder.beginList()
      for element in value.elements where !element.isSensitive { appendPlain(element, to: &builder) }
      builder.endList()
    case .null, .bool, .int, .double, .string, .unknown: builder.null()
    }
  }
}

extension ObjectFields {
  /// A plausible value, the same whenever it is asked for.
  private func generated(_ field: Field) -> Value? {
    switch field.type {
    case .string: .string(text(field))
    case .int: 0
    case .double: 0.0
    case .bool: false
    case .list: .list([])
    case .map, .object: .map([])
    case .any: nil
    }
  }

  private func text(_ field: Field) -> String {
    if let first = field.allowed.first { return first }
    let name = field.name.lowercased()
    if name.hasSuffix("arn") { return arn }
    if name == "ownerid" || name.hasSuffix("accountid") || name == "owneraccount" { return identity.account }
    if name == "region" { return identity.region }
    if name == "availabilityzone" || name == "zone" { return identity.region + "a" }
    if name == "state" { return "available" }
    if name == "status" { return "ACTIVE" }
    if name.hasSuffix("createdat") || name.hasSuffix("time") || name.hasSuffix("timestamp")
      || name.hasSuffix("date")
    {
      return created.rfc3339()
    }
    return address(name) ?? "\(type.name.kind.lowercased())-\(hex(field.name))"
  }

  private func address(_ name: String) -> String? {
    let host = hash(name)
    // TEST-NET-2 of RFC 5737, and a private block: nobody is reached by mistake.
    if name.contains("privateip") { return "10.255.\(host >> 8 & 255).\(host & 255)" }
    if name.contains("ip") && !name.contains("description") && name.contains("public") {
      return "198.51.100.\(host & 255)"
    }
    if name.contains("dns") || name.contains("endpoint") { return "\(hex(name)).sandbox.invalid" }
    if name.hasSuffix("link") || name.hasSuffix("url") { return "https://sandbox.invalid/\(remote.text)" }
    return nil
  }

  private var arn: String {
    let account = type.identity.uniqueness == .global ? "" : identity.account
    let region = type.identity.uniqueness == .global || type.scope != .region ? "" : identity.region
    let path =
      type.identity.uniqueness == .global ? remote.text : "\(type.name.kind.lowercased())/\(remote.text)"
    return "arn:\(identity.provider):sandbox:\(region):\(account):\(path)"
  }

  private func hash(_ name: String) -> UInt64 {
    var hash = StableHash()
    hash.add(type.name.text)
    hash.add(remote.text)
    hash.add(name)
    return hash.value
  }

  private func hex(_ name: String) -> String {
    let digits = String(hash(name), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension Value {
  /// True where this value or anything below it is secret.
  var hasSecret: Bool {
    if isSensitive { return true }
    switch kind {
    case .list: return elements.contains(where: \.hasSecret)
    case .map: return entries.contains { $0.value.hasSecret }
    case .null, .bool, .int, .double, .string, .unknown: return false
    }
  }
}
