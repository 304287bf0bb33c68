import Diagnostics
import Expressions
import Manifests
import Resources
import Schemas
import Values

/// Compiles and checks what a kind stands for on one provider. Total: problems are reported at the blueprint's lines.
struct VariantCompiler {
  private let kind: Kind
  private let provider: String
  private let catalog: TypeCatalog
  private let sources: SourceTexts
  /// Without `resources`, for what decides what exists.
  private var shell: ExpressionEnvironment
  private var full: ExpressionEnvironment
  private var lets: [Variant.Let] = []
  /// For each of `lets` what it reads, those of other names included.
  private var letScopes: [Variant.Scope] = []
  private var letNames: [String: Int] = [:]
  private(set) var diagnostics: [Diagnostic] = []

  /// The libraries that blueprints may use.
  static let environment: ExpressionEnvironment = {
    var environment = Template.environment
    environment.readsManifests = false
    return environment
  }()

  static func compile(
    _ kind: Kind, on provider: String, types: KindTypes, catalog: TypeCatalog, sources: SourceTexts,
    variables: ExpressionType
  ) -> (variant: Variant, diagnostics: [Diagnostic]) {
    var compiler = VariantCompiler(kind, provider, types, catalog, sources, variables)
    let variant = compiler.run()
    return (variant, compiler.diagnostics)
  }

  private init(
    _ kind: Kind, _ provider: String, _ types: KindTypes, _ catalog: TypeCatalog, _ sources: SourceTexts,
    _ variables: ExpressionType
  ) {
    self.kind = kind
    self.provider = provider
    self.catalog = catalog
    self.sources = sources
    shell = Self.environment.declaring([
      "spec": types.spec(of: kind), "metadata": KindTypes.metadata, "var": variables,
      "target": KindTypes.target, "environment": .string, "parameters": .map(.string, .dyn),
    ])
    full = shell
  }

  /// The documents that hold for this provider, and of each the variants.
  private var parts: [(document: BlueprintDocument, entries: [BlueprintDocument.Entry], applies: Bool)] {
    kind.documents.enumerated().map { position, document in
      let own = document.variants.filter { $0.provider == provider || $0.provider == BlueprintReader.anyProvider }
      return (document, own.flatMap(\.entries), position == 0 || !own.isEmpty)
    }
  }

  private mutating func run() -> Variant {
    let parts = parts.filter(\.applies)
    let written = parts.flatMap(\.entries)
    declareResources(written)
    for part in parts { compileLets(part.document.lets) }
    var entries: [Variant.Entry] = []
    var shellScope = Variant.Scope(), templateScope = Variant.Scope()
    for entry in written {
      if let compiled = compile(entry, &shellScope, &templateScope) { entries.append(compiled) }
    }
    let validations = parts.flatMap(\.document.validations).compactMap { compile($0) }
    var outputs: [String: Variant.Output] = [:]
    for output in parts.flatMap(\.document.outputs) {
      guard outputs[output.name] == nil else {
        problem(.blueprintForm, "the output `\(output.name)` is written twice", output.value)
        continue
      }
      var scope = Variant.Scope()
      let tree = tree(output.value, .any, nil, TemplateTree.Place(), full, &scope)
      outputs[output.name] = Variant.Output(tree: tree, scope: scope, origin: output.origin)
    }
    let names = Dictionary(outputs.keys.map { ($0, ExpressionType.dyn) }, uniquingKeysWith: { first, _ in first })
    let made = full.declaring([
      "outputs": .object(ObjectType(name: "the outputs of \(kind.name.kind)", fields: names))
    ])
    let readiness = parts.flatMap(\.document.readiness).compactMap { item -> Variant.Readiness? in
      var scope = Variant.Scope()
      guard let rule = rule(item.rule, .bool, made, &scope) else { return nil }
      return Variant.Readiness(
        rule: rule, message: template(item.message, made, &scope), limit: item.limit, scope: scope)
    }
    return Variant(
      kind: kind, provider: provider, lets: lets, validations: validations, entries: entries, outputs: outputs,
      readiness: readiness, shellScope: shellScope, templateScope: templateScope)
  }

  // MARK: Names

  private mutating func declareResources(_ entries: [BlueprintDocument.Entry]) {
    var roles: [String: ExpressionType] = [:]
    var types: [TypeName: ExpressionType] = [:]
    for entry in entries {
      let type = types[entry.type] ?? catalog[entry.type].map(KindTypes.resource) ?? .dyn
      types[entry.type] = type
      guard roles[entry.role] == nil else {
        diagnostics.append(
          .error(.blueprintForm, "the role `\(entry.role)` stands twice in the variant", at: entry.origin))
        continue
      }
      roles[entry.role] = entry.loop == nil ? type : .map(.string, type)
    }
    full = full.declaring([
      "resources": .object(ObjectType(name: "the resources of \(kind.name.kind) on \(provider)", fields: roles))
    ])
  }

  private mutating func compileLets(_ named: [BlueprintDocument.Named]) {
    for item in named {
      var scope = Variant.Scope()
      guard letNames[item.name] == nil else {
        problem(.blueprintForm, "the name `\(item.name)` is taken", item.value)
        continue
      }
      guard let rule = rule(item.value, nil, full, &scope) else {
        shell.variables[item.name] = .dyn
        full.variables[item.name] = .dyn
        continue
      }
      letNames[item.name] = lets.count
      lets.append(Variant.Let(name: item.name, rule: rule))
      letScopes.append(scope)
      full.variables[item.name] = rule.program.type
      if scope.paths["resources"] == nil { shell.variables[item.name] = rule.program.type }
    }
  }

  /// Notes what an expression reads, through the names of `let` as well.
  private mutating func note(_ paths: [[String]], _ value: Value, _ scope: inout Variant.Scope) {
    for path in paths {
      guard let root = path.first else { continue }
      scope.paths.add(path)
      if root == "parameters" { checkParameter(path, value) }
      guard let position = letNames[root] else { continue }
      for needed in letScopes[position].lets + [position] where !scope.lets.contains(needed) {
        scope.lets.append(needed)
      }
      scope.paths.add(letScopes[position].paths)
    }
    scope.lets.sort()
  }

  private mutating func checkParameter(_ path: [String], _ value: Value) {
    guard path.count > 1, path[1] != PathTree.any, !kind.parameters.contains(where: { $0.name == path[1] }) else {
      return
    }
    problem(
      .blueprintExpression, "`\(kind.name.kind)` has no parameter `\(path[1])`", value,
      hint: Suggestion.hint(for: path[1], among: kind.parameters.map(\.name)))
  }

  // MARK: Expressions

  private mutating func rule(
    _ value: Value, _ wanted: ExpressionType?, _ environment: ExpressionEnvironment, _ scope: inout Variant.Scope
  ) -> Variant.Rule? {
    let sources = sources
    let (program, problems) = Program.compile(value.spelling, in: environment, expecting: wanted) {
      sources.position(of: $0, in: value)
    }
    diagnostics += problems
    guard let program else { return nil }
    note(program.paths, value, &scope)
    return Variant.Rule(program: program, value: value)
  }

  private mutating func template(
    _ value: Value, _ environment: ExpressionEnvironment, _ scope: inout Variant.Scope
  ) -> Template {
    let sources = sources
    let template = Template.parse(value.spelling, in: environment) { sources.position(of: $0, in: value) }
    diagnostics += template.diagnostics
    note(template.paths, value, &scope)
    return template
  }

  /// A loop, and the environments with its names.
  private mutating func loop(
    _ written: BlueprintDocument.Loop, _ scope: inout Variant.Scope, _ environments: inout [ExpressionEnvironment]
  ) -> Variant.Loop? {
    guard let source = rule(written.source, nil, shell, &scope) else { return nil }
    let types: [ExpressionType]
    switch source.program.type {
    case .list(let item): types = written.names.count == 1 ? [item] : [.int, item]
    case .map(let key, let value): types = [key, value]
    case .object: types = [.string, .dyn]
    case .dyn, .error: types = [.dyn, .dyn]
    default:
      problem(
        .blueprintExpression, "`in` is a list or a map, not \(source.program.type)", written.source)
      types = [.dyn, .dyn]
    }
    let names = Dictionary(zip(written.names, types), uniquingKeysWith: { first, _ in first })
    for index in environments.indices { environments[index] = environments[index].declaring(names) }
    let key = written.key.flatMap { value -> Variant.Rule? in
      let key = rule(value, nil, environments[0], &scope)
      if let type = key?.program.type, ![.string, .int, .uint, .dyn, .error].contains(type) {
        problem(.blueprintExpression, "`key` is a text or an integer, not \(type)", value)
      }
      return key
    }
    return Variant.Loop(source: source, names: written.names, key: key)
  }

  // MARK: Parts

  private mutating func compile(_ written: BlueprintDocument.Validation) -> Variant.Validation? {
    var scope = Variant.Scope()
    var environments = [shell]
    let loop = written.loop.flatMap { self.loop($0, &scope, &environments) }
    guard let rule = rule(written.rule, .bool, environments[0], &scope) else { return nil }
    return Variant.Validation(
      rule: rule, path: template(written.path, environments[0], &scope),
      message: template(written.message, environments[0], &scope), hint: written.hint,
      when: written.when.flatMap { self.rule($0, .bool, environments[0], &scope) },
      warnWhen: written.warnWhen.flatMap { self.rule($0, .bool, environments[0], &scope) },
      isWarning: written.isWarning, loop: loop, scope: scope)
  }

  private mutating func compile(
    _ written: BlueprintDocument.Entry, _ shellScope: inout Variant.Scope, _ templateScope: inout Variant.Scope
  ) -> Variant.Entry? {
    guard let type = type(of: written) else { return nil }
    var environments = [shell, full]
    let loop = written.loop.flatMap { self.loop($0, &shellScope, &environments) }
    let facts = TypeFacts(type)
    let schema = type.schema
    let tree = tree(
      written.template, .object(schema), nil, TemplateTree.Place(), environments[1], &templateScope)
    checkForm(written.template, facts)
    return Variant.Entry(
      role: written.role, facts: facts,
      when: written.when.flatMap { rule($0, .bool, environments[0], &shellScope) }, loop: loop,
      target: written.target.map { template($0, environments[0], &shellScope) }, targetValue: written.target,
      metadata: written.metadata.map { metadata($0, environments[1], &templateScope) }, template: tree,
      templateValue: written.template, origin: written.origin)
  }

  private mutating func type(of entry: BlueprintDocument.Entry) -> ResourceType? {
    if provider != BlueprintReader.anyProvider, entry.type.provider != provider, entry.target == nil,
      !kind.fitsAnyProvider
    {
      problem(
        .blueprintType, "`\(entry.type)` is no type of `\(provider)`", entry.typeValue,
        hint: "write `target:` for a resource that goes elsewhere")
    }
    if let type = catalog[entry.type] { return type }
    let names = catalog.names.map(\.text)
    problem(
      .blueprintType, "there is no resource type `\(entry.type)`", entry.typeValue,
      hint: Suggestion.hint(for: entry.type.text, among: names) ?? "`plumb provider list` shows all types")
    return nil
  }

  private static let metadataFields: [String: FieldType] = [
    "protect": .bool, "adopt": .any, "movedFrom": .string, "managementPolicy": .string, "createBeforeDestroy": .bool,
    "dependsOn": .list(.string), "ignore": .list(.string),
  ]

  private mutating func metadata(
    _ value: Value, _ environment: ExpressionEnvironment, _ scope: inout Variant.Scope
  ) -> TemplateTree {
    for entry in value.entries where Self.metadataFields[entry.key] == nil {
      diagnostics.append(
        .error(
          .unknownField, "`metadata` of an entry has no field `\(entry.key)`", at: entry.keyOrigin,
          length: entry.key.unicodeScalars.count,
          hint: Suggestion.hint(for: entry.key, among: Self.metadataFields.keys.sorted())))
    }
    let schema = Schema(Self.metadataFields.sorted { $0.key < $1.key }.map { Field($0.key, $0.value, [], "") })
    return tree(value, .object(schema), nil, TemplateTree.Place(), environment, &scope)
  }

  // MARK: Templates

  private mutating func tree(
    _ value: Value, _ type: FieldType?, _ field: Field?, _ place: TemplateTree.Place,
    _ environment: ExpressionEnvironment, _ scope: inout Variant.Scope
  ) -> TemplateTree {
    switch value.kind {
    case .string where Template.isTemplate(value):
      let template = template(value, environment, &scope)
      check(template, value, type, field)
      return .text(TemplateText(template: template, value: value, place: place, paths: template.paths))
    case .null, .bool, .int, .double, .string, .unknown: return .constant(value)
    case .list:
      let element: FieldType? = if case .list(let element, _) = type { element } else { nil }
      let items = value.elements.map { tree($0, element, field, place, environment, &scope) }
      return items.allSatisfy(\.isConstant) ? .constant(value) : .list(items, value, place)
    case .map:
      let entries = value.entries.map { entry($0, type, field, place, environment, &scope) }
      let isConstant = entries.allSatisfy { $0.key == nil && $0.tree.isConstant && !$0.isSecret }
      return isConstant ? .constant(value) : .map(entries, value)
    }
  }

  private mutating func entry(
    _ entry: Value.Entry, _ type: FieldType?, _ field: Field?, _ place: TemplateTree.Place,
    _ environment: ExpressionEnvironment, _ scope: inout Variant.Scope
  ) -> TemplateEntry {
    let name = entry.key
    var key: Template?
    if name.contains("${") {
      let parsed = Template.parse(name, in: environment) { _ in entry.keyOrigin }
      diagnostics += parsed.diagnostics
      note(parsed.paths, entry.value, &scope)
      key = parsed
    }
    var inner = place
    var below: (type: FieldType?, field: Field?) = (nil, nil)
    switch type {
    case .object(let schema):
      let found = schema[name]
      below = (found?.type, found)
      inner.isLate = inner.isLate || found?.marks.contains(.late) ?? false
      inner.isSecret = inner.isSecret || found?.marks.contains(.sensitive) ?? false
    case .map(let element): below = (element, field)
    case .string, .int, .double, .bool, .any, .list, nil: break
    }
    let tree = tree(entry.value, below.type, below.field, inner, environment, &scope)
    return TemplateEntry(
      entry: entry, key: key, tree: tree, isSecret: inner.isSecret && !place.isSecret, isLate: inner.isLate)
  }

  /// An expression alone must be of its field's type, and refer to the right type of resource.
  private mutating func check(_ template: Template, _ value: Value, _ type: FieldType?, _ field: Field?) {
    guard template.diagnostics.isEmpty, let type else { return }
    if let misfit = type.misfit(template.type) {
      problem(.blueprintExpression, misfit.message, value, hint: misfit.hint)
    }
    guard let wanted = field?.references, let path = template.solePath, path.first == "resources",
      path.last == "id", path.count > 1, case .object(let all) = full.variables["resources"], let role = all[path[1]]
    else { return }
    let found: ExpressionType = if case .map(_, let item) = role { item } else { role }
    guard case .object(let object) = found, object.name != wanted else { return }
    problem(
      .blueprintExpression, "`\(field?.name ?? "")` takes a `\(wanted)`, and `\(path[1])` is a `\(object.name)`", value)
  }

  /// What is constant in a template, and which fields there are, is checked like a manifest of the type.
  private mutating func checkForm(_ template: Value, _ facts: TypeFacts) {
    let form = Value.build { Self.writeForm(template, &$0) }
    var optional: Set<String> = []
    if let name = facts.nameField { optional.insert(name) }
    let schema = Schema(
      facts.type.schema.fields.map { field in
        guard optional.contains(field.name) else { return field }
        var field = field
        field.marks.remove(.required)
        return field
      })
    diagnostics += schema.validate(form, path: "template", position: template.origin)
  }

  private static func writeForm(_ value: Value, _ builder: inout TapeBuilder) {
    builder.setPosition(value.origin)
    switch value.kind {
    case .string where Template.isTemplate(value): builder.unknown(Slot(index: 0))
    case .null, .bool, .int, .double, .string, .unknown: builder.append(value)
    case .list:
      builder.beginList()
      for item in value.elements { writeForm(item, &builder) }
      builder.endList()
    case .map:
      builder.beginMap()
      for entry in value.entries {
        builder.startEntry(entry)
        writeForm(entry.value, &builder)
      }
      builder.endMap()
    }
  }

  private mutating func problem(_ code: DiagnosticCode, _ message: String, _ value: Value, hint: String? = nil) {
    diagnostics.append(
      .error(code, message, at: value.origin, length: max(1, value.spelling.unicodeScalars.count), hint: hint))
  }
}

extension TemplateTree {
  var isConstant: Bool {
    if case .constant = self { true } else { false }
  }
}
