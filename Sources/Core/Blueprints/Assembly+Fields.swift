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
    let spec = resource.document.spec.flatMap { $0.kind == .map ? Optional($0) : Optional.none } ?? .map([])
    let tags = resource.facts.hasTags ? loaded.estate.defaultTags : nil
    let nameField = resource.facts.nameField.flatMap { spec[$0]?.isNull ?? true ? $0 : nil }
    let mustMark = resource.facts.hasSecrets
    if tags == nil, nameField == nil, !mustMark, !spec.holdsTemplate { return builder.append(spec) }
    var writer = FieldWriter(owner: position, address: resource.address)
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
    case .string where Template.isTemplate(value): writeTemplate(value, type, field, writer, &builder)
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
    if template.diagnostics.isEmpty, template.isConstant || readsManifests(template) {
      let (result, residual) = expander.evaluate(template, value)
      switch result.outcome {
      case .known(let operand):
        return write(operand, result.isSensitive, value, &builder)
      case .unknown: left = residual ?? template
      case .failed(let problem): diagnostics.append(isSecret ? problem.withoutText : problem)
      }
    }
    // A broken template leaves an unknown as well, so that it is not blamed for its type too.
    builder.unknown(Slot(index: UInt32(slots.count)))
    slots.append(
      Deferred(template: left, owner: writer.address, path: ValuePath(writer.path), origin: value.origin))
    owners.append((writer.owner, writer.isLate))
    check(left, value, type, field, owner: writer.owner, isLate: writer.isLate)
  }

  /// True where variables or manifests of blueprints' kinds are read, which are known here and nowhere later.
  private func readsManifests(_ template: Template) -> Bool {
    !template.paths.isEmpty || template.references.contains { expander.index[$0.subject] != nil }
  }

  private mutating func write(_ operand: Operand, _ isSecret: Bool, _ value: Value, _ builder: inout TapeBuilder) {
    if isSecret { builder.beginSensitive() }
    defer { if isSecret { builder.endSensitive() } }
    do throws(EvaluationError) {
      try operand.writePlaced(value.origin, to: &builder)
    } catch {
      diagnostics.append(.error(.resultType, error.message, at: value.origin, hint: error.hint))
      builder.null()
    }
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
  /// How many secret fields are open.
  var secretDepth = 0

  init(owner: Int, address: Address) {
    self.owner = owner
    self.address = address
  }
}
