import Diagnostics
import Platform

/// Reads a command line against the tree of commands. Pure: the environment is given.
package struct ArgumentParser {
  /// What the command line asks for.
  package enum Request {
    case run(CommandPath, Arguments)
    case help(CommandPath)
    case version
    case wrong(Diagnostic)
  }

  /// Options that every command takes.
  let global: [CommandOption]
  let root: Command
  let environment: Environment

  package init(root: Command, global: [CommandOption], environment: Environment) {
    self.root = root
    self.global = global
    self.environment = environment
  }

  /// - Parameter words: the command line without the program's name.
  package func parse(_ words: [String]) -> Request {
    do throws(UsageError) {
      return try request(words)
    } catch {
      return .wrong(error.diagnostic)
    }
  }

  private func request(_ words: [String]) throws(UsageError) -> Request {
    var run = ArgumentRun(
      parser: self, path: CommandPath(names: [root.name], command: root), words: words[...])
    try run.command()
    if run.asksHelp { return .help(run.path) }
    if run.asksVersion { return .version }
    guard run.path.command.body != nil else {
      if run.path.names.count == 1, words.isEmpty { return .help(run.path) }
      throw UsageError(
        .wrongArguments, "`\(run.path.text)` needs a command: \(listing(run.path.command))", command: run.path
      )
    }
    try run.insertDefaults()
    try run.rest()
    if run.asksHelp { return .help(run.path) }
    try run.environmentDefaults()
    try run.checkPositionals()
    return .run(run.path, run.arguments)
  }

  private func listing(_ command: Command) -> String {
    command.subcommands.map { "`\($0.name)`" }.joined(separator: ", ")
  }
}

/// One reading of a command line.
struct ArgumentRun {
  let parser: ArgumentParser
  var path: CommandPath
  var words: ArraySlice<String>
  var arguments = Arguments()
  var asksHelp = false
  var asksVersion = false
  private var isPlain = false

  init(parser: ArgumentParser, path: CommandPath, words: ArraySlice<String>) {
    self.parser = parser
    self.path = path
    self.words = words
  }

  private var options: [CommandOption] { path.command.options + parser.global }

  /// Follows names to a command that runs; global options may stand between them.
  mutating func command() throws(UsageError) {
    while !path.command.subcommands.isEmpty, let word = words.popFirst() {
      if word.hasPrefix("-") {
        try flag(word)
      } else if word == "help", path.names.count == 1 {
        asksHelp = true
      } else if let next = path.command.subcommands.first(where: { $0.name == word }) {
        path = path.child(next)
      } else {
        throw unknownCommand(word)
      }
    }
  }

  /// The words that follow the command's name.
  mutating func rest() throws(UsageError) {
    while let word = words.popFirst() {
      if isPlain || word == "-" || !word.hasPrefix("-") {
        arguments.positionals.append(word)
      } else if word == "--" {
        isPlain = true
      } else {
        try flag(word)
      }
    }
  }

  private func unknownCommand(_ word: String) -> UsageError {
    let names = path.command.subcommands.map(\.name)
    let other = CommandTable.habits[word].map { "`\(path.names[0]) \($0)` does that here" }
    return UsageError(
      .unknownCommand, "there is no command `\(path.names.dropFirst().map { $0 + " " }.joined())\(word)`",
      hints: [other ?? Suggestion.hint(for: word, among: names)], command: path)
  }

  private mutating func flag(_ word: String) throws(UsageError) {
    let body = word.drop { $0 == "-" }
    let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts.first ?? "", given = parts.count > 1 ? parts[1] : nil
    if given == nil, name == "help" || word == "-h" {
      asksHelp = true
      return
    }
    if given == nil, name == "version" || word == "-v", path.names.count == 1 {
      asksVersion = true
      return
    }
    guard word.prefix(3) != "---", let option = find(name, word) else { throw unknownFlag(word, name) }
    try take(option, given, word)
  }

  private func find(_ name: String, _ word: String) -> CommandOption? {
    options.first { $0.name == name || !word.hasPrefix("--") && $0.short.map(String.init) == name }
  }

  private func unknownFlag(_ word: String, _ name: String) -> UsageError {
    let near = Suggestion.nearest(to: name, among: options.map(\.name) + ["help"])
    return UsageError(
      .unknownFlag, "`\(path.text)` has no flag `\(word.prefix { $0 != "=" })`",
      hints: [CommandTable.flagHabits[name] ?? near.map { "did you mean `--\($0)`?" }], command: path)
  }

  private mutating func take(_ option: CommandOption, _ given: String?, _ word: String) throws(UsageError) {
    switch option.value {
    case .none:
      guard given == nil || given == "true" || given == "false" else {
        throw UsageError(.flagValue, "`--\(option.name)` takes no value", command: path)
      }
      if given != "false" { arguments.set(option, "") }
    case .optional(_, let standIn):
      try accept(option, given ?? standIn)
    case .text, .number, .choice, .duration:
      if let given { return try accept(option, given) }
      // A word with two dashes is a flag; a value that starts so is written after an equals sign.
      guard let next = words.first, !next.hasPrefix("--"), words.popFirst() != nil else {
        throw UsageError(.flagValue, "`--\(option.name)` needs a value: `\(option.spelling)`", command: path)
      }
      try accept(option, next)
    }
  }

  /// Checks a value and keeps it.
  mutating func accept(_ option: CommandOption, _ text: String, from source: String? = nil) throws(UsageError) {
    let name = source ?? "--\(option.name)"
    switch option.value {
    case .none: break
    case .text, .optional:
      if text.isEmpty { throw UsageError(.flagValue, "`\(name)` is empty", command: path) }
    case .number(_, let range):
      guard let number = Int(text), range.contains(number) else {
        let bounds = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        throw UsageError(.flagValue, "`\(name)` takes \(bounds), not `\(text)`", command: path)
      }
    case .choice(let choices):
      guard choices.contains(text) else {
        let list = choices.map { "`\($0)`" }.joined(separator: ", ")
        throw UsageError(
          .flagValue, "`\(name)` takes one of \(list), not `\(text)`",
          hints: [Suggestion.hint(for: text, among: choices)], command: path)
      }
    case .duration:
      guard Arguments.duration(text) != nil else {
        throw UsageError(
          .flagValue, "`\(name)` takes a time such as `30s` or `5m`, not `\(text)`", command: path)
      }
    }
    arguments.set(option, text, isDefault: source != nil)
  }

  func checkPositionals() throws(UsageError) {
    let wanted = path.command.positionals, given = arguments.positionals
    if given.count > wanted.count {
      let what = wanted.isEmpty ? "no arguments" : wanted.map(\.spelling).joined(separator: " ")
      throw UsageError(
        .wrongArguments, "`\(path.text)` takes \(what); `\(given[wanted.count])` is too much", command: path)
    }
    if let missing = wanted.dropFirst(given.count).first(where: { !$0.isOptional }) {
      throw UsageError(
        .wrongArguments, "`\(path.text)` needs \(missing.name): \(missing.summary)", command: path)
    }
    for (positional, text) in zip(wanted, given)
    where !positional.choices.isEmpty && !positional.choices.contains(text) {
      let list = positional.choices.map { "`\($0)`" }.joined(separator: ", ")
      throw UsageError(
        .wrongArguments, "\(positional.name) is one of \(list), not `\(text)`",
        hints: [Suggestion.hint(for: text, among: positional.choices)], command: path)
    }
    if let empty = zip(wanted, given).first(where: { $0.1.isEmpty }) {
      throw UsageError(.wrongArguments, "\(empty.0.name) is empty", command: path)
    }
  }
}
