/// What a function of an expression says when it cannot answer: one sentence in lower case, names in backticks.
package struct EvaluationError: Error, Hashable, Sendable {
  package var message: String
  package var hint: String?

  package init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}

/// One way to call a function: its parameters, its result and what it does.
///
///     FunctionLibrary(name: "text", overloads: [
///       .method("reverse", [.string], .string, .unary { text in .string(reversed(text)) }),
///       .function("math.least", [.int, .int], .int, .binary { a, b in … }),
///     ])
///
/// The evaluator sees to everything else before it calls the implementation: the arguments are of the declared
/// types (`dyn` admits all, a type parameter too), none of them is a failure, and none is or contains an unknown.
/// Scalars are always native cases (`.string`, `.int`, …), never `.value`; lists and maps may be either, so
/// they are read through `items`, `entries`, `count` and `member(_:)`. Implementations are pure.
package struct Overload: Sendable {
  /// What the function does with its arguments; the receiver is the first of them.
  package enum Implementation: Sendable {
    case unary(@Sendable (Operand) throws(EvaluationError) -> Operand)
    case binary(@Sendable (Operand, Operand) throws(EvaluationError) -> Operand)
    /// Any number of arguments.
    case many(@Sendable ([Operand]) throws(EvaluationError) -> Operand)
    /// Built into the evaluator, which treats it by name.
    case intrinsic
  }

  /// Units of work, charged against `EvaluationLimits.cost` before the call.
  package enum Cost: Hashable, Sendable {
    case fixed(Int)
    /// One unit, and one more for every ten bytes or items in all arguments together.
    case linear
    /// As `linear`, with the sizes of the first two arguments multiplied: `contains`, `matches`, sets.
    case product
  }

  /// The function's name with its namespace: `startsWith`, `math.greatest`, `_+_`.
  package let name: String
  /// True for `x.f(y)`, false for `f(x, y)`.
  package let isMethod: Bool
  /// The receiver's type first, where there is one.
  package let parameters: [ExpressionType]
  /// The last parameter may be repeated any number of times, or left out.
  package let isVariadic: Bool
  package let result: ExpressionType
  package let cost: Cost
  package let implementation: Implementation
  /// Type parameters stand in it.
  let isGeneric: Bool
  /// The place of an argument that is a regular expression: the check reads it where it is written out.
  private(set) var patternPlace: Int?

  package init(
    _ name: String, isMethod: Bool, _ parameters: [ExpressionType], isVariadic: Bool = false,
    _ result: ExpressionType, cost: Cost = .fixed(1), _ implementation: Implementation
  ) {
    self.name = name
    self.isMethod = isMethod
    self.parameters = parameters
    self.isVariadic = isVariadic
    self.result = result
    self.cost = cost
    self.implementation = implementation
    isGeneric = (parameters + [result]).contains { $0.isGeneric }
    patternPlace = nil
  }

  /// `receiver.name(…)`; the receiver's type is the first parameter.
  package static func method(
    _ name: String, _ parameters: [ExpressionType], isVariadic: Bool = false, _ result: ExpressionType,
    cost: Cost = .fixed(1), _ implementation: Implementation
  ) -> Overload {
    Overload(name, isMethod: true, parameters, isVariadic: isVariadic, result, cost: cost, implementation)
  }

  /// `name(…)`, also within a namespace: `math.greatest(…)`.
  package static func function(
    _ name: String, _ parameters: [ExpressionType], isVariadic: Bool = false, _ result: ExpressionType,
    cost: Cost = .fixed(1), _ implementation: Implementation
  ) -> Overload {
    Overload(name, isMethod: false, parameters, isVariadic: isVariadic, result, cost: cost, implementation)
  }
}

extension Overload {
  /// The same, with an argument that is a regular expression.
  package func takingPattern(at place: Int) -> Overload {
    var copy = self
    copy.patternPlace = place
    return copy
  }

  /// Whether this many arguments (with the receiver) can be passed.
  func admits(count: Int) -> Bool {
    isVariadic ? count >= parameters.count - 1 : count == parameters.count
  }

  func parameter(_ index: Int) -> ExpressionType { parameters[min(index, parameters.count - 1)] }

  /// `int.f(string) -> bool`, for messages.
  package var signature: String {
    let types = parameters.map(\.description)
    if isMethod, let receiver = types.first {
      return "\(receiver).\(name)(\(types.dropFirst().joined(separator: ", ")))"
    }
    return "\(name)(\(types.joined(separator: ", "))\(isVariadic ? ", …" : ""))"
  }
}

/// Functions and types that belong together. Adding one is one new file and its place in the environment's list.
package struct FunctionLibrary: Sendable {
  package let name: String
  package let overloads: [Overload]
  /// Names that stand for types: `net.IP`.
  package let types: [String: ExpressionType]
  /// Named constants: `math.PI`.
  package let constants: [String: Operand]

  package init(
    name: String, overloads: [Overload], types: [String: ExpressionType] = [:],
    constants: [String: Operand] = [:]
  ) {
    self.name = name
    self.overloads = overloads
    self.types = types
    self.constants = constants
  }
}
