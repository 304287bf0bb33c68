import Diagnostics
import Platform
import Reports

extension DiagnosticCode {
  /// A question cannot be asked here.
  package static let noInput = DiagnosticCode(6010)
}

/// Asks once, and takes nothing but the full word `yes`.
struct Confirmation {
  let invocation: Invocation

  enum Answer { case yes, no, cannotAsk }

  /// Whether a person can answer: a terminal, no `--json`, no CI, and not switched off by `PLUMB_INPUT`.
  var canAsk: Bool {
    let host = invocation.host
    let isOff = ["0", "false"].contains(host.environment.nonEmpty("PLUMB_INPUT") ?? "")
    return !invocation.reporter.isJSON && !host.environment.isContinuousIntegration && !isOff
      && host.streams.input.isTerminal
  }

  func ask(_ question: String, _ explanation: String) async -> Answer {
    guard canAsk else { return .cannotAsk }
    let reporter = invocation.reporter, streams = invocation.host.streams
    reporter.say(
      "\n" + reporter.palette(question, .bold) + "\n  \(explanation)\n  Only `yes` will be accepted.\n")
    streams.output(Array("  Enter a value: ".utf8))
    let answer = await offPool { streams.readLine() }
    reporter.say("")
    return answer == "yes" ? .yes : .no
  }

  static func problem(_ command: String) -> Diagnostic {
    .error(
      .noInput, "nobody can be asked whether to go on: there is no terminal, or input is switched off",
      hint: "add `--auto-approve`, or save a plan with `plumb plan --out FILE` and run `\(command) FILE`")
  }
}
