import Values

/// Which parts of a value carry a mark, as a tree of the same shape: `true` where all of it does, as Terraform writes
/// `after_unknown` and `after_sensitive`.
enum ValueMarks {
  enum Mark {
    case unknown, sensitive
    /// The slot's number in place of `true`: what an unknown is made from.
    case slot
  }

  static func append(_ value: Value, _ mark: Mark, to builder: inout TapeBuilder) {
    if holds(value, mark) { return leaf(value, mark, to: &builder) }
    if mark == .slot, value.isSensitive, value.holdsKnownSecret { return builder.bool(false) }
    switch value.kind {
    case .map:
      builder.beginMap()
      for entry in value.entries where contains(entry.value, mark) {
        builder.key(entry.key)
        append(entry.value, mark, to: &builder)
      }
      builder.endMap()
    case .list:
      builder.beginList()
      if contains(value, mark) { for element in value.elements { append(element, mark, to: &builder) } }
      builder.endList()
    case .null, .bool, .int, .double, .string, .unknown:
      builder.bool(false)
    }
  }

  static func contains(_ value: Value, _ mark: Mark) -> Bool {
    if mark == .slot, value.isSensitive, value.holdsKnownSecret { return false }
    return holds(value, mark) || value.elements.contains { contains($0, mark) }
      || value.entries.contains { contains($0.value, mark) }
  }

  private static func holds(_ value: Value, _ mark: Mark) -> Bool {
    switch mark {
    case .unknown, .slot: value.kind == .unknown
    case .sensitive: value.isSensitive
    }
  }

  private static func leaf(_ value: Value, _ mark: Mark, to builder: inout TapeBuilder) {
    switch mark {
    case .unknown, .sensitive: builder.bool(true)
    case .slot: builder.int(Int(value.unknown?.index ?? 0))
    }
  }

  /// Puts unknowns and secrecy back where the trees say so. A secret comes back as a sensitive null.
  static func restored(_ value: Value, slots: Value?, sensitive: Value?) -> Value {
    if slots == nil, sensitive == nil { return value }
    return Value.build { restore(value, slots, sensitive, to: &$0) }
  }

  /// Of a secret a file holds only what it is made from: where that is known of all of it, it can be made again.
  private static func restoreSecret(_ slots: Value?, to builder: inout TapeBuilder) {
    guard let slots else { return builder.null() }
    switch slots.kind {
    case .int: builder.unknown(Slot(index: UInt32(clamping: slots.int ?? 0)))
    case .map:
      builder.beginMap()
      for entry in slots.entries {
        builder.key(entry.key)
        restoreSecret(entry.value, to: &builder)
      }
      builder.endMap()
    case .list:
      builder.beginList()
      for item in slots.elements { restoreSecret(item, to: &builder) }
      builder.endList()
    case .null, .bool, .double, .string, .unknown: builder.null()
    }
  }

  private static func restore(
    _ value: Value, _ slots: Value?, _ sensitive: Value?, to builder: inout TapeBuilder
  ) {
    if sensitive?.bool == true {
      builder.beginSensitive()
      restoreSecret(slots, to: &builder)
      return builder.endSensitive()
    }
    if let slot = slots?.int, slots?.kind == .int {
      return builder.unknown(Slot(index: UInt32(clamping: slot)))
    }
    switch value.kind {
    case .map:
      builder.beginMap()
      for entry in value.entries {
        builder.key(entry.key)
        restore(entry.value, slots?[entry.key], sensitive?[entry.key], to: &builder)
      }
      builder.endMap()
    case .list:
      builder.beginList()
      for (position, element) in value.elements.enumerated() {
        restore(element, slots?[position], sensitive?[position], to: &builder)
      }
      builder.endList()
    case .null, .bool, .int, .double, .string, .unknown:
      builder.append(value)
    }
  }
}
