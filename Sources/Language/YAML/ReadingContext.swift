import Diagnostics
import Values

/// What is shared by all parts of one stream: the problems so far and what the limits still allow.
struct ReadingContext {
  let file: String
  let limits: YAMLLimits
  private(set) var diagnostics: [Diagnostic] = []
  /// True once reading must stop: a limit is reached.
  private(set) var isExhausted = false
  var expandedNodes = 0
  private var before = (diagnostics: 0, expandedNodes: 0)

  init(file: String, limits: YAMLLimits) {
    self.file = file
    self.limits = limits
  }

  func position(line: Int, column: Int) -> SourcePosition {
    SourcePosition(file: file, line: line, column: column)
  }

  mutating func beginDocument() { before = (diagnostics.count, expandedNodes) }

  /// Takes back what the unfinished document reported: it will be read again on its own.
  mutating func forgetDocument() {
    diagnostics.removeLast(diagnostics.count - before.diagnostics)
    expandedNodes = before.expandedNodes
  }

  mutating func report(_ diagnostic: Diagnostic) {
    guard diagnostics.count < limits.diagnostics else {
      isExhausted = true
      return
    }
    diagnostics.append(diagnostic)
  }

  mutating func report(_ problem: SyntaxProblem, in bytes: UnsafeBufferPointer<UInt8>) {
    report(problem.diagnostic(file: file, bytes))
  }

  /// Reports that a limit is reached; nothing more is read.
  mutating func exhaust(_ message: String, line: Int, column: Int, hint: String? = nil) {
    guard !isExhausted else { return }
    report(.error(.yamlLimit, message, at: position(line: line, column: column), hint: hint))
    isExhausted = true
  }
}
