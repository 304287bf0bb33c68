import Diagnostics
import Platform

extension ArgumentRun {
  /// `PLUMB_CLI_ARGS` and `PLUMB_CLI_ARGS_<command>`: words that stand before those of the command line.
  mutating func insertDefaults() throws(UsageError) {
    let names = ["PLUMB_CLI_ARGS", "PLUMB_CLI_ARGS_" + path.names.dropFirst().joined(separator: "_")]
    var inserted: [String] = []
    for name in names {
      guard let text = parser.environment.nonEmpty(name) else { continue }
      guard let words = ShellWords.split(text) else {
        throw UsageError(.wrongArguments, "a quote in `\(name)` is never closed", command: path)
      }
      inserted += words
    }
    words = (inserted + words)[...]
  }

  /// Options that the command line left open and a variable sets.
  mutating func environmentDefaults() throws(UsageError) {
    for option in path.command.options + parser.global {
      guard !arguments.has(option), let name = option.environment,
        let text = parser.environment.nonEmpty(name)
      else { continue }
      switch option.value {
      case .none: if text != "0", text != "false" { arguments.set(option, "", isDefault: true) }
      case .optional(_, let standIn):
        if text != "0", text != "false" {
          try accept(option, text == "1" || text == "true" ? standIn : text, from: name)
        }
      case .text, .number, .choice, .duration: try accept(option, text, from: name)
      }
    }
  }
}
