import Expressions
import Values

/// The suite's way to write values: a kind beside the value, so that JSON loses nothing of it.
enum TaggedValue {
  /// The value that a tagged one stands for.
  static func operand(_ tagged: Value) -> Operand {
    let value = tagged["v"] ?? .null
    let text = value.string ?? ""
    switch tagged["t"]?.string {
    case "bool": return .bool(value.bool == true)
    case "int": return .int(Int64(text) ?? 0)
    case "uint": return .uint(UInt64(text) ?? 0)
    case "double": return .double(double(text))
    case "string": return .string(text)
    case "bytes": return evaluated("base64.decode", text)
    case "list": return .list(value.elements.map(operand))
    case "map":
      let pairs = value.elements.map { (operand($0[0] ?? .null), operand($0[1] ?? .null)) }
      guard case .success(let map) = OperandMap.make(pairs.map(\.0), pairs.map(\.1)) else { return .null }
      return .map(map)
    case "type": return .type(text)
    case "optional": return .optional(value.isNull ? nil : operand(value))
    case "timestamp", "duration", "ip", "cidr", "quantity", "semver": return evaluated(tagged["t"]?.string ?? "", text)
    default: return .null
    }
  }

  private static func double(_ text: String) -> Double {
    switch text {
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: Double(text) ?? .nan
    }
  }

  private static let environment = ExpressionEnvironment(
    variables: ["text": .string])

  /// What a function of the language reads from a text.
  private static func evaluated(_ function: String, _ text: String) -> Operand {
    let program = Program.compile("\(function)(text)", in: environment).program
    guard case .value(let value)? = program?.evaluate(Activation(["text": .string(text)])).outcome else { return .null }
    return value
  }

  /// True where a value is what was wanted: of the same kind, maps in any order, not-a-number equal to itself.
  static func matches(_ value: Operand, _ tagged: Value) -> Bool { same(value, operand(tagged)) }

  private static func same(_ left: Operand, _ right: Operand) -> Bool {
    if let a = left.items, let b = right.items { return a.count == b.count && zip(a, b).allSatisfy { same($0, $1) } }
    if let a = left.entries, let b = right.entries {
      return a.count == b.count
        && a.allSatisfy { entry in
          b.contains { same(entry.key, $0.key) && same(entry.value, $0.value) }
        }
    }
    switch (left.loaded, right.loaded) {
    case (.double(let a), .double(let b)):
      return a.isNaN && b.isNaN || a == b && (a != 0 || a.sign == b.sign)
    case (.optional(let a), .optional(let b)):
      guard let a, let b else { return a == nil && b == nil }
      return same(a, b)
    case (let a, let b):
      guard a.typeName == b.typeName, case .same = Equality.of(a, b) else { return false }
      return true
    }
  }
}
