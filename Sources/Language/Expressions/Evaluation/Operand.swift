import Values

/// A value while an expression is evaluated. Converted to `Value` only at the edges (`Operand.value()`).
///
/// A document is never converted as a whole: `.value` is a node of its tape, read step by step. Its scalars become
/// native cases by `loaded`, which the evaluator does before it calls a function.
package enum Operand: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case list([Operand])
  case map(OperandMap)
  /// A type by its run-time name: `int`, `list`, `google.protobuf.Timestamp`.
  case type(String)
  case timestamp(Timestamp)
  case duration(nanoseconds: Int64)
  indirect case optional(Operand?)
  /// A value of a library's own type: an address, a quantity, a version.
  indirect case opaque(any OpaqueValue)
  /// A node of a document; scalars among them are converted by `loaded`.
  case value(Value)
  /// Not known yet.
  case unknown(Unknown)
  /// What went wrong on the way here; absorbed by `||`, `&&`, `all` and `exists` where the rest decides.
  case failed(Failure)
}

/// A value of a type that CEL itself does not have.
package protocol OpaqueValue: Sendable {
  /// The name that `type(x)` gives: `net.IP`.
  var typeName: String { get }
  /// The value as text, as `string(x)` gives it and as it leaves an expression.
  var text: String { get }
  /// `==`; the other value is of the same type name.
  func isEqual(to other: any OpaqueValue) -> Bool
}

/// What went wrong while evaluating, with its place in the expression's text.
package final class Failure: Sendable {
  package let error: EvaluationError
  package let code: FailureCode
  /// Bytes in the text that was compiled.
  package let range: Range<Int>

  init(_ error: EvaluationError, _ code: FailureCode, _ range: Range<Int>) {
    self.error = error
    self.code = code
    self.range = range
  }
}

/// What kind of failure it is, for the diagnostic's code.
package enum FailureCode: Hashable, Sendable {
  /// A field, key or item that is not there.
  case missingMember
  /// A function or operator that does not take what it was given.
  case operandType
  /// Overflow, division by zero, a conversion that does not fit: what the function itself reports.
  case function
  /// A limit of `EvaluationLimits`.
  case limit
  /// A name without a value.
  case unknownName
}

extension Operand {
  /// The run-time name of the type, which `type(x)` gives.
  package var typeName: String {
    switch self {
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .list: "list"
    case .map: "map"
    case .type: "type"
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    case .optional: "optional_type"
    case .opaque(let value): value.typeName
    case .value(let value):
      switch value.kind {
      case .list: "list"
      case .map: "map"
      case .null, .bool, .int, .double, .string, .unknown: loaded.typeName
      }
    case .unknown: "unknown"
    case .failed: "error"
    }
  }

  /// The type in the words of a message: `a string`, `null`.
  package var phrase: String {
    switch self {
    case .null: return "null"
    case .int, .uint, .opaque:
      let name = typeName
      return "\("aeiou".contains(name.prefix(1)) && name.first != "u" ? "an" : "a") `\(name)`"
    case .timestamp: return "a `timestamp`"
    case .duration: return "a `duration`"
    case .optional: return "an `optional`"
    case .value(let value) where value.kind != .list && value.kind != .map: return loaded.phrase
    case .bool, .double, .string, .bytes, .list, .map, .type, .value, .unknown, .failed:
      return "a `\(typeName)`"
    }
  }

  /// The same with a document's scalars as native cases; its lists and maps stay `.value`.
  package var loaded: Operand {
    guard case .value(let value) = self else { return self }
    return Operand(loading: value)
  }

  /// A node of a document.
  package init(loading value: Value) {
    switch value.kind {
    case .null: self = .null
    case .bool: self = .bool(value.bool == true)
    case .int: self = Self.integer(value)
    case .double: self = .double(value.double ?? .nan)
    case .string: self = .string(value.string ?? "")
    case .list, .map: self = .value(value)
    case .unknown: self = .unknown(Unknown(slot: value.unknown))
    }
  }

  /// Integers beyond 64 bits signed are unsigned ones, and beyond that doubles.
  private static func integer(_ value: Value) -> Operand {
    if let integer = value.int { return .int(integer) }
    let digits = Number.decimal(value.spelling)
    return UInt64(digits).map(Operand.uint) ?? .double(Double(digits) ?? .nan)
  }
}

// MARK: - Reading

extension Operand {
  package var isUnknown: Bool {
    if case .unknown = self { true } else { false }
  }

  package var isFailed: Bool {
    if case .failed = self { true } else { false }
  }

  /// The text of a string; nil for other kinds.
  package var text: String? {
    switch self {
    case .string(let text): text
    case .value(let value): value.string
    default: nil
    }
  }

  /// Items of a list or entries of a map, code points of a string, bytes; nil for other kinds.
  package var count: Int? {
    switch self {
    case .list(let items): items.count
    case .map(let map): map.count
    case .string(let text): text.unicodeScalars.count
    case .bytes(let bytes): bytes.count
    case .value(let value):
      switch value.kind {
      case .list, .map: value.count
      case .string: value.string?.unicodeScalars.count
      case .null, .bool, .int, .double, .unknown: nil
      }
    default: nil
    }
  }

  /// The items of a list, loaded; nil for other kinds.
  package var items: [Operand]? {
    switch self {
    case .list(let items): items
    case .value(let value) where value.kind == .list: value.elements.map { Operand(loading: $0) }
    default: nil
    }
  }

  /// The entries of a map in written order, loaded; nil for other kinds.
  package var entries: [(key: Operand, value: Operand)]? {
    switch self {
    case .map(let map): Array(zip(map.keys, map.values)).map { (key: $0.0, value: $0.1) }
    case .value(let value) where value.kind == .map:
      value.entries.map { (key: .string($0.key), value: Operand(loading: $0.value)) }
    default: nil
    }
  }

  /// The value of a map's key, loaded; nil where there is none or this is no map. Numbers are compared by value.
  package func member(_ key: Operand) -> Operand? {
    switch self {
    case .map(let map): return map[key]
    case .value(let value):
      guard let name = key.text else { return nil }
      return value[name].map { Operand(loading: $0) }
    default: return nil
    }
  }
}
