/// Options that several commands have, each described once.
extension CommandOption {
  static let chdir = CommandOption(
    "chdir", short: "C", .text("DIR"), completion: .folder, "work in this folder instead of the current one")
  static let json = CommandOption("json", "print one JSON object a line; never asks")
  static let color = CommandOption(
    "color", .choice(["auto", "always", "never"]), "when to colour; `auto` asks the terminal and NO_COLOR")
  static let noColor = CommandOption("no-color", "the same as --color never")
  static let global: [CommandOption] = [.chdir, .json, .color, .noColor]

  /// Where the sandbox keeps itself unless a folder is named.
  static let defaultSandbox = ".plumb/sandbox"
  static let sandbox = CommandOption(
    "sandbox", .optional("DIR", standIn: defaultSandbox), environment: "PLUMB_SANDBOX", completion: .folder,
    "use the embedded pretend cloud for every target, kept in DIR (\(defaultSandbox))")
  static let environment = CommandOption(
    "env", .text("NAME"), environment: "PLUMB_ENV", "the environment, where the estate has some")
  static let variable = CommandOption(
    "var", .text("NAME=VALUE"), isRepeated: true, "the value of a variable; the last one counts")
  static let variableFile = CommandOption(
    "var-file", .text("FILE"), isRepeated: true, completion: .file, "a YAML file with values of variables")
  /// What chooses the estate's environment, variables and clouds: every command that opens an estate takes it.
  static let estate: [CommandOption] = [.environment, .variable, .variableFile, .sandbox]
  static let only = CommandOption(
    "only", .text("GLOB"), isRepeated: true, "addresses that match, and what they depend on")
  static let target = CommandOption(
    "target", .text("NAME"), isRepeated: true, environment: "PLUMB_TARGET", "only resources of this target")
  static let replace = CommandOption(
    "replace", .text("GLOB"), isRepeated: true, "replace resources whose address matches")
  static let maxDeletes = CommandOption(
    "max-deletes", .number("N", 0...1_000_000), environment: "PLUMB_MAX_DELETES",
    "refuse plans that delete or replace more than N resources")
  static let allowStateful = CommandOption(
    "allow-stateful", .text("GLOB"), isRepeated: true, "let resources that hold data be deleted or replaced")
  static let parallelism = CommandOption(
    "parallelism", .number("N", 1...256), environment: "PLUMB_PARALLELISM", "operations at once (16)")
  static let detailedExitCode = CommandOption("detailed-exitcode", "exit with 2 when the plan has changes")
  static let autoApprove = CommandOption("auto-approve", "do not ask before the first change")
  static let lockTimeout = CommandOption(
    "lock-timeout", .duration("TIME"), environment: "PLUMB_LOCK_TIMEOUT",
    "wait so long for the inventory's lock (0s)")

  /// What chooses and limits the changes of a plan.
  static let planning: [CommandOption] = [.only, .target, .replace, .maxDeletes, .allowStateful]
}
