import Diagnostics

extension Value {
  /// True where this value or anything below it is not known yet.
  @inlinable package var containsUnknown: Bool {
    if node.kind == .unknown { return true }
    var position = Int(index) + 1
    let end = Int(node.end)
    while position < end {
      if tape.nodes[position].kind == .unknown { return true }
      position += 1
    }
    return false
  }

  /// True where this value or anything below it is secret.
  @inlinable package var containsSensitive: Bool {
    for position in Int(index)..<Int(node.end) where tape.nodes[position].flags.contains(.sensitive) { return true }
    return false
  }

  /// The slots of all unknowns at and below this value, in order.
  package var unknownSlots: [Slot] {
    guard containsUnknown else { return [] }
    return (Int(index)..<Int(node.end)).compactMap {
      tape.nodes[$0].kind == .unknown ? Slot(index: tape.nodes[$0].a) : nil
    }
  }

  /// A copy in which each unknown for which `known` has a value is that value; positions stay those of the
  /// unknown, and what was sensitive stays so.
  package func substituting(_ known: (Slot) -> Value?) -> Value {
    guard containsUnknown else { return self }
    return Value.build { builder in substitute(into: &builder, known) }
  }

  private func substitute(into builder: inout TapeBuilder, _ known: (Slot) -> Value?) {
    guard containsUnknown else { return builder.append(self) }
    if isSensitive { builder.beginSensitive() }
    defer { if isSensitive { builder.endSensitive() } }
    builder.setPosition(origin)
    switch kind {
    case .unknown:
      if let slot = unknown, let value = known(slot) {
        builder.append(value.replacingOrigin(origin))
      } else {
        builder.append(self)
      }
    case .list:
      builder.beginList()
      for element in elements { element.substitute(into: &builder, known) }
      builder.endList()
    case .map:
      builder.beginMap()
      for entry in entries {
        builder.key(entry.key)
        entry.value.substitute(into: &builder, known)
      }
      builder.endMap()
    case .null, .bool, .int, .double, .string: builder.append(self)
    }
  }

  private func replacingOrigin(_ origin: SourcePosition?) -> Value {
    guard let origin, kind != .list, kind != .map, !isSensitive else { return self }
    return Value.build { builder in
      builder.setPosition(origin)
      switch kind {
      case .null: builder.null()
      case .bool: builder.bool(bool == true)
      case .int: withUTF8 { builder.int(spelling: $0) }
      case .double: withUTF8 { builder.double(spelling: $0) }
      case .string: withUTF8 { builder.string(utf8: $0) }
      case .unknown, .list, .map: builder.append(self)
      }
    }
  }
}
