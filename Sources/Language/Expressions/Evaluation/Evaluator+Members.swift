import Diagnostics
import Values

extension Evaluator {
  /// What a lookup finds.
  enum Found {
    case operand(Operand)
    case absent
    /// The base has nothing below it, or the key is of the wrong kind.
    case wrong(String)
  }

  mutating func select(_ base: Operand, _ step: Instruction) -> Operand {
    // The common case first: a field of a document's map.
    if case .value(let value) = base, let found = value[code.names[Int(step.b)]] { return read(found) }
    switch base {
    case .unknown(let unknown): return .unknown(unknown.derived())
    case .failed: return base
    case .optional(let inner): return optional(inner, step)
    default: break
    }
    let name = code.names[Int(step.b)]
    switch field(name, of: base) {
    case .operand(let operand): return operand
    case .absent: return missing(name, in: base, step)
    case .wrong(let message): return failed(.operandType, message, step)
    }
  }

  /// A field through an optional, which stays one.
  private mutating func optional(_ inner: Operand?, _ step: Instruction) -> Operand {
    guard let inner else { return .optional(nil) }
    return selectOptional(inner, step)
  }

  mutating func selectOptional(_ base: Operand, _ step: Instruction) -> Operand {
    switch base {
    case .unknown(let unknown): return .unknown(unknown.derived())
    case .failed: return base
    case .optional(let inner): return optional(inner, step)
    default: break
    }
    switch field(code.names[Int(step.b)], of: base) {
    case .operand(.unknown(let unknown)): return .unknown(unknown.derived())
    case .operand(let operand): return .optional(operand)
    case .absent: return .optional(nil)
    case .wrong(let message): return failed(.operandType, message, step)
    }
  }

  mutating func test(_ base: Operand, _ step: Instruction) -> Operand {
    switch base {
    case .unknown(let unknown): return .unknown(unknown.derived(Knowledge(type: .bool)))
    case .failed: return base
    case .optional(let inner): return inner.map { test($0, step) } ?? .bool(false)
    default: break
    }
    // Whether there is a secret is none.
    let wasSensitive = isSensitive
    defer { isSensitive = wasSensitive }
    switch field(code.names[Int(step.b)], of: base) {
    case .operand: return .bool(true)
    case .absent: return .bool(false)
    case .wrong(let message): return failed(.operandType, message, step)
    }
  }

  private mutating func field(_ name: String, of base: Operand) -> Found {
    switch base {
    case .value(let value) where value.kind == .map:
      return value[name].map { .operand(read($0)) } ?? .absent
    case .map(let map):
      return map[.string(name)].map { .operand($0) } ?? .absent
    default: return .wrong("\(base.phrase) has no fields")
    }
  }

  func missing(_ key: String, in base: Operand, _ step: Instruction) -> Operand {
    let keys: [String] = base.entries?.prefix(256).compactMap { $0.key.text } ?? []
    return failed(
      .missingMember, "\(base.phrase) has no `\(key)`", step, hint: Suggestion.hint(for: key, among: keys.sorted()))
  }

  // MARK: Indices

  mutating func item(_ base: Operand, _ index: Operand, _ step: Instruction) -> Operand {
    if let early = Self.strict(base, index) { return early }
    if case .optional(let inner) = base {
      guard let inner else { return base }
      return optionalItem(inner, index, step)
    }
    switch item(index.loaded, of: base) {
    case .operand(let operand): return operand
    case .absent: return absent(index.loaded, in: base, step)
    case .wrong(let message): return failed(.operandType, message, step)
    }
  }

  mutating func optionalItem(_ base: Operand, _ index: Operand, _ step: Instruction) -> Operand {
    if let early = Self.strict(base, index) { return early }
    if case .optional(let inner) = base {
      guard let inner else { return base }
      return optionalItem(inner, index, step)
    }
    switch item(index.loaded, of: base) {
    case .operand(.unknown(let unknown)): return .unknown(unknown.derived())
    case .operand(let operand): return .optional(operand)
    case .absent: return .optional(nil)
    case .wrong(let message): return failed(.operandType, message, step)
    }
  }

  private func absent(_ index: Operand, in base: Operand, _ step: Instruction) -> Operand {
    if base.isList {
      let count = base.count ?? 0
      return failed(
        .missingMember, "the list has \(count) item\(count == 1 ? "" : "s"), and no `\(index.spelling)`", step,
        hint: count > 0 ? "the last is `[\(count - 1)]`" : nil)
    }
    return missing(index.spelling, in: base, step)
  }

  private mutating func item(_ index: Operand, of base: Operand) -> Found {
    switch base {
    case .list(let items):
      guard let position = index.position else { return .wrong("a list has no item \(index.phrase)") }
      return items.indices.contains(position) ? .operand(items[position]) : .absent
    case .map(let map):
      if index.isKeyLike { return map[index].map { .operand($0) } ?? .absent }
      return .wrong("a map has no key that is \(index.phrase)")
    case .value(let value):
      if value.kind == .list {
        guard let position = index.position else { return .wrong("a list has no item \(index.phrase)") }
        return value[position].map { .operand(read($0)) } ?? .absent
      }
      guard value.kind == .map else { return .wrong("\(base.phrase) has no items") }
      if case .string(let key) = index { return value[key].map { .operand(read($0)) } ?? .absent }
      return index.isKeyLike ? .absent : .wrong("a map has no key that is \(index.phrase)")
    default: return .wrong("\(base.phrase) has no items")
    }
  }

  /// What strict functions give for operands that fail or are unknown: a failure first, since it stays one.
  static func strict(_ left: Operand, _ right: Operand) -> Operand? {
    if left.isFailed { return left }
    if right.isFailed { return right }
    guard case .unknown(let unknown) = left else {
      if case .unknown(let unknown) = right { return .unknown(unknown.derived()) }
      return nil
    }
    if case .unknown(let other) = right { return .unknown(unknown.merging(other).derived()) }
    return .unknown(unknown.derived())
  }
}

extension Operand {
  var isList: Bool {
    switch self {
    case .list: true
    case .value(let value): value.kind == .list
    default: false
    }
  }

  /// A whole number as the position in a list.
  var position: Int? {
    switch self {
    case .int(let value): Int(exactly: value)
    case .uint(let value): Int(exactly: value)
    case .double(let value): Int(exactly: value)
    default: nil
    }
  }

  /// Could be looked for in a map.
  fileprivate var isKeyLike: Bool {
    switch self {
    case .bool, .int, .uint, .double, .string: true
    default: false
    }
  }

  /// A key or index in messages.
  var spelling: String {
    switch self {
    case .string(let text): text
    case .bool(let value): value ? "true" : "false"
    case .int(let value): "\(value)"
    case .uint(let value): "\(value)"
    case .double(let value): "\(value)"
    default: typeName
    }
  }
}
