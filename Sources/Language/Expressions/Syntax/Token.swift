/// One piece of an expression's text.
struct Token {
  enum Kind: Equatable {
    case identifier
    /// `` `a name with-anything` ``, only after a dot.
    case quotedIdentifier
    case int, uint, double, string, bytes
    case dot, comma, colon, question
    case openBracket, closeBracket, openParenthesis, closeParenthesis, openBrace, closeBrace
    case operation(Operation)
    case end
    /// A character that no expression has, or a string that does not end.
    case invalid
  }

  var kind: Kind
  var start: Int
  var end: Int
  var range: Range<Int> { start..<end }
}

/// The operators of CEL. `name` is that of its overloads.
enum Operation: String, Sendable, CaseIterable {
  case or = "||"
  case and = "&&"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case isIn = "in"
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
  case not = "!"

  /// How tightly it binds two operands; `!` takes one.
  var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn: 3
    case .add, .subtract: 4
    case .multiply, .divide, .remainder: 5
    case .not: 6
    }
  }

  /// The name of the function it stands for: `_+_`.
  var name: String {
    switch self {
    case .not: "!_"
    case .isIn: "@in"
    case .or, .and, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .add, .subtract, .multiply,
      .divide, .remainder:
      "_\(rawValue)_"
    }
  }

  /// The name of unary minus.
  static let negation = "-_"
}
