import Diagnostics
import Reports

/// The version of this build.
package enum Version {
  package static let text = "0.1.0"
}

extension Command {
  static let version = Command(
    "version", "Print the version.", examples: [("plumb version", "the version of this program"), ("plumb version --json", "the same for scripts")]
  ) { invocation in
    invocation.reporter.say("Plumb \(Version.text)")
    return .ok
  }
}
