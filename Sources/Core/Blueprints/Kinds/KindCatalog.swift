import Builtins
import Diagnostics
import Expressions
import Manifests
import Schemas
import Values
import YAML

/// All kinds that blueprints define: those of the program and those of the estate.
package struct KindCatalog: Sendable {
  /// By kind; names differ across groups.
  package fileprivate(set) var kinds: [String: Kind] = [:]
  /// The texts of embedded blueprints, for showing their lines.
  package fileprivate(set) var sources: [(name: String, bytes: [UInt8])] = []

  package subscript(kind: String) -> Kind? { kinds[kind] }

  /// Sorted by name.
  package var all: [Kind] { kinds.values.sorted { $0.name.kind < $1.name.kind } }

  /// Reads the blueprints of an estate beside the embedded ones.
  package static func make(_ documents: [ManifestDocument], providers: [String], files: [BuiltinFile] = builtinFiles)
    -> (catalog: KindCatalog, diagnostics: [Diagnostic])
  {
    var builder = KindCatalogBuilder(providers: providers, files: files)
    builder.add(documents)
    return builder.finish()
  }

  /// The text of an embedded blueprint by the name that positions have, for showing its lines.
  package static func source(_ file: String) -> [UInt8]? {
    guard file.hasPrefix(filePrefix) else { return nil }
    return BuiltinFile.named(String(file.dropFirst(filePrefix.count)))?.bytes
  }

  /// Positions in embedded files are told from those in the estate by this.
  static let filePrefix = "plumb:"

  /// The blueprints of the administration kinds.
  package static var builtinFiles: [BuiltinFile] { BuiltinFile.all(below: "Blueprints") }
}

/// Puts the documents of each kind together. A copy made before the estate's own are added serves for what must be
/// known before the estate is read.
package struct KindCatalogBuilder: Sendable {
  private var diagnostics: [Diagnostic] = []
  private let providers: [String]
  private var definitions: [(document: BlueprintDocument, isBuiltin: Bool)] = []
  private var extensions: [BlueprintDocument] = []
  private var sources: [(name: String, bytes: [UInt8])] = []

  /// Begins with the embedded blueprints.
  package init(providers: [String], files: [BuiltinFile] = KindCatalog.builtinFiles) {
    self.providers = providers
    for file in files {
      let name = KindCatalog.filePrefix + file.name
      sources.append((name, file.bytes))
      addBuiltin(file.bytes, name: name)
    }
  }

  /// The providers that embedded kinds have variants for.
  private static let embedded = ["aws", "gcp", "kubernetes"]

  /// Adds those of an estate.
  package mutating func add(_ documents: [ManifestDocument]) {
    for document in documents where document.isBlueprint { add(document, isBuiltin: false) }
  }

  private mutating func addBuiltin(_ bytes: [UInt8], name: String) {
    let read = YAMLReader.parse(bytes, file: name)
    diagnostics += read.diagnostics
    for body in read.documents where body.kind == .map {
      guard let blueprint = body["metadata"]?["name"]?.string else { continue }
      add(ManifestDocument(group: .own, kind: "Blueprint", name: blueprint, body: body), isBuiltin: true)
    }
  }

  private mutating func add(_ document: ManifestDocument, isBuiltin: Bool) {
    // Embedded kinds have variants for providers that a program may be without.
    var reader = BlueprintReader(providers: isBuiltin ? Array(Set(providers + Self.embedded)).sorted() : providers)
    let read = reader.read(document, isBuiltin: isBuiltin)
    diagnostics += reader.diagnostics
    guard let read else { return }
    if read.isExtension { extensions.append(read) } else { definitions.append((read, isBuiltin)) }
  }

  package mutating func finish() -> (catalog: KindCatalog, diagnostics: [Diagnostic]) {
    var kinds: [String: Kind] = [:]
    for (definition, isBuiltin) in definitions {
      if let first = kinds[definition.kind.kind] {
        problem(
          .blueprintKind, "the kind `\(definition.kind.kind)` is defined twice", definition.origin, first.origin)
        continue
      }
      kinds[definition.kind.kind] = kind(definition, isBuiltin)
    }
    for added in extensions where kinds[added.kind.kind]?.name != added.kind {
      let hint = Suggestion.hint(for: added.kind.kind, among: kinds.keys.sorted())
      diagnostics.append(
        .error(.blueprintKind, "no blueprint defines `\(added.kind)`", at: added.origin, hint: hint))
    }
    var catalog = KindCatalog()
    catalog.kinds = kinds
    catalog.sources = sources
    return (catalog, diagnostics)
  }

  private mutating func kind(_ definition: BlueprintDocument, _ isBuiltin: Bool) -> Kind {
    let own = extensions.filter { $0.kind == definition.kind }
    var taken: [String: SourcePosition?] = [:]
    for document in [definition] + own {
      for variant in document.variants {
        if let first = taken.updateValue(document.origin, forKey: variant.provider) {
          problem(
            .blueprintKind, "`\(definition.kind.kind)` has the variant `\(variant.provider)` twice", document.origin,
            first)
        }
      }
    }
    let read = StructuralSchema.read(definition.schema ?? .map([]), compilingPatterns: Self.pattern)
    diagnostics += read.diagnostics
    let parameters = definition.parameters.map { named in
      let field = StructuralSchema.readField(named.name, named.value, compilingPatterns: Self.pattern)
      diagnostics += field.diagnostics
      return Kind.Parameter(name: named.name, field: field.field)
    }
    return Kind(
      definition, extensions: own, schema: read.schema, parameters: parameters,
      placement: definition.placement.compactMap { place($0, read.schema) }, isBuiltin: isBuiltin)
  }

  /// `spec.scope.projectRef` as names below `spec`; it must be a reference.
  private mutating func place(_ value: Value, _ schema: Schema) -> [String]? {
    let names = (value.string ?? "").split(separator: ".").map(String.init)
    var field: Field?
    var current: Schema? = schema
    for name in names.dropFirst() {
      field = current?[name]
      if case .object(let inner) = field?.type { current = inner } else { current = nil }
    }
    guard names.first == "spec", let field, !(field.rules?.kinds ?? []).isEmpty else {
      diagnostics.append(
        .error(
          .blueprintForm, "`\(value.spelling)` is no reference of this kind", at: value.origin,
          length: max(1, value.spelling.unicodeScalars.count), hint: "write a path such as `spec.cloudRef`"))
      return nil
    }
    return Array(names.dropFirst())
  }

  private mutating func problem(
    _ code: DiagnosticCode, _ message: String, _ place: SourcePosition?, _ first: SourcePosition?
  ) {
    diagnostics.append(
      .error(code, message, at: place, notes: [DiagnosticNote("the first one is here", at: first)]))
  }

  /// Patterns are matched by the same engine as `matches` in expressions.
  static func pattern(_ source: String) -> Result<FieldRules.Pattern, StructuralSchema.PatternProblem> {
    let environment = ExpressionEnvironment(variables: ["text": .string, "pattern": .string])
    guard let program = Program.compile("text.matches(pattern)", in: environment).program else {
      return .failure(StructuralSchema.PatternProblem("patterns are not supported"))
    }
    func matches(_ text: String) -> EvaluationResult {
      program.evaluate(Activation(["text": .string(text), "pattern": .string(source)]))
    }
    if case .failed(let problem) = matches("").outcome {
      return .failure(StructuralSchema.PatternProblem(problem.message))
    }
    return .success(
      FieldRules.Pattern(source) { text in
        program.evaluate(Activation(["text": .string(text), "pattern": .string(source)])).isTrue
      })
  }
}
