import Diagnostics
import Engine
import Manifests
import Reports
import Resources
import Values

extension Command {
  static let validate = Command(
    "validate", "Check the manifests without asking any cloud.",
    discussion:
      "Reports everything that is wrong in one run: syntax, unknown kinds and fields, types, references, cycles.",
    examples: [
      ("plumb validate", "check the estate of the current folder"),
      ("plumb validate --json", "one JSON object a problem, for editors and CI"),
    ]
  ) { invocation in
    await invocation.withSession { (session) throws(EngineFailure) in
      let workspace = session.engine.validate()
      session.reporter.diagnostics(workspace.diagnostics)
      let isValid = !workspace.diagnostics.hasErrors
      let count = workspace.desired.resources.count
      let words =
        "Valid. The estate `\(workspace.estate.name)` has \(count) \(count == 1 ? "resource" : "resources")."
      if isValid { session.reporter.say(words) }
      session.reporter.event(
        EventLine(
          "validation", isValid ? words : "the estate is not valid", level: isValid ? .info : .error,
          [("valid", .bool(isValid)), ("estate", .string(workspace.estate.name)), ("resources", .int(count))])
      )
      return isValid ? .ok : .error
    }
  }
}
