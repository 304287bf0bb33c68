import Diagnostics
import Reports

extension Command {
  static let version = Command(
    "version", "Print the version.",
    examples: [
      ("plumb version", "the version of this program"), ("plumb version --json", "the same for scripts"),
    ]
  ) { invocation in
    invocation.reporter.say("Plumb \(Version.current)")
    return .ok
  }
}
