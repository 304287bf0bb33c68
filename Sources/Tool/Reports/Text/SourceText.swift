import Diagnostics
import Engine
import Manifests
import Planning
import Resources
import Values

/// Where the values of a resource come from, as text and as the fields of an event.
package struct SourceText {
  private let palette: Palette
  private let values: ValueText

  /// - Parameter plan: tells what unknowns await.
  package init(_ palette: Palette, _ plan: Plan) {
    self.palette = palette
    values = ValueText(awaited: plan.awaited)
  }

  package func lines(_ sources: [FieldSource]) -> [String] {
    guard !sources.isEmpty else { return [] }
    return ["", palette("Where its values come from:", .bold)] + sources.flatMap(lines)
  }

  private func lines(_ source: FieldSource) -> [String] {
    let place = source.origin.map { "\($0)" } ?? "the language itself"
    var how = source.isOverlay ? "\(place), an overlay" : place
    if let expression = source.expression { how += ": \(TerminalText.escaped(expression))" }
    var lines = [
      "  \(TerminalText.escaped(source.path.description)) = \(text(source.value))", "      from \(how)",
    ]
    for variable in source.variables {
      let given = "      var.\(variable.name) = \(text(variable.value)), from \(variable.giver.phrase)"
      lines.append(given + (variable.origin.map { " at \($0)" } ?? ""))
    }
    if !source.references.isEmpty {
      lines.append("      reads \(source.references.map { "`\($0)`" }.joined(separator: ", "))")
    }
    if let secret = source.secret { lines.append("      read from \(secret.phrase) when it is written") }
    return lines
  }

  private func text(_ value: Value) -> String { values.inline(value) ?? values.scalar(value) }

  /// The same for programs.
  package static func value(_ sources: [FieldSource]) -> Value {
    .list(
      sources.map { source in
        var fields: [(String, Value)] = [
          ("path", .string(source.path.description)), ("value", source.value.kind == .unknown ? .null : source.value),
          ("unknown", .bool(source.value.kind == .unknown)), ("overlay", .bool(source.isOverlay)),
        ]
        if let origin = source.origin { fields.append(("origin", .string("\(origin)"))) }
        if let expression = source.expression { fields.append(("expression", .string(expression))) }
        if !source.variables.isEmpty { fields.append(("variables", .list(source.variables.map(Self.value)))) }
        if !source.references.isEmpty {
          fields.append(("references", .list(source.references.map { .string("\($0)") })))
        }
        if let secret = source.secret { fields.append(("secret", secret.value)) }
        return .map(fields)
      })
  }

  private static func value(_ variable: Variable) -> Value {
    var fields: [(String, Value)] = [
      ("name", .string(variable.name)), ("value", variable.value), ("giver", .string(variable.giver.phrase)),
    ]
    if let origin = variable.origin { fields.append(("origin", .string("\(origin)"))) }
    return .map(fields)
  }
}
