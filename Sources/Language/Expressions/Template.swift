import Diagnostics
import Values

/// A text with `${…}` in it, or a single `${…}` whose value keeps its kind. `$${` stands for a literal `${`.
///
/// Everything follows from `source` and the environment, so a plan stores that text alone.
package struct Template: Sendable {
  /// The text as authored.
  package let source: String
  /// What the template reads from other manifests, each once, in source order.
  package let references: [Reference]
  /// What is wrong with it; evaluating such a template fails with the first.
  package let diagnostics: [Diagnostic]
  let parts: [Part]
  /// Where each `${…}` stands, in bytes, with its braces; complete where nothing is wrong.
  package let expressionRanges: [Range<Int>]

  enum Part: Sendable {
    case text(String)
    case expression(Program, offset: Int)
  }

  /// What may stand in a template where nothing else is said: references and the standard library.
  package static let environment = ExpressionEnvironment(readsManifests: true)

  /// Reads a text whose place in a file is not known, such as one stored in a plan.
  package init(source: String, in environment: ExpressionEnvironment = Template.environment) {
    self = Template.parse(source, in: environment) { _ in nil }
  }

  /// Reads a text. `locate` tells where a byte of it stands; it is asked only when something is wrong.
  package static func parse(
    _ source: String, in environment: ExpressionEnvironment = Template.environment,
    locate: (Int) -> SourcePosition?
  ) -> Template {
    var text = source
    let scan = text.withUTF8 { bytes in
      var scanner = TemplateScanner(bytes: bytes, source: source, environment: environment)
      scanner.run()
      return scanner
    }
    let problems = scan.problems.sorted { $0.range.lowerBound < $1.range.lowerBound }
    let diagnostics = problems.map { $0.diagnostic(in: source, locate: locate) }
    return Template(source: source, parts: scan.parts, ranges: scan.ranges, diagnostics: diagnostics)
  }

  private init(source: String, parts: [Part], ranges: [Range<Int>], diagnostics: [Diagnostic]) {
    self.source = source
    expressionRanges = ranges
    self.parts = parts
    self.diagnostics = diagnostics
    var found: [Reference] = []
    for case .expression(let program, _) in parts { found += program.references }
    references = found.unique
  }

  /// True when nothing is read from other manifests, so that the value is known at once.
  package var isConstant: Bool { references.isEmpty }

  /// True for one reference with nothing around it, whose value keeps its kind.
  package var isSingleReference: Bool {
    if parts.count == 1, case .expression(let program, _) = parts[0] { return program.isSingleReference }
    return false
  }

  /// True for one expression with nothing around it.
  package var isExpression: Bool {
    if parts.count == 1, case .expression = parts[0] { true } else { false }
  }

  /// The type of the result, where there is one expression and nothing else; a text otherwise.
  package var type: ExpressionType {
    if parts.count == 1, case .expression(let program, _) = parts[0] { return program.type }
    return .string
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
