import Diagnostics
import Values

/// A text with `${…}` in it, or a single `${…}` whose value keeps its kind. `$${` stands for a literal `${`.
///
/// Everything follows from `source`, so a plan stores that text alone.
package struct Template: Sendable {
  /// The text as authored.
  package let source: String
  /// What the template reads, each once, in source order.
  package let references: [Reference]
  /// What is wrong with it; evaluating such a template fails with the first.
  package let diagnostics: [Diagnostic]
  let parts: [Part]

  enum Part: Sendable {
    case text(String)
    case expression(Expression, offset: Int)
  }

  /// Reads a text whose place in a file is not known, such as one stored in a plan.
  package init(source: String) {
    self = Template.parse(source) { _ in nil }
  }

  /// Reads a text. `locate` tells where a byte of it stands; it is asked only when something is wrong.
  package static func parse(_ source: String, locate: (Int) -> SourcePosition?) -> Template {
    var source = source
    let scan = source.withUTF8 { bytes in
      var scanner = TemplateScanner(bytes: bytes)
      scanner.run()
      return scanner
    }
    let diagnostics = scan.problems.map { problem in
      Diagnostic.error(
        problem.code, problem.message, at: locate(problem.range.lowerBound),
        length: max(
          1,
          source.utf8.dropFirst(problem.range.lowerBound).prefix(problem.range.count).filter {
            $0 & 0xC0 != 0x80
          }.count),
        hint: problem.hint)
    }
    return Template(source: source, parts: scan.parts, diagnostics: diagnostics)
  }

  private init(source: String, parts: [Part], diagnostics: [Diagnostic]) {
    self.source = source
    self.parts = parts
    self.diagnostics = diagnostics
    var found: [Reference] = []
    for case .expression(let expression, _) in parts { expression.collectReferences(&found) }
    references = found.count < 2 ? found : found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// True when nothing is read from elsewhere, so that the value is known at once.
  package var isConstant: Bool { references.isEmpty }

  /// True for one reference with nothing around it, whose value keeps its kind.
  package var isSingleReference: Bool {
    if parts.count == 1, case .expression(.reference, _) = parts[0] { return true }
    return false
  }

  /// True where a text holds `${` and so has to be read as a template.
  package static func isTemplate(_ value: Value) -> Bool {
    value.kind == .string && value.withUTF8(holdsMark)
  }

  private static func holdsMark(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while index + 1 < bytes.count {
      if bytes[index] == UInt8(ascii: "$"), bytes[index + 1] == UInt8(ascii: "{") { return true }
      index += 1
    }
    return false
  }
}

/// Cuts a text into literal parts and expressions; goes on after a broken `${…}`.
struct TemplateScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  var parts: [Template.Part] = []
  var problems: [ExpressionProblem] = []
  private var literal: [UInt8] = []
  private var position = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

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
  }

  private mutating func embedded() {
    flush()
    let open = position
    var parser = Parser(bytes, at: position + 2)
    do throws(ExpressionProblem) {
      let (expression, end) = try parser.embedded(from: open)
      parts.append(.expression(expression, offset: open))
      position = end
    } catch {
      problems.append(error)
      position = closing(after: open + 2)
    }
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
