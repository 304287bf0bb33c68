/// The values of one command line, checked against the command's description.
package struct Arguments: Sendable, Equatable {
  /// By option name; a flag without a value holds one empty text.
  private(set) var values: [String: [String]] = [:]
  /// Names of options that the command line or `PLUMB_CLI_ARGS` sets, apart from those of single variables.
  private(set) var given: Set<String> = []
  package internal(set) var positionals: [String] = []

  package init() {}

  package func has(_ option: CommandOption) -> Bool { values[option.name] != nil }
  /// The last one given.
  package func text(_ option: CommandOption) -> String? { values[option.name]?.last }
  package func texts(_ option: CommandOption) -> [String] { values[option.name] ?? [] }
  package func number(_ option: CommandOption) -> Int? { text(option).flatMap { Int($0) } }
  package func duration(_ option: CommandOption) -> Duration? { text(option).flatMap(Self.duration) }

  mutating func set(_ option: CommandOption, _ text: String, isDefault: Bool = false) {
    if !isDefault { given.insert(option.name) }
    if option.isRepeated {
      values[option.name, default: []].append(text)
    } else {
      values[option.name] = [text]
    }
  }

  /// A week: no wait of ours is longer.
  static let longestDuration = 7 * 24 * 3_600

  /// `10s`, `5m`, `1h`, `90`; nil for anything else.
  static func duration(_ text: String) -> Duration? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), count <= longestDuration else { return nil }
    switch text.dropFirst(digits.count) {
    case "", "s": return .seconds(count)
    case "m": return .seconds(count * 60)
    case "h": return .seconds(count * 3_600)
    default: return nil
    }
  }
}
