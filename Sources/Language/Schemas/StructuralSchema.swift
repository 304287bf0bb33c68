import Diagnostics
import Values

/// Reads the subset of JSON Schema that Kubernetes calls structural, as it stands in a blueprint.
///
/// Total: what is wrong is reported at its line, and the rest still becomes a schema.
package struct StructuralSchema {
  /// Compiles a regular expression; nil, with the reason, where it is none.
  package typealias PatternCompiler = (String) -> Result<FieldRules.Pattern, PatternProblem>

  package struct PatternProblem: Error {
    package var message: String
    package init(_ message: String) { self.message = message }
  }

  /// Levels of objects, lists and maps below `spec`.
  package static let depthLimit = 32
  /// Fields of a whole schema, those inside others included.
  package static let fieldLimit = 5_000

  private let compile: PatternCompiler
  private var diagnostics: [Diagnostic] = []
  private var depth = 0
  private var fieldCount = 0

  /// The schema of `spec`, which is an object.
  package static func read(_ value: Value, compilingPatterns compile: @escaping PatternCompiler)
    -> (schema: Schema, diagnostics: [Diagnostic])
  {
    var reader = StructuralSchema(compile: compile)
    let schema = reader.object(value, allowing: objectKeywords)
    return (schema, reader.diagnostics)
  }

  /// The schema of one value with a name: a parameter.
  package static func readField(
    _ name: String, _ value: Value, compilingPatterns compile: @escaping PatternCompiler
  ) -> (field: Field, diagnostics: [Diagnostic]) {
    var reader = StructuralSchema(compile: compile)
    let field = reader.field(name, value, isRequired: false)
    return (field, reader.diagnostics)
  }

  private init(compile: @escaping PatternCompiler) { self.compile = compile }

  private static let objectKeywords: Set = [
    "type", "description", "properties", "required", "minProperties", "maxProperties",
  ]
  private static let mapKeywords: Set = [
    "type", "description", "default", "additionalProperties", "minProperties", "maxProperties",
  ]
  private static let listKeywords: Set = [
    "type", "description", "default", "items", "minItems", "maxItems", "uniqueItems", "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys", "x-plumb-sensitive",
  ]
  private static let textKeywords: Set = [
    "type", "description", "default", "enum", "pattern", "format", "minLength", "maxLength", "x-plumb-sensitive",
  ]
  private static let numberKeywords: Set = [
    "type", "description", "default", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "x-plumb-sensitive",
  ]
  private static let plainKeywords: Set = ["type", "description", "default", "x-plumb-sensitive"]
  private static let referenceKeywords: Set = ["type", "description", "x-plumb-reference"]
}

// MARK: - Fields

extension StructuralSchema {
  private mutating func object(_ value: Value, allowing keywords: Set<String>) -> Schema {
    guard expect(value, .map, "a schema") else { return Schema([]) }
    check(value, keywords)
    var required: [String: Value] = [:]
    for item in list("required", of: value) {
      guard let name = text(item, "an item of `required`") else { continue }
      required[name] = item
    }
    var fields: [Field] = []
    if let properties = value["properties"], expect(properties, .map, "`properties`") {
      for entry in properties.entries {
        fields.append(field(entry.key, entry.value, isRequired: required.removeValue(forKey: entry.key) != nil))
      }
    }
    for (name, item) in required.sorted(by: { $0.key < $1.key }) {
      problem(
        "`required` names `\(name)`, which is none of the properties", item,
        hint: Suggestion.hint(for: name, among: fields.map(\.name)))
    }
    return Schema(fields)
  }

  private mutating func field(_ name: String, _ value: Value, isRequired: Bool) -> Field {
    fieldCount += 1
    if fieldCount == Self.fieldLimit + 1 { problem("the schema has more than \(Self.fieldLimit) fields", value) }
    let read = type(value)
    var marks: Field.Marks = isRequired ? .required : []
    if value["x-plumb-sensitive"]?.bool == true { marks.insert(.sensitive) }
    if isRequired, read.rules.standard != nil {
      problem("`\(name)` is required and has a default", value["default"] ?? value, hint: "remove one of them")
    }
    let summary = value["description"]?.string ?? ""
    let field = Field(
      name, read.type, marks, allowed: read.rules.allowed, rules: read.rules.isEmpty ? nil : read.rules, summary)
    if let standard = read.rules.standard {
      var unrestricted = field
      unrestricted.marks.remove(.sensitive)
      let problems = Schema([unrestricted]).validate(.map([(name, standard)]), path: "default")
      for found in problems where found.severity == .error {
        problem("the default does not fit: \(found.message)", value["default"] ?? value)
      }
    }
    return field
  }

  private typealias Read = (type: FieldType, rules: FieldRules)

  private mutating func type(_ value: Value) -> Read {
    let nothing: Read = (.any, FieldRules())
    guard expect(value, .map, "the schema of a field") else { return nothing }
    guard depth < Self.depthLimit, fieldCount <= Self.fieldLimit else {
      if depth >= Self.depthLimit { problem("the schema is deeper than \(Self.depthLimit) levels", value) }
      return nothing
    }
    depth += 1
    defer { depth -= 1 }
    if let written = value["x-plumb-reference"] { return reference(written, in: value) }
    switch typeName(of: value) {
    case "string": return string(value)
    case "integer": return number(value, .int)
    case "number": return number(value, .double)
    case "boolean": return plain(value, .bool)
    case "array": return list(value)
    case "object":
      if value["additionalProperties"] != nil, value["properties"] == nil { return map(value) }
      let schema = object(value, allowing: Self.objectKeywords.union(["default"]))
      return (.object(schema), FieldRules(bounds: counts("Properties", value), standard: standard(value)))
    default: return plain(value, .any)
    }
  }

  /// The written type, or the one that the other keywords mean.
  private mutating func typeName(of value: Value) -> String? {
    let known = ["string", "integer", "number", "boolean", "object", "array"]
    if let written = value["type"], let name = text(written, "`type`") {
      if known.contains(name) { return name }
      problem(
        "there is no type `\(name)`", written,
        hint: Suggestion.hint(for: name, among: known) ?? "it is one of: \(known.joined(separator: ", "))")
      return nil
    }
    if value["properties"] != nil || value["additionalProperties"] != nil { return "object" }
    if value["items"] != nil { return "array" }
    if let first = value["enum"]?[0] { return first.kind == .int ? "integer" : "string" }
    if value["pattern"] != nil || value["format"] != nil { return "string" }
    return nil
  }
}

// MARK: - Types

extension StructuralSchema {
  private mutating func string(_ value: Value) -> Read {
    check(value, Self.textKeywords)
    var equality: TextFormat?
    if let written = value["format"], let name = text(written, "`format`") {
      equality = TextFormat(rawValue: name)
      if equality == nil {
        let known = TextFormat.allCases.map(\.rawValue)
        problem(
          "there is no format `\(name)`", written,
          hint: Suggestion.hint(for: name, among: known) ?? "it is one of: \(known.joined(separator: ", "))")
      }
    }
    var pattern: FieldRules.Pattern?
    if let written = value["pattern"], let source = text(written, "`pattern`") {
      switch compile(source) {
      case .success(let compiled): pattern = compiled
      case .failure(let found): problem("the pattern cannot be read: \(found.message)", written)
      }
    }
    let rules = FieldRules(
      format: equality, pattern: pattern, bounds: counts("Length", value), allowed: choices(value, .string),
      standard: standard(value))
    return (.string, rules)
  }

  private mutating func number(_ value: Value, _ type: FieldType) -> Read {
    check(value, Self.numberKeywords)
    var bounds = FieldRules.Bounds()
    bounds.minimum = bound("minimum", value) ?? bound("exclusiveMinimum", value)
    bounds.maximum = bound("maximum", value) ?? bound("exclusiveMaximum", value)
    bounds.excludesMinimum = value["exclusiveMinimum"] != nil
    bounds.excludesMaximum = value["exclusiveMaximum"] != nil
    return (type, FieldRules(bounds: bounds, allowed: choices(value, .int), standard: standard(value)))
  }

  private mutating func plain(_ value: Value, _ type: FieldType) -> Read {
    check(value, Self.plainKeywords)
    return (type, FieldRules(standard: standard(value)))
  }

  private mutating func map(_ value: Value) -> Read {
    check(value, Self.mapKeywords)
    let bounds = counts("Properties", value), standard = standard(value)
    guard let values = value["additionalProperties"], values.kind == .map else {
      if value["additionalProperties"]?.bool != true {
        problem("`additionalProperties` is a schema or `true`", value["additionalProperties"] ?? value)
      }
      return (.map(.any), FieldRules(bounds: bounds, standard: standard))
    }
    let read = type(values)
    return (.map(read.type), FieldRules(bounds: bounds, standard: standard, element: self.element(read.rules, values)))
  }

  private mutating func list(_ value: Value) -> Read {
    check(value, Self.listKeywords)
    guard let items = value["items"] else {
      problem("a list needs `items`", value)
      return (.list(.any), FieldRules())
    }
    let read = type(items)
    var bounds = counts("Items", value)
    bounds.isUnique = value["uniqueItems"]?.bool ?? false
    let order = order(value, read.type)
    if order == .unordered { bounds.isUnique = true }
    let rules = FieldRules(bounds: bounds, standard: standard(value), element: element(read.rules, items))
    return (.list(read.type, order), rules)
  }

  private mutating func order(_ value: Value, _ element: FieldType) -> FieldType.ListOrder {
    guard let written = value["x-kubernetes-list-type"], let name = text(written, "`x-kubernetes-list-type`") else {
      return .ordered
    }
    switch name {
    case "atomic": return .ordered
    case "set": return .unordered
    case "map":
      let keys = list("x-kubernetes-list-map-keys", of: value).compactMap(\.string)
      if keys.count == 1, case .object(let schema) = element, schema[keys[0]] != nil { return .keyed(by: keys[0]) }
      problem(
        "a list of type `map` needs one key that is a field of its items",
        value["x-kubernetes-list-map-keys"] ?? written,
        hint: "write `x-kubernetes-list-map-keys: [name]`")
    default: problem("there is no list type `\(name)`", written, hint: "it is one of: atomic, set, map")
    }
    return .ordered
  }

  private mutating func reference(_ written: Value, in value: Value) -> Read {
    check(value, Self.referenceKeywords)
    let kinds = written.kind == .list ? written.elements.compactMap(\.string) : [written.string].compactMap(\.self)
    if kinds.isEmpty || kinds.contains("") {
      problem("`x-plumb-reference` names a kind, or several in a list", written)
      return (.any, FieldRules())
    }
    var fields = [Field("name", .string, .required, "The manifest's name.")]
    if kinds.count > 1 { fields.append(Field("kind", .string, [], allowed: kinds, "The manifest's kind.")) }
    return (.object(Schema(fields)), FieldRules(kinds: kinds))
  }

  /// A default inside a list or map has no field that it could be the value of.
  private mutating func element(_ rules: FieldRules, _ value: Value) -> FieldRules? {
    if rules.standard != nil { problem("an item cannot have a default", value["default"] ?? value) }
    return rules.isEmpty ? nil : rules
  }
}

// MARK: - Keywords

extension StructuralSchema {
  private func standard(_ value: Value) -> Value? { value["default"].flatMap { $0.isNull ? nil : $0 } }

  private mutating func choices(_ value: Value, _ kind: Value.Kind) -> [String] {
    guard let written = value["enum"], expect(written, .list, "`enum`") else { return [] }
    return written.elements.compactMap { item in
      if item.kind == kind { return item.spelling }
      problem("the choices must all be of the field's type", item)
      return nil
    }
  }

  private mutating func bound(_ keyword: String, _ value: Value) -> Double? {
    guard let written = value[keyword] else { return nil }
    if let number = written.double { return number }
    problem("`\(keyword)` must be a number", written)
    return nil
  }

  private mutating func counts(_ suffix: String, _ value: Value) -> FieldRules.Bounds {
    var bounds = FieldRules.Bounds()
    bounds.minimumCount = count("min\(suffix)", value)
    bounds.maximumCount = count("max\(suffix)", value)
    return bounds
  }

  private mutating func count(_ keyword: String, _ value: Value) -> Int? {
    guard let written = value[keyword] else { return nil }
    if let number = written.int, (0...Int64(Int32.max)).contains(number) { return Int(number) }
    problem("`\(keyword)` must be an integer, 0 or more", written)
    return nil
  }

  private mutating func list(_ keyword: String, of value: Value) -> [Value] {
    guard let written = value[keyword], expect(written, .list, "`\(keyword)`") else { return [] }
    return Array(written.elements)
  }

  private mutating func text(_ value: Value, _ what: String) -> String? {
    if let text = value.string, !text.isEmpty { return text }
    problem("\(what) must be a text, not \(value.kind.phrase)", value)
    return nil
  }

  private mutating func expect(_ value: Value, _ kind: Value.Kind, _ what: String) -> Bool {
    if value.kind == kind { return true }
    problem("\(what) must be \(kind.phrase), not \(value.kind.phrase)", value)
    return false
  }

  private mutating func check(_ value: Value, _ keywords: Set<String>) {
    for entry in value.entries where !keywords.contains(entry.key) {
      diagnostics.append(
        .error(
          .invalidSchema, "the keyword `\(entry.key)` does not belong here", at: entry.keyOrigin,
          length: entry.key.unicodeScalars.count,
          hint: Suggestion.hint(for: entry.key, among: keywords.sorted())
            ?? "here it is one of: \(keywords.sorted().joined(separator: ", "))"))
    }
  }

  private mutating func problem(_ message: String, _ value: Value, hint: String? = nil) {
    diagnostics.append(
      .error(
        .invalidSchema, message, at: value.origin, length: max(1, value.spelling.unicodeScalars.count), hint: hint))
  }
}
