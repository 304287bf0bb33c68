/// A flag of a command as data: parsing, help and completion are made from it.
package struct CommandOption: Hashable, Sendable {
  package enum Value: Hashable, Sendable {
    /// Present or not.
    case none
    case text(String)
    /// `--sandbox` or `--sandbox=DIR`: the value only after an equals sign; the second text stands in for it.
    case optional(String, standIn: String)
    case number(String, ClosedRange<Int>)
    case choice([String])
    /// `10s`, `5m`, `1h`; bare digits are seconds.
    case duration(String)
  }

  /// What a shell offers for the value.
  package enum Completion: Hashable, Sendable { case none, file, folder }

  /// Without dashes: `out`.
  package let name: String
  package let short: Character?
  package let value: Value
  package let isRepeated: Bool
  /// The variable that sets it where the command line does not.
  package let environment: String?
  package let summary: String
  package let completion: Completion

  package init(
    _ name: String, short: Character? = nil, _ value: Value, isRepeated: Bool = false,
    environment: String? = nil,
    completion: Completion = .none, _ summary: String
  ) {
    self.name = name
    self.short = short
    self.value = value
    self.isRepeated = isRepeated
    self.environment = environment
    self.summary = summary
    self.completion = completion
  }

  /// A flag without a value.
  package init(_ name: String, _ summary: String) { self.init(name, .none, summary) }

  package var takesValue: Bool { value != .none }

  /// `--out FILE`, `--sandbox[=DIR]`, `--json`: as help shows it.
  package var spelling: String {
    let long = "--\(name)"
    return switch value {
    case .none: long
    case .text(let placeholder), .number(let placeholder, _), .duration(let placeholder):
      "\(long) \(placeholder)"
    case .optional(let placeholder, _): "\(long)[=\(placeholder)]"
    case .choice(let choices): "\(long) \(choices.joined(separator: "|"))"
    }
  }
}

/// An argument without a dash.
package struct Positional: Hashable, Sendable {
  package let name: String
  package let isOptional: Bool
  package let choices: [String]
  package let completion: CommandOption.Completion
  package let summary: String

  package init(
    _ name: String, isOptional: Bool = false, choices: [String] = [],
    completion: CommandOption.Completion = .none,
    _ summary: String
  ) {
    self.name = name
    self.isOptional = isOptional
    self.choices = choices
    self.completion = completion
    self.summary = summary
  }

  package var spelling: String { isOptional ? "[\(name)]" : name }
}
