import Diagnostics
import Expressions
import Manifests
import Schemas
import Values

extension Expander {
  /// The manifest's `spec` with its templates evaluated, its defaults filled in, checked; an empty map where it is
  /// broken.
  mutating func spec(_ manifest: Int) -> Value {
    if case .done(let value) = manifests[manifest].spec { return value }
    let document = manifests[manifest].document
    let isRunning: Bool = if case .running = manifests[manifest].spec { true } else { false }
    let found = working(on: document.address, document.origin, isRunning: isRunning) { expander in
      expander.manifests[manifest].spec = .running
      let value = expander.readSpec(document, expander.manifests[manifest].kind)
      expander.manifests[manifest].spec = .done(value)
      return value
    }
    return found ?? .map([])
  }

  private mutating func readSpec(_ document: ManifestDocument, _ kind: Kind) -> Value {
    guard let written = document.spec, written.kind == .map else {
      diagnostics += kind.schema.validate(.map([]), path: "spec", position: document.origin)
      return Value.build { kind.schema.writeFilled(.map([]), into: &$0) }
    }
    let known = written.holdsTemplate ? evaluated(written) : written
    let earlier = diagnostics.count
    diagnostics += kind.schema.validate(known, path: "spec")
    checkReferences(known, .object(kind.schema), nil)
    let filled = Value.build { kind.schema.writeFilled(known, into: &$0) }
    // Expressions over a broken spec would only repeat what was reported.
    if diagnostics[earlier...].hasErrors, let position = index[document.address] { manifests[position].variant = nil }
    return filled
  }

  // MARK: Templates of the manifest

  private mutating func evaluated(_ value: Value) -> Value {
    var builder = TapeBuilder()
    write(value, &builder)
    return builder.finish()
  }

  private mutating func write(_ value: Value, _ builder: inout TapeBuilder) {
    guard value.holdsTemplate else { return builder.append(value) }
    builder.setPosition(value.origin)
    switch value.kind {
    case .string: writeText(value, &builder)
    case .list:
      builder.beginList()
      for item in value.elements { write(item, &builder) }
      builder.endList()
    case .map:
      builder.beginMap()
      for entry in value.entries {
        builder.startEntry(entry)
        write(entry.value, &builder)
      }
      builder.endMap()
    case .null, .bool, .int, .double, .unknown: builder.append(value)
    }
  }

  private mutating func writeText(_ value: Value, _ builder: inout TapeBuilder) {
    let template = Template.parse(value.spelling, in: manifestEnvironment, locate: locate(value))
    diagnostics += template.diagnostics
    guard template.diagnostics.isEmpty else { return placeholder(LeafTable.broken, &builder) }
    for reference in template.references where index[reference.subject] == nil { reads.append((reference, value)) }
    let result = evaluate(template, value).result
    if result.isSensitive { builder.beginSensitive() }
    defer { if result.isSensitive { builder.endSensitive() } }
    switch result.outcome {
    case .known(let operand):
      do throws(EvaluationError) { try operand.writePlaced(value.origin, to: &builder) } catch {
        diagnostics.append(.error(.blueprintExpression, error.message, at: value.origin, hint: error.hint))
        builder.null()
      }
    case .unknown(let operand):
      if case .unknown(let unknown) = operand { placeholder(unknown, &builder) } else { partial(operand, &builder) }
    case .failed(let problem):
      diagnostics.append(problem)
      placeholder(LeafTable.broken, &builder)
    }
  }

  private mutating func placeholder(_ unknown: Unknown, _ builder: inout TapeBuilder) {
    builder.unknown(Slot(index: UInt32(specUnknowns.count)))
    specUnknowns.append(unknown)
  }

  /// A list or map that holds unknowns.
  private mutating func partial(_ operand: Operand, _ builder: inout TapeBuilder) {
    switch operand.loaded {
    case .unknown(let unknown): placeholder(unknown, &builder)
    case .list(let items):
      builder.beginList()
      for item in items { partial(item, &builder) }
      builder.endList()
    case .map(let map):
      builder.beginMap()
      for (key, value) in zip(map.keys, map.values) {
        builder.key(key.text ?? "")
        partial(value, &builder)
      }
      builder.endMap()
    default: do throws(EvaluationError) { try operand.write(to: &builder) } catch { builder.null() }
    }
  }

  /// What manifests of an estate may use: references, its variables by name, and `environment`.
  static func environment(of loaded: LoadedEstate) -> ExpressionEnvironment {
    loaded.manifestNames
  }

  /// Evaluates a template of a manifest; unknowns in the result have names. Beside it the template that is left where
  /// something is unknown, which reads resources alone.
  mutating func evaluate(_ template: Template, _ value: Value) -> (result: PartialEvaluation, left: Template?) {
    var known: [Reference: Operand] = [:]
    for reference in template.references {
      known[reference] = operand(of: reference, value) ?? .unknown(leaves.leaf(reference))
    }
    let activation = Activation(["var": variableValues, "environment": environment]) { known[$0] }
    var result = template.evaluatePartially(activation, locate: locate(value))
    guard case .unknown(let operand) = result.outcome else { return (result, nil) }
    let leaves = leaves
    let settled = leaves.settled(operand) { template.residualExpression(activation, naming: leaves.name) }
    result.outcome = .unknown(settled)
    return (result, settled.source(naming: leaves.name).map { leaves.template("${\($0)}") } ?? LeafTable.brokenTemplate)
  }

  var variableValues: Operand { .value(loaded.variableValues) }

  // MARK: References to manifests

  private mutating func checkReferences(_ value: Value, _ type: FieldType, _ rules: FieldRules?) {
    if let rules, !rules.kinds.isEmpty, value.kind == .map { return checkReference(value, rules.kinds) }
    switch type {
    case .object(let schema) where schema.holdsReferences:
      for entry in value.entries {
        guard let field = schema[entry.key] else { continue }
        checkReferences(entry.value, field.type, field.rules)
      }
    case .list(let element, _): for item in value.elements { checkReferences(item, element, rules?.element) }
    case .map(let element): for entry in value.entries { checkReferences(entry.value, element, rules?.element) }
    case .string, .int, .double, .bool, .any, .object: break
    }
  }

  private mutating func checkReference(_ value: Value, _ kinds: [String]) {
    guard let name = value["name"], name.kind == .string else { return }
    let wanted = value["kind"]?.string.map { [$0] } ?? kinds
    let found = wanted.filter { isManifest("\($0)/\(name.spelling)") }
    guard found.count != 1, !wanted.contains(where: { unread.contains("\($0)/\(name.spelling)") }) else { return }
    let length = max(1, name.spelling.unicodeScalars.count)
    if found.count > 1 {
      diagnostics.append(
        .error(
          .unknownManifest, "`\(name.spelling)` may be \(found.joined(separator: " or "))", at: name.origin,
          length: length, hint: "add `kind`, such as `kind: \(found[0])`"))
      return
    }
    let names = manifests.filter { wanted.contains($0.kind.name.kind) }.map(\.document.name)
    let words = wanted.map { "`\($0)`" }.joined(separator: " or ")
    diagnostics.append(
      .error(
        .unknownManifest, "there is no \(words) named `\(name.spelling)`", at: name.origin, length: length,
        hint: Suggestion.hint(for: name.spelling, among: names)
          ?? (names.isEmpty
            ? "the estate has no \(words)" : "it has: \(names.sorted().prefix(12).joined(separator: ", "))")))
  }

  private func isManifest(_ address: String) -> Bool {
    index[address] != nil
      || address.hasPrefix("Target/") && loaded.estate.targets.contains { "Target/\($0.name)" == address }
  }

  /// The manifest that a reference names; nil where there is none, which was reported.
  func manifest(_ reference: Value, _ kinds: [String]) -> Int? {
    guard let name = reference["name"]?.string else { return nil }
    let wanted = reference["kind"]?.string.map { [$0] } ?? kinds
    let found = wanted.compactMap { index["\($0)/\(name)"] }
    return found.count == 1 ? found[0] : nil
  }
}

extension Schema {
  /// True where some field, or a field inside it, refers to manifests.
  var holdsReferences: Bool { fields.contains { !($0.rules?.kinds ?? []).isEmpty || $0.type.holdsReferences } }
}

extension FieldType {
  fileprivate var holdsReferences: Bool {
    switch self {
    case .string, .int, .double, .bool, .any: false
    // References in lists are known by the rules of the items, which the type alone does not show.
    case .list, .map: true
    case .object(let schema): schema.holdsReferences
    }
  }
}

extension Value {
  /// A text with `${` anywhere below.
  var holdsTemplate: Bool {
    switch kind {
    case .string: Template.isTemplate(self)
    case .list: elements.contains { $0.holdsTemplate }
    case .map: entries.contains { $0.value.holdsTemplate }
    case .null, .bool, .int, .double, .unknown: false
    }
  }
}

extension Operand {
  /// Writes a known operand at a position.
  func writePlaced(_ position: SourcePosition?, to builder: inout TapeBuilder) throws(EvaluationError) {
    builder.setPosition(position)
    if case .optional(let inner) = self {
      if let inner { try inner.writePlaced(position, to: &builder) } else { builder.null() }
      return
    }
    try loaded.write(to: &builder)
  }
}
