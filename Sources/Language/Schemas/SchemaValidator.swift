import Diagnostics
import Values

extension Schema {
  /// Everything that is wrong with a value. `path` names it in messages (`spec`), `position` is used where
  /// the value
  /// has none. Unknowns pass, since they are checked when they become known; null counts as not written.
  package func validate(_ value: Value, path: String = "spec", position: SourcePosition? = nil)
    -> [Diagnostic]
  {
    var validator = SchemaValidator(position: value.origin ?? position)
    validator.names.append(path)
    validator.check(value, FieldType.object(self), .exact)
    return validator.diagnostics
  }

  /// The same for a single field.
  package func validate(_ value: Value, field: Field, path: String = "spec") -> [Diagnostic] {
    var validator = SchemaValidator(position: value.origin)
    validator.names = [path, ".\(field.name)"]
    validator.checkField(value, field)
    return validator.diagnostics
  }
}

struct SchemaValidator {
  var diagnostics: [Diagnostic] = []
  /// The way to the present value; joined only for messages.
  var names: [String] = []
  /// How many secret fields are open: inside them no message repeats what is written.
  private var secretDepth = 0
  /// The nearest position above, for values without their own.
  let position: SourcePosition?

  init(position: SourcePosition?) { self.position = position }

  var name: String { names.joined() }

  mutating func checkField(_ value: Value, _ field: Field) {
    let isSecret = field.marks.contains(.sensitive)
    if isSecret { secretDepth += 1 }
    defer { if isSecret { secretDepth -= 1 } }
    let earlier = diagnostics.count
    check(value, field.type, field.equality)
    if !field.allowed.isEmpty { checkAllowed(value, field) }
    if let rules = field.rules, diagnostics.count == earlier { checkRules(value, rules) }
    if isSecret, value.kind != .unknown {
      report(
        .warning(
          .secretInManifest, "`\(name)` is a secret and stands in the manifest in plain text",
          at: value.origin ?? position,
          hint: "anyone who can read the repository can read it; keep secrets out of manifests"))
    }
  }

  mutating func check(_ value: Value, _ type: FieldType, _ equality: Equality) {
    guard value.kind != .unknown, value.kind != .null else { return }
    switch type {
    case .any where equality == .jsonPolicy: checkPolicy(value)
    // Quantities are written as numbers, too.
    case .any: if equality == .quantity { checkFormat(value, equality) }
    case .string where equality == .jsonPolicy: checkPolicy(value)
    case .string: if expect(value, .string, type) { checkFormat(value, equality) }
    case .int: _ = expect(value, .int, type)
    case .bool: _ = expect(value, .bool, type)
    case .double: if value.kind != .int { _ = expect(value, .double, type) }
    case .list(let element, let order):
      if expect(value, .list, type) { checkList(value, element, order, equality) }
    case .map(let element):
      guard expect(value, .map, type) else { return }
      for entry in value.entries {
        names.append("[\"\(entry.key)\"]")
        check(entry.value, element, equality)
        names.removeLast()
      }
    case .object(let schema): if expect(value, .map, type) { checkObject(value, schema) }
    }
  }

  // MARK: Containers

  private mutating func checkList(
    _ value: Value, _ element: FieldType, _ order: FieldType.ListOrder, _ equality: Equality
  ) {
    var seen: [String: SourcePosition?] = [:]
    for (index, item) in value.elements.enumerated() {
      names.append("[\(index)]")
      defer { names.removeLast() }
      check(item, element, equality)
      guard case .keyed(let by) = order, item.kind == .map, let key = item[by],
        key.kind == .string || key.kind == .int
      else {
        continue
      }
      if let first = seen.updateValue(key.origin, forKey: key.spelling) {
        let shown = isHidden(key) ? "" : ": `\(key.spelling)`"
        report(
          .error(
            .duplicateItem, "`\(name)` has the same `\(by)` as an item before it\(shown)",
            at: key.origin ?? position,
            length: Self.length(key), notes: [DiagnosticNote("the first one is here", at: first)],
            hint: "items are told apart by their `\(by)`: give one of the two another"))
      }
    }
  }

  private mutating func checkObject(_ value: Value, _ schema: Schema) {
    for entry in value.entries {
      let key = entry.key
      guard let field = schema[key] else {
        unknownField(entry, key, schema)
        continue
      }
      if entry.value.kind == .null { continue }
      names.append(".\(key)")
      defer { names.removeLast() }
      if field.marks.contains(.computed), !field.marks.contains(.optionalComputed) {
        report(
          .error(
            .computedField, "`\(name)` is set by the service and cannot be written",
            at: entry.keyOrigin ?? entry.value.origin ?? position,
            length: key.unicodeScalars.count, hint: "remove it; other manifests can still read it"))
      } else {
        checkField(entry.value, field)
      }
    }
    for field in schema.fields where field.marks.contains(.required) && !field.marks.contains(.computed) {
      if let written = value[field.name], written.kind != .null { continue }
      report(
        .error(
          .missingField, "`\(name)` needs `\(field.name)` (\(field.type.description))",
          at: value.origin ?? position,
          hint: field.summary.isEmpty ? nil : "`\(field.name)`: \(field.summary)"))
    }
  }

  private mutating func unknownField(_ entry: Value.Entry, _ key: String, _ schema: Schema) {
    let writable = schema.fields.filter { !$0.marks.contains(.computed) }.map(\.name)
    let listed = writable.sorted().prefix(12).joined(separator: ", ") + (writable.count > 12 ? ", …" : "")
    let hint = Suggestion.hint(for: key, among: writable) ?? (writable.isEmpty ? nil : "it has: \(listed)")
    report(
      .error(
        .unknownField, "`\(name)` has no field `\(key)`",
        at: entry.keyOrigin ?? entry.value.origin ?? position,
        length: key.unicodeScalars.count, hint: hint))
  }

  // MARK: Scalars

  private mutating func expect(_ value: Value, _ kind: Value.Kind, _ type: FieldType) -> Bool {
    if value.kind == kind { return true }
    var hint: String?
    switch (value.kind, type) {
    case (.int, .string), (.double, .string), (.bool, .string):
      hint = isHidden(value) ? "write it in quotes" : "write it in quotes: \"\(value.text)\""
    case (.string, .int), (.string, .double), (.string, .bool):
      if !value.isPlain, !isHidden(value) { hint = "write it without quotes" }
    case (.string, .list), (.map, .list): hint = "write a list: `[…]`, or one item per line after `-`"
    default: break
    }
    report(
      .error(
        .wrongType, "`\(name)` must be \(type.phrase), not \(value.kind.phrase)",
        at: value.origin ?? position,
        length: Self.length(value), hint: hint))
    return false
  }

  private mutating func checkFormat(_ value: Value, _ equality: Equality) {
    guard let text = value.string else { return }
    switch equality {
    // A field for blocks may take a name as well, such as a prefix list's id; what looks like an address
    // must be one.
    case .cidr where CIDRBlock(text) == nil && text.utf8.contains { ".:/".utf8.contains($0) }:
      problem(
        .invalidCIDR, "is no CIDR block: `\(text)`", value,
        hint: "write an address and a prefix length, such as `10.0.0.0/16`")
    case .quantity where Quantity(text) == nil:
      problem(
        .invalidQuantity, "is no quantity: `\(text)`", value,
        hint: "write a number with an optional unit, such as `500m` or `8Gi`")
    case .exact, .caseInsensitive, .cidr, .jsonPolicy, .quantity, .distributed, .link, .atLeast: break
    }
  }

  private mutating func checkPolicy(_ value: Value) {
    if value.containsUnknown { return }
    if let message = PolicyDocument.problem(of: value) {
      problem(.invalidPolicy, message, value, hint: "write the policy as YAML, or as one JSON text")
    }
  }

  private mutating func checkAllowed(_ value: Value, _ field: Field) {
    if value.kind == .list {
      for item in value.elements { checkAllowed(item, field) }
      return
    }
    guard value.kind == .string || value.kind == .int, !field.allowed.contains(value.spelling) else { return }
    if field.equality == .caseInsensitive,
      field.allowed.contains(where: { $0.lowercased() == value.spelling.lowercased() })
    {
      return
    }
    let hint = isHidden(value) ? nil : Suggestion.hint(for: value.spelling, among: field.allowed)
    problem(
      .notAllowed, "cannot be `\(value.spelling)`", value,
      hint: hint ?? "it is one of: \(field.allowed.joined(separator: ", "))")
  }

  mutating func problem(_ code: DiagnosticCode, _ message: String, _ value: Value, hint: String? = nil) {
    let shown = isHidden(value) ? "holds a value that is not valid" : message
    report(
      .error(code, "`\(name)` \(shown)", at: value.origin ?? position, length: Self.length(value), hint: hint)
    )
  }

  func isHidden(_ value: Value) -> Bool { secretDepth > 0 || value.isSensitive }

  /// A problem inside a secret shows neither its line nor how long the secret is.
  private mutating func report(_ diagnostic: Diagnostic) {
    var diagnostic = diagnostic
    if secretDepth > 0 {
      diagnostic.isSecret = true
      diagnostic.length = 1
    }
    diagnostics.append(diagnostic)
  }

  static func length(_ value: Value) -> Int {
    let quotes = value.kind == .string && !value.isPlain ? 2 : 0
    return max(1, value.spelling.unicodeScalars.count + quotes)
  }
}

extension Value {
  fileprivate var text: String { kind == .bool ? (bool == true ? "true" : "false") : spelling }
}

extension Value.Kind {
  /// With its article, for messages.
  package var phrase: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .int: "an integer"
    case .double: "a number"
    case .string: "a string"
    case .list: "a list"
    case .map: "a map"
    case .unknown: "a value not known yet"
    }
  }
}

extension FieldType {
  /// With its article, for messages.
  package var phrase: String {
    switch self {
    case .any: description
    case .int, .object: "an \(description)"
    case .string, .double, .bool, .list, .map: "a \(description)"
    }
  }
}
