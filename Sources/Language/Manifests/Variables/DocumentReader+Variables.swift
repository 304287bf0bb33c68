import Diagnostics
import Schemas
import Values

extension DocumentReader {
  /// Words of a variable's declaration beside those of its schema.
  static let variableWords = ["sensitive", "from", "validations"]

  /// Reads the declarations before anything else, so that everything else can be made with their values.
  mutating func readVariables(_ settings: [Value]) {
    let estate = settings.first { $0["kind"]?.string == "Estate" && $0["spec"]?.kind == .map }
    guard let written = estate?["spec"]?["variables"], written.kind == .map else { return }
    guard written.count <= ManifestLimits.variables else {
      return problem(.variableDeclaration, "an estate has at most \(ManifestLimits.variables) variables", written)
    }
    for entry in written.entries {
      guard Self.isVariableName(entry.key) else {
        diagnostics.append(
          .error(
            .variableDeclaration, "`\(entry.key)` cannot be a variable's name", at: entry.keyOrigin,
            length: entry.key.unicodeScalars.count,
            hint: "expressions read it as `var.name`: letters, digits and `_`, a letter first"))
        continue
      }
      self.estate.variables.append(declaration(entry))
    }
  }

  /// What can stand after the dot in `var.name`.
  private static func isVariableName(_ name: String) -> Bool {
    guard let first = name.utf8.first, isAlphanumeric(first), !(0x30...0x39).contains(first) else { return false }
    return name.utf8.count <= ManifestLimits.nameBytes
      && name.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
  }

  private mutating func declaration(_ entry: Value.Entry) -> VariableDeclaration {
    let place = "spec.variables.\(entry.key)"
    let body = entry.value.isNull ? Value.map([]) : entry.value
    var (field, problems) = StructuralSchema.readField(
      entry.key, body.without(Self.variableWords), compilingPatterns: Patterns.compile)
    diagnostics += problems
    let isSensitive = flag(body, "sensitive", place) || field.marks.contains(.sensitive)
    field.marks.remove(.sensitive)
    var declaration = VariableDeclaration(
      field: field, isSensitive: isSensitive, source: nil, validations: [], origin: entry.keyOrigin)
    declaration.source = source(body["from"], "\(place).from")
    declaration.validations = validations(body["validations"], "\(place).validations")
    if declaration.isSensitive, let standard = field.standard {
      var warning = Diagnostic.warning(
        .secretInManifest, "`\(place).default` is a secret and stands in the manifest in plain text",
        at: standard.origin, hint: "write `from: {env: NAME}` instead, and keep secrets out of the repository")
      warning.isSecret = true
      diagnostics.append(warning)
    }
    return declaration
  }

  private mutating func flag(_ body: Value, _ key: String, _ place: String) -> Bool {
    guard let value = body[key], !value.isNull else { return false }
    if let flag = value.bool { return flag }
    problem(.wrongType, "`\(place).\(key)` must be a boolean, not \(value.kind.phrase)", value)
    return false
  }

  private mutating func source(_ value: Value?, _ place: String) -> VariableDeclaration.Source? {
    guard let value, !value.isNull else { return nil }
    guard value.kind == .map, value.count == 1, let entry = value.entries.first(where: { _ in true }),
      let text = entry.value.string, !text.isEmpty
    else {
      problem(
        .variableDeclaration, "`\(place)` says not exactly one place", value,
        hint: "write `{env: NAME}` or `{file: PATH}`")
      return nil
    }
    switch entry.key {
    case "env": return .environment(text)
    case "file":
      guard !text.hasPrefix("/"), !text.split(separator: "/").contains("..") else {
        problem(
          .variableDeclaration, "the file `\(text)` lies outside of the estate", entry.value,
          hint: "give values from elsewhere with `--var-file`")
        return nil
      }
      return .file(text)
    default:
      diagnostics.append(
        .error(
          .unknownField, "`\(place)` has no field `\(entry.key)`", at: entry.keyOrigin,
          length: entry.key.unicodeScalars.count,
          hint: Suggestion.hint(for: entry.key, among: ["env", "file"]) ?? "it has: env, file"))
      return nil
    }
  }

  private mutating func validations(_ value: Value?, _ place: String) -> [VariableDeclaration.Validation] {
    guard let value, !value.isNull else { return [] }
    guard value.kind == .list else {
      problem(.wrongType, "`\(place)` must be a list, not \(value.kind.phrase)", value)
      return []
    }
    var found: [VariableDeclaration.Validation] = []
    for (index, item) in value.elements.enumerated() {
      let problems = ManifestSchemas.variableRule.validate(item, path: "\(place)[\(index)]")
      diagnostics += problems
      guard problems.isEmpty, let rule = item["rule"] else { continue }
      found.append(VariableDeclaration.Validation(rule: rule, message: item["message"]?.string ?? ""))
    }
    return found
  }
}

extension Value {
  /// The map, positions kept, without some of its entries.
  fileprivate func without(_ keys: [String]) -> Value {
    guard kind == .map, keys.contains(where: { self[$0] != nil }) else { return self }
    return Value.build { builder in
      builder.setPosition(origin)
      builder.beginMap()
      for entry in entries where !keys.contains(entry.key) {
        builder.startEntry(entry)
        builder.append(entry.value)
      }
      builder.endMap()
    }
  }
}
