import Diagnostics
import Values

/// Reads one expression by recursive descent. A problem is noted and reading goes on behind it, so that several are
/// found at once.
struct Parser {
  let bytes: UnsafeBufferPointer<UInt8>
  let environment: ExpressionEnvironment
  var lexer: Lexer
  var token: Token
  /// Where the token before the present one ended.
  var previousEnd: Int
  var tree = SyntaxTree()
  /// The height of each node's subtree.
  var heights: [Int] = []
  var problems: [ExpressionProblem] = []
  /// What the expression reads from other manifests, in source order, with repetitions.
  var references: [Reference] = []
  /// The variables of the macros around the present place, innermost last.
  var locals: [String] = []
  var depth = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int, in environment: ExpressionEnvironment) {
    self.bytes = bytes
    self.environment = environment
    lexer = Lexer(bytes: bytes, position: offset)
    previousEnd = offset
    token = Token(kind: .end, start: offset, end: offset)
    token = lexer.next()
  }

  /// Reads the whole text.
  mutating func whole() {
    guard bytes.count <= ExpressionLimits.sourceBytes else {
      let message = "the expression is longer than \(ExpressionLimits.sourceBytes) bytes"
      return report(.expressionLimit, message, 0..<1)
    }
    guard token.kind != .end else {
      return report(.expressionSyntax, "there is no expression", token.range)
    }
    tree.root = expression()
    if token.kind != .end { unexpected("the end of the expression") }
  }

  /// Reads `expression }` after the `${` at `open`; returns the offset after the brace.
  mutating func embedded(from open: Int) -> Int {
    if token.kind == .closeBrace {
      report(
        .expressionSyntax, "`${}` holds no expression", open..<token.end, hint: "write `$${` for a literal `${`")
      return token.end
    }
    tree.root = expression()
    if token.kind != .closeBrace { unexpectedAfterExpression(from: open) }
    return token.end
  }

  // MARK: Tokens

  mutating func advance() {
    previousEnd = token.end
    token = lexer.next()
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Consumes a token of this kind, or says what is missing.
  mutating func expect(_ kind: Token.Kind, _ what: String) {
    if token.kind == kind { advance() } else { unexpected(what) }
  }

  /// Goes on to the next `,` or closing bracket that belongs to the construct being read.
  mutating func skipToDelimiter() {
    var open = 0
    while true {
      switch token.kind {
      case .end: return
      case .openBracket, .openParenthesis, .openBrace: open += 1
      case .closeBracket, .closeParenthesis, .closeBrace:
        if open == 0 { return }
        open -= 1
      case .comma where open == 0: return
      case .invalid where isQuote(token): return
      case .identifier, .quotedIdentifier, .int, .uint, .double, .string, .bytes, .dot, .comma, .colon, .question,
        .operation, .invalid:
        break
      }
      advance()
    }
  }

  func isQuote(_ token: Token) -> Bool {
    guard token.kind == .invalid, token.end > token.start else { return false }
    return bytes[token.start..<token.end].contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
  }

  // MARK: Nodes

  /// Adds a node above others; what is nested too high is reported once and cut off.
  mutating func add(_ kind: SyntaxNode.Kind, _ range: Range<Int>, mark: Range<Int>? = nil, above children: [Int] = [])
    -> Int
  {
    var height = 1
    for child in children { height = max(height, heights[child] + 1) }
    let isTooHigh = height > ExpressionLimits.height
    if isTooHigh {
      let message = "the expression has more than \(ExpressionLimits.height) steps one inside the other"
      report(.expressionLimit, message, mark ?? range)
    }
    tree.nodes.append(SyntaxNode(kind: isTooHigh ? .broken : kind, range: range, mark: mark ?? range))
    heights.append(isTooHigh ? 1 : height)
    return tree.nodes.count - 1
  }

  mutating func broken(_ range: Range<Int>) -> Int { add(.broken, range) }

  mutating func report(_ code: DiagnosticCode, _ message: String, _ range: Range<Int>, hint: String? = nil) {
    guard problems.count < ExpressionLimits.problems else { return }
    guard !problems.contains(where: { $0.range.lowerBound == range.lowerBound }) else { return }
    problems.append(ExpressionProblem(code, message, range, hint: hint))
  }
}
