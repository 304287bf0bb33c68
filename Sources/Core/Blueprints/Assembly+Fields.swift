import Diagnostics
import Expressions
import Manifests
import Resources
import Schemas
import Values

extension Assembly {
  /// Writes the fields of one resource as the next root: the spec with its defaults, templates as values or
  /// unknowns.
  mutating func write(_ position: Int, _ builder: inout TapeBuilder) {
    let resource = declared[position]
    if let expansion = resource.expansion { return writeExpanded(position, expansion, &builder) }
    let spec = resource.document.fields.flatMap { $0.kind == .map ? Optional($0) : Optional.none } ?? .map([])
    let tags = resource.facts.hasTags ? loaded.estate.defaultTags : nil
    let nameField = resource.facts.nameField.flatMap { spec[$0]?.isNull ?? true ? $0 : nil }
    let mustMark = resource.facts.hasSecrets
    let takesExpressions = resource.document.takesExpressions
    if tags == nil, nameField == nil, !mustMark, !(takesExpressions && spec.holdsComputed) {
      return builder.append(spec)
    }
    var writer = FieldWriter(owner: position, address: resource.address)
    writer.takesExpressions = takesExpressions
    builder.setPosition(spec.origin ?? resource.document.origin)
    builder.beginMap()
    if let nameField, let name = resource.document.metadata?["name"] {
      builder.key(nameField)
      builder.append(name)
    }
    for entry in spec.entries where !(entry.key == nameField && entry.value.isNull) {
      let key = entry.key
      let field = resource.facts.type.schema[key]
      writer.isLate = field?.marks.contains(.late) ?? false
      writer.path = [.key(key)]
      if let tags, key == "tags", entry.value.kind == .map || entry.value.isNull {
        builder.key("tags")
        writeTags(entry.value, tags, field, &writer, &builder)
      } else {
        builder.startEntry(entry)
        writeField(entry.value, field, &writer, &builder)
      }
    }
    if let tags, spec["tags"] == nil {
      builder.key("tags")
      builder.append(tags)
    }
    builder.endMap()
  }

  /// The estate's tags first, those of the manifest over them; null takes a default away.
  private mutating func writeTags(
    _ written: Value, _ defaults: Value, _ field: Field?, _ writer: inout FieldWriter,
    _ builder: inout TapeBuilder
  ) {
    builder.setPosition(written.origin)
    builder.beginMap()
    for entry in defaults.entries where written[entry.key] == nil {
      builder.key(entry.key)
      builder.append(entry.value)
    }
    for entry in written.entries where !entry.value.isNull {
      builder.startEntry(entry)
      writer.path.append(.key(entry.key))
      writeValue(entry.value, .string, field, &writer, &builder)
      writer.path.removeLast()
    }
    builder.endMap()
  }

  private mutating func writeField(
    _ value: Value, _ field: Field?, _ writer: inout FieldWriter, _ builder: inout TapeBuilder
  ) {
    let isSecret = field?.marks.contains(.sensitive) ?? false
    guard isSecret else { return writeValue(value, field?.type, field, &writer, &builder) }
    builder.beginSensitive()
    writer.secretDepth += 1
    writeValue(value, field?.type, field, &writer, &builder)
    writer.secretDepth -= 1
    builder.endSensitive()
  }

  private mutating func writeValue(
    _ value: Value, _ type: FieldType?, _ field: Field?, _ writer: inout FieldWriter,
    _ builder: inout TapeBuilder
  ) {
    switch value.kind {
    case .string where writer.takesExpressions && Template.isTemplate(value):
      writeTemplate(value, type, field, writer, &builder)
    case .map where value.namesSecret && writer.secretDepth > 0: writeSecret(value, writer, &builder)
    case .map where value.namesSecret && (type?.isScalar ?? false):
      refuseSecret(value, writer)
      builder.null()
    case .null, .bool, .int, .double, .string, .unknown: builder.append(value)
    case .list:
      let element: FieldType? = if case .list(let element, _) = type { element } else { nil }
      builder.setPosition(value.origin)
      builder.beginList()
      for (index, item) in value.elements.enumerated() {
        writer.path.append(.index(index))
        writeValue(item, element, field, &writer, &builder)
        writer.path.removeLast()
      }
      builder.endList()
    case .map:
      builder.setPosition(value.origin)
      builder.beginMap()
      for entry in value.entries {
        builder.startEntry(entry)
        writer.path.append(.key(entry.key))
        writeEntry(entry.value, entry.key, type, field, &writer, &builder)
        writer.path.removeLast()
      }
      builder.endMap()
    }
  }

  private mutating func writeEntry(
    _ value: Value, _ key: String, _ type: FieldType?, _ field: Field?, _ writer: inout FieldWriter,
    _ builder: inout TapeBuilder
  ) {
    switch type {
    case .object(let schema): writeField(value, schema[key], &writer, &builder)
    case .map(let element): writeValue(value, element, field, &writer, &builder)
    case .string, .int, .double, .bool, .any, .list, nil: writeValue(value, nil, nil, &writer, &builder)
    }
  }

  /// What is constant becomes its value; what reads another resource becomes an unknown with a slot.
  private mutating func writeTemplate(
    _ value: Value, _ type: FieldType?, _ field: Field?, _ writer: FieldWriter, _ builder: inout TapeBuilder
  ) {
    let sources = loaded.sources
    let template = Template.parse(value.spelling, in: expander.manifestEnvironment) {
      sources.position(of: $0, in: value)
    }
    let isSecret = writer.secretDepth > 0
    let earlier = diagnostics.count
    defer { if isSecret { hideSecrets(from: earlier) } }
    diagnostics += isSecret ? template.diagnostics.map(\.withoutText) : template.diagnostics
    builder.setPosition(value.origin)
    var left = template
    var known: Value?
    if template.diagnostics.isEmpty, template.isConstant || readsManifests(template) {
      let (result, residual) = expander.evaluate(template, value)
      switch result.outcome {
      case .known(let operand):
        guard result.isSensitive else { return write(operand, value, &builder) }
        known = secretValue(operand, value)
      // What is left of a template shows no secret, so that one that reads any is kept as it is.
      case .unknown: left = readsSecrets(template) ? template : residual ?? template
      case .failed(let problem): report(isSecret ? problem.withoutText : problem)
      }
    }
    // A broken template leaves an unknown as well, so that it is not blamed for its type too.
    let slot = Slot(index: UInt32(slots.count))
    // What sensitive variables make is known, and treated like a secret that is read only when it is written.
    secrets[slot] = known
    let mustHide = !isSecret && (known != nil || readsSecrets(template))
    if mustHide { builder.beginSensitive() }
    builder.unknown(slot)
    if mustHide { builder.endSensitive() }
    let subjects = add(
      Deferred(template: left, owner: writer.address, path: ValuePath(writer.path), origin: value.origin),
      writer.owner, isLate: writer.isLate)
    check(left, subjects, value, type, field, owner: writer.owner, isLate: writer.isLate)
    // A reference alone was checked with what it names.
    if !isSecret, !(left.isSingleReference && subjects.first != nil) { checkType(template, value, type) }
  }

  /// Adds a slot, and tells for each of its references the resource that is read.
  @discardableResult
  mutating func add(_ deferred: Deferred, _ owner: Int, isLate: Bool) -> [Int?] {
    let subjects = deferred.template.references.map { index[$0.subject] }
    slots.append(deferred)
    links.append(owner: owner, reading: subjects)
    self.isLate.append(isLate)
    return subjects
  }

  /// True where variables or manifests of blueprints' kinds are read, which are known here and nowhere later.
  private func readsManifests(_ template: Template) -> Bool {
    !template.paths.isEmpty || template.references.contains { expander.index[$0.subject] != nil }
  }

  private mutating func write(_ operand: Operand, _ value: Value, _ builder: inout TapeBuilder) {
    do throws(EvaluationError) {
      try operand.writePlaced(value.origin, to: &builder)
    } catch {
      diagnostics.append(.error(.resultType, error.message, at: value.origin, hint: error.hint))
      builder.null()
    }
  }

  private mutating func secretValue(_ operand: Operand, _ value: Value) -> Value? {
    do throws(EvaluationError) {
      return try operand.value().markedSensitive
    } catch {
      diagnostics.append(.error(.resultType, error.message, at: value.origin, hint: error.hint))
      return nil
    }
  }

  private mutating func report(_ problem: Diagnostic) {
    // A variable without a value has been reported.
    if loaded.variables.count == loaded.estate.variables.count { diagnostics.append(problem) }
  }

  /// Whether a template that also awaits something names a sensitive variable. Reading `var` in any other way than by
  /// a name counts as reading all.
  private func readsSecrets(_ template: Template) -> Bool {
    let secret = Set(loaded.estate.variables.filter(\.isSensitive).map(\.name))
    guard !secret.isEmpty else { return false }
    let read = VariableNames(template.source)
    return read.mayReadAll || read.names.contains(where: secret.contains)
  }

  /// `valueFrom` in a secret field: the place where the secret is kept.
  private mutating func writeSecret(_ value: Value, _ writer: FieldWriter, _ builder: inout TapeBuilder) {
    let written = value["valueFrom"] ?? .null
    guard let reference = SecretReference(written) else {
      let entry = written.entries.first { !SecretReference.words.contains($0.key) }
      let words = SecretReference.words
      diagnostics.append(
        .error(
          .secretReference, "`valueFrom` says not exactly one place", at: written.origin ?? value.origin,
          hint: entry.flatMap { Suggestion.hint(for: $0.key, among: words) }
            ?? "it is one of: \(words.map { "`{\($0): …}`" }.joined(separator: ", "))"))
      return builder.null()
    }
    builder.setPosition(value.origin)
    builder.unknown(Slot(index: UInt32(slots.count)))
    add(
      Deferred(
        template: Template(source: ""), owner: writer.address, path: ValuePath(writer.path), origin: value.origin,
        secret: reference), writer.owner, isLate: writer.isLate)
  }

  /// `valueFrom` where a text or number belongs that anybody may see.
  private mutating func refuseSecret(_ value: Value, _ writer: FieldWriter) {
    diagnostics.append(
      .error(
        .secretReference, "`\(ValuePath(writer.path))` is no secret, so that it takes no `valueFrom`",
        at: value.entries.first { _ in true }?.keyOrigin ?? value.origin, length: "valueFrom".count,
        hint: "values from outside come in through variables: `from: {env: NAME}`"))
  }
}

extension Assembly {
  /// Problems found in a secret show neither its line nor how long it is.
  private mutating func hideSecrets(from first: Int) {
    for index in first..<diagnostics.count {
      diagnostics[index].isSecret = true
      diagnostics[index].length = 1
    }
  }
}

extension Diagnostic {
  /// The same problem without words of the text: what looks like an expression may be a secret that holds `${`.
  fileprivate var withoutText: Diagnostic {
    .error(
      code, "an expression in a secret cannot be read", at: position, hint: "write `$${` for a literal `${`")
  }
}

/// Where the writing of one resource's fields has got to.
struct FieldWriter {
  let owner: Int
  let address: Address
  var path: [ValuePath.Segment] = []
  var isLate = false
  /// False in native Kubernetes objects, where `${` is plain text unless they say otherwise.
  var takesExpressions = true
  /// How many secret fields are open.
  var secretDepth = 0

  init(owner: Int, address: Address) {
    self.owner = owner
    self.address = address
  }
}

extension FieldType {
  /// True for what is no collection.
  fileprivate var isScalar: Bool {
    switch self {
    case .string, .int, .double, .bool: true
    case .any, .list, .map, .object: false
    }
  }
}

extension Value {
  /// `{valueFrom: …}` and nothing else.
  fileprivate var namesSecret: Bool { kind == .map && count == 1 && self["valueFrom"]?.kind == .map }

  /// True where a text anywhere below holds `${`, or a secret is named.
  fileprivate var holdsComputed: Bool {
    switch kind {
    case .string: Template.isTemplate(self)
    case .list: elements.contains { $0.holdsComputed }
    case .map: namesSecret || entries.contains { $0.value.holdsComputed }
    case .null, .bool, .int, .double, .unknown: false
    }
  }
}
