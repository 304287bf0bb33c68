import Values

/// Whether two values are equal, as far as it is known. Values of different types differ, but numbers compare by value.
/// https://github.com/google/cel-spec/blob/master/doc/langdef.md#equality
package enum Equality {
  case same
  case different
  case undecided(Unknown)

  package static func of(_ left: Operand, _ right: Operand) -> Equality {
    if let quick = texts(left, right) { return quick }
    let a = left.loaded, b = right.loaded
    switch (a, b) {
    case (.unknown(let first), .unknown(let second)):
      return .undecided(first.merging(second, knowledge: Knowledge(type: .bool)))
    case (.unknown(let unknown), let other), (let other, .unknown(let unknown)): return partly(unknown, other)
    case (.null, .null): return .same
    case (.bool(let a), .bool(let b)): return a == b ? .same : .different
    case (.string(let a), .string(let b)): return Text.areEqual(a, b) ? .same : .different
    case (.bytes(let a), .bytes(let b)): return a == b ? .same : .different
    case (.type(let a), .type(let b)): return a == b ? .same : .different
    case (.timestamp(let a), .timestamp(let b)): return a == b ? .same : .different
    case (.duration(let a), .duration(let b)): return a == b ? .same : .different
    case (.optional(let a), .optional(let b)): return optionals(a, b)
    case (.opaque(let a), .opaque(let b)):
      return a.typeName == b.typeName && a.isEqual(to: b) ? .same : .different
    case (.int, _), (.uint, _), (.double, _):
      return Ordering.numbers(a, b) == .equal ? .same : .different
    case (.list, _), (.map, _), (.value, _): return containers(a, b)
    default: return .different
    }
  }

  /// Texts of documents are compared where they lie.
  private static func texts(_ left: Operand, _ right: Operand) -> Equality? {
    switch (left, right) {
    case (.value(let value), .string(let text)), (.string(let text), .value(let value)):
      guard value.kind == .string else { return value.kind == .unknown ? nil : .different }
      var text = text
      return value.withUTF8 { a in text.withUTF8 { b in a.elementsEqual(b) } } ? .same : .different
    default: return nil
    }
  }

  private static func optionals(_ left: Operand?, _ right: Operand?) -> Equality {
    switch (left, right) {
    case (nil, nil): .same
    case (let a?, let b?): of(a, b)
    case (nil, .some), (.some, nil): .different
    }
  }

  private static func containers(_ left: Operand, _ right: Operand) -> Equality {
    if left.isList, right.isList {
      guard let a = left.items, let b = right.items, a.count == b.count else { return .different }
      return all(zip(a, b).lazy.map { of($0, $1) })
    }
    guard !left.isList, !right.isList, let entries = left.entries, let count = right.count, right.text == nil,
      right.entries != nil, entries.count == count
    else { return .different }
    return all(entries.lazy.map { entry in right.member(entry.key).map { of(entry.value, $0) } ?? .different })
  }

  /// One difference decides, then what is undecided.
  private static func all(_ parts: some Sequence<Equality>) -> Equality {
    var undecided: Unknown?
    for part in parts {
      switch part {
      case .same: break
      case .different: return .different
      case .undecided(let unknown):
        undecided = undecided?.merging(unknown, knowledge: Knowledge(type: .bool)) ?? unknown
      }
    }
    return undecided.map { .undecided($0) } ?? .same
  }

  /// What is known of an unknown may rule a value out.
  private static func partly(_ unknown: Unknown, _ other: Operand) -> Equality {
    let open = Equality.undecided(
      unknown.mayFail
        ? unknown.derived(Knowledge(type: .bool))
        : Unknown(references: unknown.references, slots: unknown.slots, knowledge: Knowledge(type: .bool)))
    guard !unknown.mayFail else { return open }
    let known = unknown.knowledge
    if case .null = other { return known.isNotNull || known.typeName ?? "null_type" != "null_type" ? .different : open }
    if let name = known.typeName, !areComparable(name, other.typeName) { return .different }
    if let text = other.text, !known.prefix.isEmpty {
      return Text.starts(text, with: known.prefix) ? open : .different
    }
    if let count = known.count, let actual = other.count, other.text == nil, count != actual { return .different }
    return open
  }

  private static func areComparable(_ left: String, _ right: String) -> Bool {
    let numbers = ["int", "uint", "double"]
    return left == right || numbers.contains(left) && numbers.contains(right)
  }
}

/// The order of two values of one type, numbers of any kind.
package enum Ordering {
  case less, equal, greater
  /// One of them is not a number.
  case none

  /// Nil where the types have no order between them.
  package static func of(_ left: Operand, _ right: Operand) -> Ordering? {
    switch (left, right) {
    case (.bool(let a), .bool(let b)): order(a ? 1 : 0, b ? 1 : 0)
    case (.string(let a), .string(let b)):
      Text.areEqual(a, b) ? .equal : Text.isLess(a, b) ? .less : .greater
    case (.bytes(let a), .bytes(let b)): a == b ? .equal : a.lexicographicallyPrecedes(b) ? .less : .greater
    case (.timestamp(let a), .timestamp(let b)): order(a, b)
    case (.duration(let a), .duration(let b)): order(a, b)
    default: numbers(left, right)
    }
  }

  /// Nil where one of them is no number. As in other implementations, a double is compared with an integer as doubles,
  /// within the integer's range.
  static func numbers(_ left: Operand, _ right: Operand) -> Ordering? {
    switch (left, right) {
    case (.int(let a), .int(let b)): order(a, b)
    case (.uint(let a), .uint(let b)): order(a, b)
    case (.double(let a), .double(let b)): order(a, b)
    case (.int(let a), .uint(let b)): a < 0 ? .less : order(UInt64(a), b)
    case (.uint, .int): numbers(right, left)?.reversed
    case (.int(let a), .double(let b)):
      b < -0x1p63 ? .greater : b > 0x1p63 ? .less : order(Double(a), b)
    case (.uint(let a), .double(let b)): b < 0 ? .greater : b > 0x1p64 ? .less : order(Double(a), b)
    case (.double, .int), (.double, .uint): numbers(right, left)?.reversed
    default: nil
    }
  }

  private static func order<T: Comparable>(_ left: T, _ right: T) -> Ordering {
    left < right ? .less : left == right ? .equal : left > right ? .greater : .none
  }

  private var reversed: Ordering {
    switch self {
    case .less: .greater
    case .greater: .less
    case .equal, .none: self
    }
  }
}
