import Diagnostics

/// One command as data, with the function that runs it; groups have subcommands instead.
package struct Command: Sendable {
  package typealias Body = @Sendable (Invocation) async -> ExitCode

  package struct Example: Sendable {
    package let line: String
    package let summary: String
  }

  package let name: String
  /// One line, as it stands in the list of commands.
  package let abstract: String
  package var discussion = ""
  package var examples: [Example] = []
  package var options: [CommandOption] = []
  package var positionals: [Positional] = []
  package var subcommands: [Command] = []
  package var body: Body?

  /// A command that does something.
  package init(
    _ name: String, _ abstract: String, discussion: String = "", examples: [(String, String)],
    options: [CommandOption] = [],
    positionals: [Positional] = [], body: @escaping Body
  ) {
    self.name = name
    self.abstract = abstract
    self.discussion = discussion
    self.examples = examples.map { Example(line: $0.0, summary: $0.1) }
    self.options = options
    self.positionals = positionals
    self.body = body
  }

  /// A group of commands.
  package init(
    _ name: String, _ abstract: String, discussion: String = "", examples: [(String, String)],
    _ subcommands: [Command]
  ) {
    self.name = name
    self.abstract = abstract
    self.discussion = discussion
    self.examples = examples.map { Example(line: $0.0, summary: $0.1) }
    self.subcommands = subcommands
  }
}

/// A command with the names that lead to it: `plumb inventory list`.
package struct CommandPath: Sendable {
  package let names: [String]
  package let command: Command

  package var text: String { names.joined(separator: " ") }

  package func child(_ command: Command) -> CommandPath {
    CommandPath(names: names + [command.name], command: command)
  }
}
