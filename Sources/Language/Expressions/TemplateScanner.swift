import Diagnostics

/// Cuts a text into literal parts and expressions; goes on after a broken `${…}`.
struct TemplateScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  let source: String
  let environment: ExpressionEnvironment
  var parts: [Template.Part] = []
  /// Where each expression stands, with its braces.
  var ranges: [Range<Int>] = []
  var problems: [ExpressionProblem] = []
  private var literal: [UInt8] = []
  private var position = 0

  init(bytes: UnsafeBufferPointer<UInt8>, source: String, environment: ExpressionEnvironment) {
    self.bytes = bytes
    self.source = source
    self.environment = environment
  }

  mutating func run() {
    guard bytes.count <= ExpressionLimits.sourceBytes else {
      problems.append(limit("the text is longer than \(ExpressionLimits.sourceBytes) bytes"))
      return
    }
    while position < bytes.count {
      if bytes[position] != UInt8(ascii: "$") {
        literal.append(bytes[position])
        position += 1
      } else if starts("$${") {
        literal.append(contentsOf: "${".utf8)
        position += 3
      } else if starts("${") {
        guard parts.count < 2 * ExpressionLimits.parts else {
          problems.append(limit("the text has more than \(ExpressionLimits.parts) expressions"))
          return
        }
        embedded()
      } else {
        literal.append(bytes[position])
        position += 1
      }
    }
    flush()
    checkTexts()
  }

  /// What is certainly no text cannot stand beside text.
  private mutating func checkTexts() {
    guard parts.count > 1, !environment.isLenient else { return }
    for case .expression(let program, let offset) in parts where program.type.isCollection {
      problems.append(.collection(program.type.phrase, offset))
    }
  }

  private mutating func embedded() {
    flush()
    let open = position
    var parser = Parser(bytes, at: position + 2, in: environment)
    let end = parser.embedded(from: open)
    position = parser.problems.isEmpty ? end : closing(after: open + 2)
    ranges.append(open..<position)
    let (program, found) = Program.make(parser, source, in: environment, expecting: nil)
    problems += found
    if let program { parts.append(.expression(program, offset: open)) }
  }

  /// The offset after the `}` that ends a broken expression, as far as its quotes and braces can be trusted.
  private func closing(after start: Int) -> Int {
    var lexer = Lexer(bytes: bytes, position: start)
    var depth = 0
    while true {
      let token = lexer.next()
      if token.kind == .end || token.kind == .invalid { break }
      if token.kind == .openBrace { depth += 1 }
      guard token.kind == .closeBrace else { continue }
      if depth == 0 { return token.end }
      depth -= 1
    }
    let brace = bytes[start...].firstIndex(of: UInt8(ascii: "}"))
    return brace.map { $0 + 1 } ?? bytes.count
  }

  private mutating func flush() {
    guard !literal.isEmpty else { return }
    parts.append(.text(String(decoding: literal, as: UTF8.self)))
    literal.removeAll(keepingCapacity: true)
  }

  private func starts(_ mark: StaticString) -> Bool {
    guard position + mark.utf8CodeUnitCount <= bytes.count else { return false }
    return mark.withUTF8Buffer { wanted in
      bytes[position..<position + wanted.count].elementsEqual(wanted)
    }
  }

  private func limit(_ message: String) -> ExpressionProblem {
    ExpressionProblem(.expressionLimit, message, 0..<1)
  }
}

extension ExpressionType {
  /// Has no text of its own.
  fileprivate var isCollection: Bool {
    switch self {
    case .list, .map, .object, .null, .type, .optional, .bytes: true
    case .dyn, .bool, .int, .uint, .double, .string, .timestamp, .duration, .nullable, .opaque, .parameter, .variable,
      .error:
      false
    }
  }
}
