import Diagnostics
import Expressions
import TestSupport
import Testing
import Values

/// `Documentation/Expressions.md`: its examples hold, and it names every function.
@Suite("The document of expressions")
struct DocumentTests {
  private static let text: String = {
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return TextFile.read("/\(root)/Documentation/Expressions.md") ?? ""
  }()

  /// `expression` and `value` of each row of the tables of examples.
  private static var examples: [(expression: String, value: String)] {
    var found: [(expression: String, value: String)] = []
    var isInTable = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("|") else {
        isInTable = false
        continue
      }
      if line.hasPrefix("| Expression | Value |") { isInTable = true }
      let cells = cells(line)
      guard isInTable, cells.count > 2, let expression = code(cells[0]), let value = code(cells[1]) else { continue }
      found.append((expression, value))
    }
    return found
  }

  /// The cells of a row; `\|` is a bar within one.
  private static func cells(_ line: Substring) -> [String] {
    var cells = [""]
    var isEscaped = false
    for character in line.dropFirst() {
      if character == "|", !isEscaped {
        cells.append("")
        continue
      }
      if character == "|" { cells[cells.count - 1].removeLast() }
      isEscaped = character == "\\"
      cells[cells.count - 1].append(character)
    }
    return cells
  }

  private static func code(_ cell: String) -> String? {
    guard let start = cell.firstIndex(of: "`"), let end = cell.lastIndex(of: "`"), start < end else { return nil }
    return String(cell[cell.index(after: start)..<end])
  }

  @Test("every example gives its value")
  func examples() throws {
    let block = try #require(Self.text.split(separator: "```json\n").dropFirst().first)
    let document = try JSONReader.parse(Array(try #require(block.split(separator: "```").first).utf8))
    let types = Dictionary(uniqueKeysWithValues: document.keys.map { ($0, ExpressionType.dyn) })
    let environment = ExpressionEnvironment(variables: types)
    let values = Dictionary(uniqueKeysWithValues: document.entries.map { ($0.key, Operand.value($0.value)) })
    #expect(Self.examples.count > 100)
    for example in Self.examples {
      let (program, problems) = Program.compile("dyn(\(example.expression)) == (\(example.value))", in: environment)
      let outcome = program?.evaluate(Activation(values)).outcome
      guard case .value(.bool(true))? = outcome else {
        Issue.record("\(example): \(problems.map(\.message)) \(outcome.map { "\($0)" } ?? "")")
        continue
      }
    }
  }

  @Test("every function of every library is named")
  func functions() {
    let names = Set(FunctionLibrary.all.flatMap { $0.overloads.map(\.name) }).filter {
      $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." }
    }
    let missing = names.filter { !Self.text.contains("\($0)(") && !Self.text.contains("`\($0)`") }
      .filter { name in !name.hasPrefix("format.") || !Self.text.contains("`\(name.dropFirst(7))`") }
    #expect(missing.sorted() == [])
  }
}
