import Diagnostics
import Expressions
import Manifests
import Resources
import Schemas
import Values

/// Which part of which manifest a resource is.
struct Expanded: Sendable {
  var manifest: Int
  var entry: Int
  var item: Int
}

extension Assembly {
  /// The variables of one resource's template: those of its manifest, and the names of its loop.
  mutating func activation(of expanded: Expanded) -> Activation? {
    if activations?.manifest != expanded.manifest {
      guard let variant = expander.manifests[expanded.manifest].variant else { return nil }
      let scope = variant.templateScope
      activations = (expanded.manifest, expander.activation(expanded.manifest, scope, withResources: true))
    }
    guard var activation = activations?.activation, let item = item(of: expanded) else { return nil }
    for (name, value) in item.values { activation.variables.append((name: name, value: value)) }
    return activation
  }

  func entry(of expanded: Expanded) -> Variant.Entry? {
    expander.manifests[expanded.manifest].variant?.entries[expanded.entry]
  }

  func item(of expanded: Expanded) -> Expander.Item? {
    guard case .done(let shell) = expander.manifests[expanded.manifest].shell else { return nil }
    return shell.items[expanded.entry][expanded.item]
  }

  /// Writes the fields of a resource that a manifest stands for, as the next root.
  mutating func writeExpanded(_ position: Int, _ expanded: Expanded, _ builder: inout TapeBuilder) {
    guard let entry = entry(of: expanded), let activation = activation(of: expanded),
      case .map(let entries, let written) = entry.template.asMap
    else { return builder.append(.map([])) }
    let facts = declared[position].facts
    let writer = ExpandedWriter(
      owner: position, address: declared[position].address, manifest: expanded.manifest, activation: activation,
      item: item(of: expanded)?.origin ?? declared[position].document.origin)
    var state = ExpandedState()
    builder.setPosition(written.origin)
    builder.beginMap()
    if let name = facts.nameField, written[name] == nil {
      builder.key(name)
      builder.string(defaultName(of: expanded))
    }
    let tags = facts.hasTags ? loaded.estate.defaultTags : nil
    for field in entries {
      if let tags, field.entry.key == "tags", case .map(let own, let place) = field.tree.asMap {
        writeTags(own, place, tags, writer, &state, &builder)
      } else {
        write(field, writer, &state, &builder)
      }
    }
    if let tags, written["tags"] == nil {
      builder.key("tags")
      builder.append(tags)
    }
    builder.endMap()
  }

  /// `prod-subnet-a`: what stands in the API's name field where the blueprint writes none.
  private func defaultName(of expanded: Expanded) -> String {
    let parts = [
      expander.manifests[expanded.manifest].document.name, entry(of: expanded)?.role, item(of: expanded)?.key,
    ]
    return parts.compactMap(\.self).joined(separator: "-")
  }

  /// The estate's tags first, those of the blueprint over them.
  private mutating func writeTags(
    _ own: [TemplateEntry], _ place: Value, _ defaults: Value, _ writer: ExpandedWriter, _ state: inout ExpandedState,
    _ builder: inout TapeBuilder
  ) {
    builder.key("tags")
    builder.setPosition(place.origin)
    builder.beginMap()
    let names = Set(own.compactMap { expander.key(of: $0, writer.activation, writer.manifest) })
    for entry in defaults.entries where !names.contains(entry.key) {
      builder.key(entry.key)
      builder.append(entry.value)
    }
    state.path.append(.key("tags"))
    for entry in own { write(entry, writer, &state, &builder) }
    state.path.removeLast()
    builder.endMap()
  }

  private mutating func write(
    _ entry: TemplateEntry, _ writer: ExpandedWriter, _ state: inout ExpandedState, _ builder: inout TapeBuilder
  ) {
    guard let name = expander.key(of: entry, writer.activation, writer.manifest) else { return }
    state.path.append(.key(name))
    defer { state.path.removeLast() }
    if entry.isSecret {
      builder.beginSensitive()
      state.secretDepth += 1
    }
    defer {
      if entry.isSecret {
        builder.endSensitive()
        state.secretDepth -= 1
      }
    }
    switch entry.tree {
    case .text(let text):
      let result = text.template.evaluatePartially(writer.activation, locate: expander.locate(text.value))
      if case .known(let operand) = result.outcome, operand.isAbsent { return }
      builder.key(name)
      write(result, text, writer, &state, &builder)
    case .constant(let value):
      if value.isNull { return }
      builder.key(name)
      builder.append(value)
    case .list, .map:
      builder.key(name)
      write(entry.tree, writer, &state, &builder)
    }
  }

  private mutating func write(
    _ tree: TemplateTree, _ writer: ExpandedWriter, _ state: inout ExpandedState, _ builder: inout TapeBuilder
  ) {
    switch tree {
    case .constant(let value): builder.append(value)
    case .text(let text):
      let result = text.template.evaluatePartially(writer.activation, locate: expander.locate(text.value))
      write(result, text, writer, &state, &builder)
    case .list(let items, let value, _):
      builder.setPosition(value.origin)
      builder.beginList()
      var position = 0
      for item in items {
        if case .text(let text) = item {
          let result = text.template.evaluatePartially(writer.activation, locate: expander.locate(text.value))
          if case .known(let operand) = result.outcome, operand.isAbsent { continue }
          state.path.append(.index(position))
          write(result, text, writer, &state, &builder)
        } else {
          state.path.append(.index(position))
          write(item, writer, &state, &builder)
        }
        state.path.removeLast()
        position += 1
      }
      builder.endList()
    case .map(let entries, let value):
      builder.setPosition(value.origin)
      builder.beginMap()
      for entry in entries { write(entry, writer, &state, &builder) }
      builder.endMap()
    }
  }

  /// What a text came to: a value, an unknown, or a list or map that holds unknowns.
  private mutating func write(
    _ result: PartialEvaluation, _ text: TemplateText, _ writer: ExpandedWriter, _ state: inout ExpandedState,
    _ builder: inout TapeBuilder
  ) {
    if result.isSensitive { builder.beginSensitive() }
    defer { if result.isSensitive { builder.endSensitive() } }
    let origin = place(of: text, writer)
    switch result.outcome {
    case .known(let operand):
      do throws(EvaluationError) { try operand.writePlaced(origin, to: &builder) } catch {
        expander.failed(writer.manifest, .error(.blueprintExpression, error.message, at: text.value.origin))
        builder.null()
      }
    case .failed(let problem):
      expander.failed(writer.manifest, problem)
      slot(LeafTable.brokenTemplate, origin, text, writer, state, &builder)
    case .unknown(let operand):
      if operand.source(naming: expander.leaves.name) != nil {
        writePartial(operand, origin, text, writer, &state, &builder)
      } else {
        let leaves = expander.leaves
        let left = text.template.residual(writer.activation, naming: leaves.name)
        let template = left.map { leaves.template($0) } ?? LeafTable.brokenTemplate
        if left == nil, !operand.awaitedReferences.isEmpty {
          expander.failed(
            writer.manifest,
            .error(.blueprintExpression, "this cannot be put off until it is known", at: text.value.origin))
        }
        slot(template, origin, text, writer, state, &builder)
      }
    }
  }

  private mutating func writePartial(
    _ operand: Operand, _ origin: SourcePosition?, _ text: TemplateText, _ writer: ExpandedWriter,
    _ state: inout ExpandedState, _ builder: inout TapeBuilder
  ) {
    builder.setPosition(origin)
    switch operand.loaded {
    case .unknown(let unknown):
      let template = expander.leaves.name(unknown).map { expander.leaves.template("${\($0)}") }
      slot(template ?? LeafTable.brokenTemplate, origin, text, writer, state, &builder)
    case .list(let items):
      builder.beginList()
      for (position, item) in items.enumerated() {
        state.path.append(.index(position))
        writePartial(item, origin, text, writer, &state, &builder)
        state.path.removeLast()
      }
      builder.endList()
    case .map(let map):
      builder.beginMap()
      for (key, value) in zip(map.keys, map.values) {
        let name = key.loaded.joined ?? ""
        builder.key(name)
        state.path.append(.key(name))
        writePartial(value, origin, text, writer, &state, &builder)
        state.path.removeLast()
      }
      builder.endMap()
    default:
      do throws(EvaluationError) { try operand.writePlaced(origin, to: &builder) } catch { builder.null() }
    }
  }

  private mutating func slot(
    _ template: Template, _ origin: SourcePosition?, _ text: TemplateText, _ writer: ExpandedWriter,
    _ state: ExpandedState, _ builder: inout TapeBuilder
  ) {
    builder.setPosition(origin)
    builder.unknown(Slot(index: UInt32(slots.count)))
    let subjects = add(
      Deferred(template: template, owner: writer.address, path: ValuePath(state.path), origin: origin), writer.owner,
      isLate: text.place.isLate)
    guard !text.place.isLate, subjects.contains(writer.owner) else { return }
    diagnostics.append(
      .error(
        .selfReference, "`\(writer.address)` reads itself before it exists", at: text.value.origin,
        length: text.value.spelling.unicodeScalars.count,
        hint: "only fields that are written in a second step can read their own resource"))
  }

  /// The line of the manifest that a value comes from, where one path says it; else that of the item or manifest.
  private func place(of text: TemplateText, _ writer: ExpandedWriter) -> SourcePosition? {
    guard let path = text.paths.first(where: { $0.first == "spec" }) else { return writer.item }
    var current = expander.manifests[writer.manifest].document.spec
    for name in path.dropFirst() {
      guard let next = current?[name] else { break }
      current = next
    }
    return current?.origin ?? writer.item
  }
}

/// What holds for all fields of one resource.
struct ExpandedWriter {
  let owner: Int
  let address: Address
  let manifest: Int
  let activation: Activation
  /// Where the manifest writes the item that the resource stands for.
  let item: SourcePosition?
}

/// Where the writing has got to.
struct ExpandedState {
  var path: [ValuePath.Segment] = []
  /// How many secret fields are open.
  var secretDepth = 0
}

extension LeafTable {
  /// Stands for what was reported: it reads nothing.
  static let brokenTemplate = Template(source: "")
}

extension TemplateTree {
  /// A constant map as entries, so that it can be gone through like any other.
  var asMap: TemplateTree {
    guard case .constant(let value) = self, value.kind == .map else { return self }
    let entries = value.entries.map {
      TemplateEntry(entry: $0, key: nil, tree: .constant($0.value), isSecret: false, isLate: false)
    }
    return .map(entries, value)
  }
}
