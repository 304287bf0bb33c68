/// Help of a command, made from its description. Lines stay within 100 columns.
enum HelpText {
  static let width = 100

  static func text(_ path: CommandPath, global: [CommandOption]) -> String {
    let command = path.command
    var sections = [usage(path), wrap(command.abstract, indent: 0)]
    if !command.discussion.isEmpty { sections.append(wrap(command.discussion, indent: 0)) }
    if !command.subcommands.isEmpty {
      sections.append(section("Commands", command.subcommands.map { ($0.name, $0.abstract) }))
    }
    if !command.positionals.isEmpty {
      sections.append(section("Arguments", command.positionals.map { ($0.spelling, $0.summary) }))
    }
    if !command.options.isEmpty { sections.append(section("Flags", command.options.map(row))) }
    sections.append(section("Flags of every command", (global + [helpOption]).map(row)))
    if !command.examples.isEmpty { sections.append(examples(command.examples)) }
    if path.names.count == 1 { sections.append("`plumb help COMMAND` tells more about one command.\n") }
    return sections.joined(separator: "\n")
  }

  static let helpOption = CommandOption("help", short: "h", .none, "show this help")

  private static func usage(_ path: CommandPath) -> String {
    var parts = [path.text]
    if !path.command.subcommands.isEmpty { parts.append("COMMAND") }
    parts.append("[flags]")
    parts += path.command.positionals.map(\.spelling)
    return "Usage: \(parts.joined(separator: " "))\n"
  }

  private static func row(_ option: CommandOption) -> (String, String) {
    let short = option.short.map { "-\($0), " } ?? "    "
    var summary = option.summary
    if option.isRepeated { summary += "; may be repeated" }
    if let name = option.environment { summary += " [\(name)]" }
    return (short + option.spelling, summary)
  }

  private static func section(_ title: String, _ rows: [(String, String)]) -> String {
    let column = min((rows.map(\.0.count).max() ?? 0) + 4, 34)
    let lines = rows.map { left, right in
      let gap =
        left.count + 4 > column ? "\n" + String(repeating: " ", count: column) : pad(left.count + 2, column)
      let body = wrap(right, indent: column).drop { $0 == " " }
      return "  \(left)\(gap)\(body)"
    }
    return "\(title):\n" + lines.joined()
  }

  private static func examples(_ examples: [Command.Example]) -> String {
    "Examples:\n" + examples.map { "  # \($0.summary)\n  $ \($0.line)\n" }.joined()
  }

  private static func pad(_ used: Int, _ column: Int) -> String {
    String(repeating: " ", count: max(column - used, 1))
  }

  /// Breaks at blanks; every line is indented and ended. Empty lines part paragraphs.
  static func wrap(_ text: String, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { paragraph in
      var lines: [String] = [], line = ""
      for word in paragraph.split(separator: " ") {
        if !line.isEmpty, indent + line.count + 1 + word.count > width {
          lines.append(line)
          line = ""
        }
        line += line.isEmpty ? String(word) : " \(word)"
      }
      return (lines + [line]).map { $0.isEmpty ? "\n" : "\(margin)\($0)\n" }.joined()
    }.joined()
  }
}
