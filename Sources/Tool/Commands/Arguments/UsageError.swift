import Diagnostics

extension DiagnosticCode {
  package static let unknownCommand = DiagnosticCode(6001)
  package static let unknownFlag = DiagnosticCode(6002)
  package static let flagValue = DiagnosticCode(6003)
  package static let wrongArguments = DiagnosticCode(6004)
  package static let flagConflict = DiagnosticCode(6005)
}

/// A command line that cannot be understood: one diagnostic, and the command it was meant for.
struct UsageError: Error {
  let diagnostic: Diagnostic

  init(_ code: DiagnosticCode, _ message: String, hints: [String?] = [], command: CommandPath) {
    let help = "`\(command.text) --help` shows what there is"
    diagnostic = Diagnostic(.error, code, message, hints: hints.compactMap { $0 } + [help])
  }
}
