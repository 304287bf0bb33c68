import Diagnostics
import Policies

/// What became of tests of policies.
package enum PolicyTestText {
  package static func write(_ reports: [PolicyTestReport], _ palette: Palette, to sink: TextSink) {
    for report in reports where !report.results.isEmpty {
      sink.line(palette(TerminalText.escaped(report.file), .bold))
      for result in report.results { write(result, palette, to: sink) }
      sink.line()
    }
    sink.line(palette(summary(reports), reports.allSatisfy(\.isPassed) ? .green : .red))
  }

  private static func write(_ result: PolicyTestReport.Result, _ palette: Palette, to sink: TextSink) {
    let name = TerminalText.escaped(result.name)
    guard !result.isPassed else { return sink.line("  \(palette("✓", .green)) \(name)") }
    let place = result.origin.map { " (\($0))" } ?? ""
    sink.line("  \(palette("✗", .red)) \(name)\(TerminalText.escaped(place))")
    for failure in result.failures {
      let words = "\(failure.rule): expected \(failure.expected.rawValue), got \(failure.actual.rawValue)"
      sink.line("      " + TerminalText.escaped(words))
      if let message = failure.message { sink.line("        " + TerminalText.escaped(message)) }
    }
  }

  /// `12 passed, 1 failed.`
  package static func summary(_ reports: [PolicyTestReport]) -> String {
    let passed = reports.reduce(0) { $0 + $1.passed }, failed = reports.reduce(0) { $0 + $1.failed }
    return "\(passed) passed, \(failed) failed."
  }
}
