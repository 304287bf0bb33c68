import Diagnostics
import Expressions
import Manifests
import Resources
import Schemas
import Values

extension Expander {
  /// The spec of a manifest as its expressions see it: references read as the manifests they name.
  mutating func specOperand(_ manifest: Int, _ paths: PathTree) -> Operand {
    let value = spec(manifest), schema = manifests[manifest].kind.schema
    return operand(value, .object(schema), nil, paths)
  }

  private mutating func operand(_ value: Value, _ type: FieldType?, _ rules: FieldRules?, _ paths: PathTree) -> Operand
  {
    if let slot = value.unknown { return .unknown(specUnknowns[Int(slot.index)]) }
    if let rules, !rules.kinds.isEmpty, value.kind == .map { return reference(value, rules.kinds, paths) }
    switch (type, value.kind) {
    case (.object(let schema), .map) where schema.holdsReferences || value.containsUnknown:
      return map(value, paths) { (schema[$0]?.type, schema[$0]?.rules) }
    case (.map(let element), .map) where element.mayRefer(rules?.element) || value.containsUnknown:
      return map(value, paths) { _ in (element, rules?.element) }
    case (.list(let element, _), .list) where element.mayRefer(rules?.element) || value.containsUnknown:
      let below = paths[PathTree.any] ?? .whole
      return .list(value.elements.map { operand($0, element, rules?.element, below) })
    case (_, .map) where value.containsUnknown: return map(value, paths) { _ in (nil, nil) }
    case (_, .list) where value.containsUnknown:
      return .list(value.elements.map { operand($0, nil, nil, paths) })
    default: return .value(value)
    }
  }

  private mutating func map(
    _ value: Value, _ paths: PathTree, _ field: (String) -> (FieldType?, FieldRules?)
  ) -> Operand {
    var entries: [(String, Operand)] = []
    for entry in value.entries {
      let name = entry.key, found = field(name)
      entries.append((name, operand(entry.value, found.0, found.1, paths[name] ?? PathTree())))
    }
    return .map(OperandMap(entries))
  }

  /// A manifest as far as it is read through a reference.
  private mutating func reference(_ value: Value, _ kinds: [String], _ paths: PathTree) -> Operand {
    let name = value["name"].map { Operand(loading: $0) } ?? .null
    guard let manifest = manifest(value, kinds) else {
      if case .string(let text) = name, kinds.contains("Target") {
        let settings = target(text)
        return .map(OperandMap([("name", name), ("kind", .string("Target")), ("target", settings)]))
      }
      return .unknown(LeafTable.broken)
    }
    var fields = [("name", name), ("kind", .string(manifests[manifest].kind.name.kind))]
    if paths["target"] != nil { fields.append(("target", target(manifests[manifest].target))) }
    if let below = paths["spec"] {
      fields.append(("spec", below.isWhole ? plainSpec(manifest) : specOperand(manifest, below)))
    }
    if let below = paths["outputs"] { fields.append(("outputs", outputs(manifest, below))) }
    return .map(OperandMap(fields))
  }

  /// The spec without what its own references lead to, so that reading all of it ends.
  private mutating func plainSpec(_ manifest: Int) -> Operand {
    let value = spec(manifest)
    return value.containsUnknown ? operand(value, nil, nil, PathTree()) : .value(value)
  }

  /// The outputs of a manifest as far as they are read.
  mutating func outputs(_ manifest: Int, _ paths: PathTree) -> Operand {
    guard let variant = manifests[manifest].variant else { return .unknown(LeafTable.broken) }
    let names =
      paths.isWhole || paths.children[PathTree.any] != nil
      ? variant.outputs.keys.sorted() : paths.children.keys.sorted()
    var found: [(String, Operand)] = []
    for name in names where variant.outputs[name] != nil {
      let operand = output(manifest, name)
      if case .optional(nil) = operand { continue }
      found.append((name, operand))
    }
    return .map(OperandMap(found))
  }

  // MARK: Outputs

  /// One output of a manifest; unknowns within it have names.
  mutating func output(_ manifest: Int, _ name: String) -> Operand {
    let progress = manifests[manifest].outputs[name] ?? .new
    if case .done(let operand) = progress { return operand }
    _ = spec(manifest)
    guard let output = manifests[manifest].variant?.outputs[name] else { return .unknown(LeafTable.broken) }
    let isRunning: Bool = if case .running = progress { true } else { false }
    let document = manifests[manifest].document
    let found = working(on: "\(document.address).outputs.\(name)", document.origin, isRunning: isRunning) { expander in
      expander.manifests[manifest].outputs[name] = .running
      let activation = expander.activation(manifest, output.scope, withResources: true)
      let operand = expander.present(expander.operand(of: output.tree, activation, manifest), output)
      expander.manifests[manifest].outputs[name] = .done(operand)
      return operand
    }
    return found ?? .unknown(LeafTable.broken)
  }

  /// An output that is an optional reads as what is in it. Where only applying tells whether anything is, it reads as
  /// null if not, so that operators work on it either way.
  private func present(_ operand: Operand, _ output: Variant.Output) -> Operand {
    switch operand {
    case .optional(let inner?): return present(inner, output)
    case .unknown(let unknown):
      guard case .text(let text) = output.tree, case .optional = text.template.type, let name = leaves.name(unknown)
      else { return operand }
      return .unknown(leaves.leaf("(\(name)).orValue(null)", awaiting: unknown.references))
    default: return operand
    }
  }

  /// A template tree as an operand; unknowns within it have names.
  mutating func operand(of tree: TemplateTree, _ activation: Activation, _ manifest: Int) -> Operand {
    switch tree {
    case .constant(let value): return .value(value)
    case .text(let text):
      let result = text.template.evaluatePartially(activation, locate: locate(text.value))
      switch result.outcome {
      case .known(let operand):
        guard result.isSensitive, let value = valued(operand) else { return operand }
        return .value(value.markedSensitive)
      case .unknown(let operand):
        let leaves = leaves
        return leaves.settled(operand) { text.template.residualExpression(activation, naming: leaves.name) }
      case .failed(let problem):
        failed(manifest, problem)
        return .unknown(LeafTable.broken)
      }
    case .list(let items, _, _): return .list(items.map { operand(of: $0, activation, manifest) })
    case .map(let entries, _):
      var found: [(String, Operand)] = []
      for entry in entries {
        guard let name = key(of: entry, activation, manifest), !found.contains(where: { $0.0 == name }) else {
          continue
        }
        let operand = operand(of: entry.tree, activation, manifest)
        if !operand.isAbsent { found.append((name, operand)) }
      }
      return .map(OperandMap(found))
    }
  }

  private func valued(_ operand: Operand) -> Value? {
    do throws(EvaluationError) { return try operand.value() } catch { return nil }
  }

  /// The key of an entry; nil, and reported, where it is no text or not known.
  mutating func key(of entry: TemplateEntry, _ activation: Activation, _ manifest: Int) -> String? {
    guard let template = entry.key else { return entry.entry.key }
    switch template.evaluatePartially(activation).outcome {
    case .known(let operand):
      if let text = operand.loaded.joined { return text }
      failed(manifest, .error(.blueprintExpression, "a key is \(operand.phrase)", at: entry.entry.keyOrigin))
    case .unknown(let operand): unknown(manifest, "a key of a template", entry.entry.value, operand)
    case .failed(let problem): failed(manifest, problem)
    }
    return nil
  }

  // MARK: References by name

  /// What a reference such as `Network["prod"].outputs.vpcId` reads of a manifest of a blueprint's kind; nil where it
  /// reads something else.
  mutating func operand(of reference: Reference, _ value: Value) -> Operand? {
    guard let manifest = index[reference.subject] else { return nil }
    let segments = reference.path.segments
    var operand: Operand
    var rest = segments.dropFirst()
    switch segments.first {
    case .key("name"): operand = .string(manifests[manifest].document.name)
    case .key("spec"): operand = specOperand(manifest, .whole)
    case .key("target"): operand = target(manifests[manifest].target)
    case .key("outputs"):
      guard case .key(let name) = rest.first else { return outputs(manifest, .whole) }
      guard checkOutput(name, manifest, reference, value) else { return .unknown(LeafTable.broken) }
      operand = output(manifest, name)
      rest = rest.dropFirst()
    case .key, .index, nil:
      report(
        "`\(reference.subject)` can be read as `.outputs`, `.spec` and `.name`", reference, value,
        hint: "write `\(reference.subject.asReference).outputs.…`")
      return .unknown(LeafTable.broken)
    }
    for segment in rest { operand = step(segment, operand, reference, value) }
    return operand
  }

  private mutating func checkOutput(_ name: String, _ manifest: Int, _ reference: Reference, _ value: Value) -> Bool {
    let known = manifests[manifest].variant?.outputs.keys.sorted() ?? manifests[manifest].kind.outputNames
    if known.contains(name) { return true }
    report(
      "`\(reference.subject)` has no output `\(name)`", reference, value,
      hint: Suggestion.hint(for: name, among: known)
        ?? (known.isEmpty ? "it has none" : "it has: \(known.joined(separator: ", "))"))
    return false
  }

  private mutating func step(
    _ segment: ValuePath.Segment, _ operand: Operand, _ reference: Reference, _ value: Value
  ) -> Operand {
    if case .unknown(let unknown) = operand {
      guard let name = leaves.name(unknown) else { return operand }
      let suffix = Reference(subject: "x/x", path: ValuePath([segment])).source.dropFirst("x[\"x\"]".count)
      return .unknown(leaves.leaf(name + suffix, awaiting: unknown.references))
    }
    let found: Operand? =
      switch segment {
      case .key(let key): operand.member(.string(key))
      case .index(let index): operand.items.flatMap { $0.indices.contains(index) ? $0[index] : nil }
      }
    if let found { return found }
    report("`\(reference)` leads to nothing", reference, value)
    return .unknown(LeafTable.broken)
  }

  private mutating func report(_ message: String, _ reference: Reference, _ value: Value, hint: String? = nil) {
    diagnostics.append(
      .error(
        .unknownReferencedField, message, at: value.origin, length: max(1, value.spelling.unicodeScalars.count),
        hint: hint))
  }
}

extension Operand {
  /// Null, or an optional without a value: what is left out.
  var isAbsent: Bool {
    switch self {
    case .null, .optional(nil): true
    case .value(let value): value.isNull
    case .optional(let inner?): inner.isAbsent
    default: false
    }
  }
}

extension FieldType {
  /// Whether items may hold references.
  fileprivate func mayRefer(_ rules: FieldRules?) -> Bool {
    if let rules, !rules.kinds.isEmpty { return true }
    switch self {
    case .object(let schema): return schema.holdsReferences
    case .list(let element, _), .map(let element): return element.mayRefer(rules?.element)
    case .string, .int, .double, .bool, .any: return false
    }
  }
}

extension String {
  /// `Network/prod` as it stands in an expression: `Network["prod"]`.
  fileprivate var asReference: String { Reference(subject: self, path: .root).source }
}
