import CLinux
import Glibc

/// What a standard stream is connected to.
package struct Terminal: Hashable, Sendable {
  package var isTerminal: Bool
  /// Columns; nil where there is no terminal.
  package var width: Int?

  package init(isTerminal: Bool, width: Int? = nil) {
    self.isTerminal = isTerminal
    self.width = width
  }

  /// The facts of an open descriptor: 0, 1 or 2.
  package static func descriptor(_ number: Int32) -> Terminal {
    let width = Int(plumb_terminal_width(number))
    return Terminal(isTerminal: isatty(number) == 1, width: width > 0 ? width : nil)
  }
}

/// The `--color` flag.
package enum ColorChoice: String, Sendable, CaseIterable {
  case auto, always, never
}

extension Environment {
  /// Whether a continuous integration system runs us: no prompts, no spinners.
  package var isContinuousIntegration: Bool {
    guard let value = nonEmpty("CI") else { return false }
    return value != "false" && value != "0"
  }

  /// The flag decides first, then `NO_COLOR`, `FORCE_COLOR` and `CLICOLOR_FORCE`, `TERM=dumb`, and at last the stream.
  package func usesColor(_ choice: ColorChoice, on terminal: Terminal) -> Bool {
    switch choice {
    case .always: return true
    case .never: return false
    case .auto: break
    }
    if nonEmpty("NO_COLOR") != nil { return false }
    for name in ["FORCE_COLOR", "CLICOLOR_FORCE"] {
      if let value = nonEmpty(name) { return value != "0" }
    }
    return terminal.isTerminal && self["TERM"] != "dumb"
  }
}
