import Diagnostics
import Manifests

/// What became of one `PolicyTest` document.
package struct PolicyTestReport: Sendable {
  package var file: String
  package var results: [Result] = []
  /// Why tests could not be run.
  package var diagnostics: [Diagnostic] = []
  package var sources = SourceTexts()

  package struct Result: Sendable {
    package var name: String
    package var origin: SourcePosition?
    package var failures: [Failure] = []
    package var isPassed: Bool { failures.isEmpty }
  }

  package struct Failure: Sendable {
    package var rule: String
    package var expected: PolicyTestCase.Answer
    package var actual: PolicyTestCase.Answer
    /// What the rule said.
    package var message: String?
    package var origin: SourcePosition?
  }

  package init(file: String, sources: SourceTexts = SourceTexts()) {
    self.file = file
    self.sources = sources
  }

  package var passed: Int { results.count { $0.isPassed } }
  package var failed: Int { results.count { !$0.isPassed } }
  /// Every test could be run, and passed.
  package var isPassed: Bool { failed == 0 && !diagnostics.hasErrors }
}
