import Values

/// The estate's own key, with which sensitive values are hashed before they are kept.
package struct HashKey: Sendable, CustomStringConvertible {
  /// Shorter keys are refused.
  package static let minimumByteCount = 16

  fileprivate let bytes: [UInt8]

  /// nil where the key is too short.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= Self.minimumByteCount else { return nil }
    self.bytes = bytes
  }

  package var description: String { "(sensitive)" }
}

/// Keyed hashes that stand for sensitive values, so that they can be compared and never read.
///
/// A hash stands in a value as the map `{"plumb.dev/hash": "<HMAC-SHA-256, hexadecimal>"}`.
package enum SensitiveHash {
  package static let mapKey = "plumb.dev/hash"

  /// How a wanted sensitive value stands to what was recorded.
  package enum Comparison: Sendable, Equatable {
    case equal, different
    /// There is no key, or no hash was recorded.
    case notCompared
  }

  /// HMAC-SHA-256 of the canonical form, secrets included; hexadecimal.
  package static func hash(_ value: Value, key: HashKey) -> String {
    HMACSHA256.code(value.canonicalBytes(secrets: .revealed), key: key.bytes).hex
  }

  /// The recorded hash where `value` stands for a sensitive one.
  package static func recordedHash(_ value: Value) -> String? {
    guard value.kind == .map, value.count == 1 else { return nil }
    return value[mapKey]?.string
  }

  /// Compares a wanted value with the map that a record holds in its place.
  package static func compare(_ desired: Value, recorded: Value, key: HashKey?) -> Comparison {
    guard let key, let known = recordedHash(recorded) else { return .notCompared }
    return isEqualInConstantTime(Array(hash(desired, key: key).utf8), Array(known.utf8)) ? .equal : .different
  }

  /// The value with every outermost sensitive part replaced by its hash; without a key by an empty hash,
  /// which equals nothing.
  package static func sealed(_ value: Value, key: HashKey?) -> Value {
    guard hasSensitive(value) else { return value }
    return Value.build { seal(value, key, into: &$0) }
  }

  private static func hasSensitive(_ value: Value) -> Bool {
    if value.isSensitive { return true }
    switch value.kind {
    case .list: return value.elements.contains { hasSensitive($0) }
    case .map: return value.entries.contains { hasSensitive($0.value) }
    case .null, .bool, .int, .double, .string, .unknown: return false
    }
  }

  private static func seal(_ value: Value, _ key: HashKey?, into builder: inout TapeBuilder) {
    if value.isSensitive {
      builder.beginMap()
      builder.key(mapKey)
      builder.string(key.map { hash(value, key: $0) } ?? "")
      builder.endMap()
      return
    }
    switch value.kind {
    case .list:
      builder.beginList()
      for element in value.elements { seal(element, key, into: &builder) }
      builder.endList()
    case .map:
      builder.beginMap()
      for entry in value.entries {
        builder.key(entry.key)
        seal(entry.value, key, into: &builder)
      }
      builder.endMap()
    case .null, .bool, .int, .double, .string, .unknown: builder.append(value)
    }
  }
}
