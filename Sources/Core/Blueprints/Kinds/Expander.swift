import Diagnostics
import Expressions
import Manifests
import Resources
import Schemas
import Values

/// Works out what the manifests of blueprint kinds stand for: which resources there are and under which keys, what
/// their outputs are. Everything is worked out when it is first asked for, since manifests read each other.
struct Expander {
  struct Manifest {
    let document: ManifestDocument
    let kind: Kind
    /// nil where it was reported why.
    var variant: Variant?
    /// Empty where the kind needs none, or none was found.
    var target: String
    /// As written; templates replaced by values or unknowns, defaults filled in.
    var spec = Progress<Value>.new
    var shell = Progress<Shell>.new
    var outputs: [String: Progress<Operand>] = [:]
  }

  /// Something that is worked out once.
  enum Progress<Result> {
    case new, running
    case done(Result)
  }

  /// Which resources a manifest stands for.
  struct Shell {
    /// For each entry of the variant.
    var items: [[Item]] = []
  }

  struct Item {
    /// nil for an entry without `forEach`.
    var key: String?
    var target: String
    /// The values of the loop's names.
    var values: [(name: String, value: Operand)] = []
    /// Where the manifest writes the item.
    var origin: SourcePosition?
  }

  let loaded: LoadedEstate
  let types: TypeCatalog
  let kinds: KindCatalog
  let parameters: Value
  let sources: SourceTexts
  /// The types of targets that have their own, by the targets' names.
  var served: [String: TypeCatalog] = [:]
  var manifests: [Manifest] = []
  /// By address.
  var index: [String: Int] = [:]
  var diagnostics: [Diagnostic] = []
  /// Manifests that break a rule of their kind; what else goes wrong with them follows from it and is not told.
  var broken: Set<Int> = []
  /// What went wrong while a manifest was expanded.
  var failures: [(manifest: Int, diagnostic: Diagnostic)] = []

  /// All that there is to tell.
  var findings: [Diagnostic] {
    diagnostics + failures.filter { !broken.contains($0.manifest) }.map(\.diagnostic)
  }
  let leaves = LeafTable()
  /// What unknowns inside specs stand for, by their slots.
  var specUnknowns: [Unknown] = []
  /// What is being worked out now, outermost first.
  var stack: [String] = []
  /// Addresses of manifests whose blueprint is wrong: what is wrong with it was reported.
  var unread: Set<String> = []
  /// What specs read of other manifests, so that it can be checked when all of them are known.
  var reads: [(reference: Reference, value: Value)] = []
  private var variants: [String: Variant] = [:]
  private var brokenVariants: Set<String> = []
  private var targetValues: [String: Operand] = [:]
  private var parameterValues: [String: Operand] = [:]
  private let kindTypes: KindTypes
  private let variables: Operand
  var manifestEnvironment: ExpressionEnvironment
  let environment: Operand
  /// Manifests that read manifests that read manifests.
  static let depthLimit = 200

  init(_ loaded: LoadedEstate, types: TypeCatalog, kinds: KindCatalog, parameters: Value) {
    self.loaded = loaded
    self.types = types
    self.kinds = kinds
    self.parameters = parameters
    var sources = loaded.sources
    for source in kinds.sources { sources.add(source.bytes, file: source.name) }
    self.sources = sources
    kindTypes = KindTypes(kinds)
    variables = .value(loaded.variableValues)
    manifestEnvironment = Self.environment(of: loaded)
    environment = .string(loaded.expressionEnvironment)
  }

  // MARK: Variants

  /// Compiles the estate's own blueprints, so that they are checked whether they are used or not.
  mutating func checkKinds(withBuiltins: Bool = false) {
    for kind in withBuiltins ? kinds.all : kinds.own {
      let providers = kind.providers
      for provider in providers.isEmpty ? [BlueprintReader.anyProvider] : providers { _ = variant(kind, provider) }
    }
  }

  mutating func variant(_ kind: Kind, _ provider: String) -> Variant {
    let key = "\(kind.name.kind)/\(provider)"
    if let known = variants[key] { return known }
    let compiled = VariantCompiler.compile(
      kind, on: provider, types: kindTypes, catalog: types, sources: sources, variables: loaded.variableType)
    diagnostics += compiled.diagnostics
    if compiled.diagnostics.hasErrors { brokenVariants.insert(key) }
    variants[key] = compiled.variant
    return compiled.variant
  }

  /// The same; nil where the blueprint is wrong, so that its manifests are not blamed as well.
  mutating func soundVariant(_ kind: Kind, _ provider: String) -> Variant? {
    let variant = variant(kind, provider)
    return brokenVariants.contains("\(kind.name.kind)/\(provider)") ? nil : variant
  }

  /// The types of the specs of all kinds that have manifests, by kind.
  var specTypes: [String: ExpressionType] {
    manifests.reduce(into: [:]) { types, manifest in
      let name = manifest.kind.name.kind
      if types[name] == nil { types[name] = kindTypes.spec(of: manifest.kind) }
    }
  }

  // MARK: What expressions read

  /// The variables of a manifest's expressions.
  mutating func activation(_ manifest: Int, _ scope: Variant.Scope, withResources: Bool) -> Activation {
    let document = manifests[manifest].document
    var activation = Activation([
      "metadata": .map(OperandMap([("name", .string(document.name))])), "var": variables,
      "environment": environment, "target": target(manifests[manifest].target),
      "parameters": parameters(of: manifests[manifest].kind),
    ])
    if let paths = scope.paths["spec"] { activation["spec"] = specOperand(manifest, paths) }
    if withResources, let paths = scope.paths["resources"] { activation["resources"] = resources(manifest, paths) }
    guard let variant = manifests[manifest].variant else { return activation }
    for position in scope.lets {
      let named = variant.lets[position]
      activation[named.name] = value(of: named.rule, activation, manifest)
    }
    return activation
  }

  /// The value of an expression; unknowns within it have names.
  private mutating func value(of rule: Variant.Rule, _ activation: Activation, _ manifest: Int) -> Operand {
    let result = rule.program.evaluatePartially(activation, locate: locate(rule.value))
    switch result.outcome {
    case .known(let operand): return operand
    case .unknown(let operand):
      let leaves = leaves
      return leaves.settled(operand) { rule.program.residual(activation, naming: leaves.name) }
    case .failed(let problem):
      failed(manifest, problem)
      return .unknown(LeafTable.broken)
    }
  }

  func locate(_ value: Value) -> (Int) -> SourcePosition? {
    let sources = sources
    return { sources.position(of: $0, in: value) }
  }

  /// What expressions may know of a target: not its credentials.
  mutating func target(_ name: String) -> Operand {
    if let known = targetValues[name] { return known }
    guard let target = loaded.estate.targets.first(where: { $0.name == name }) else {
      return .value(["name": .string(name), "provider": "", "serves": .list([])])
    }
    let settings = target.settings[target.provider] ?? .null
    let value = Value.map([
      ("name", .string(name)), ("provider", .string(target.provider)),
      (
        "serves",
        .list(
          (served[name]?.names ?? []).compactMap { type in
            type.nativeVersion.map { .string("\($0)/\(type.kind)") }
          })
      ),
      (target.provider.isEmpty ? "settings" : target.provider, settings.kind == .map ? settings : .map([])),
    ])
    targetValues[name] = .value(value)
    return .value(value)
  }

  private mutating func parameters(of kind: Kind) -> Operand {
    if let known = parameterValues[kind.name.kind] { return known }
    let entries = kind.parameters.compactMap { parameter in
      (parameters[parameter.name] ?? parameter.standard).map { (parameter.name, $0) }
    }
    for parameter in kind.parameters {
      guard let value = parameters[parameter.name] else { continue }
      diagnostics += Schema([parameter.field]).validate(.map([(parameter.name, value)]), path: "spec.parameters")
    }
    let operand = Operand.value(.map(entries))
    parameterValues[kind.name.kind] = operand
    return operand
  }

  /// The resources of a manifest as far as they are read: fields that nobody knows yet.
  private mutating func resources(_ manifest: Int, _ paths: PathTree) -> Operand {
    guard let variant = manifests[manifest].variant, let shell = shell(manifest) else {
      return .unknown(LeafTable.broken)
    }
    let prefix = manifests[manifest].document.address
    var roles: [(String, Operand)] = []
    for (position, entry) in variant.entries.enumerated() {
      guard let read = paths[entry.role], position < shell.items.count else { continue }
      if entry.loop == nil {
        guard !shell.items[position].isEmpty else { continue }
        roles.append((entry.role, resource("\(prefix)/\(entry.role)", entry.facts.type, read)))
      } else {
        let items = shell.items[position].compactMap { item -> (String, Operand)? in
          guard let key = item.key else { return nil }
          return (key, resource("\(prefix)/\(entry.role)[\(key)]", entry.facts.type, read[key] ?? PathTree()))
        }
        roles.append((entry.role, .map(OperandMap(items))))
      }
    }
    return .map(OperandMap(roles))
  }

  private func resource(_ address: String, _ type: ResourceType, _ paths: PathTree) -> Operand {
    var names = paths.isWhole ? type.schema.fields.map(\.name) : paths.children.keys.sorted()
    if paths.isWhole, !names.contains("id") { names.append("id") }
    return .map(
      OperandMap(
        names.map { name in
          (name, .unknown(leaves.leaf(Reference(subject: address, path: ValuePath([.key(name)])))))
        }))
  }

  // MARK: Problems

  /// An expression of the blueprint failed for a manifest.
  mutating func failed(_ manifest: Int, _ problem: Diagnostic) {
    let document = manifests[manifest].document
    var diagnostic = Diagnostic.error(
      .expansionFailed, "`\(document.address)` cannot be expanded: \(problem.message)",
      at: document.metadata?["name"]?.origin ?? document.origin, length: document.name.unicodeScalars.count,
      notes: [DiagnosticNote("the blueprint's expression", at: problem.position)])
    diagnostic.hints = problem.hints
    failures.append((manifest, diagnostic))
  }

  /// What exists must not depend on what nobody knows yet.
  mutating func unknown(_ manifest: Int, _ what: String, _ rule: Value, _ operand: Operand) {
    let awaited = operand.awaitedReferences
    // What awaits nothing was reported where it went wrong.
    guard !awaited.isEmpty else { return }
    let document = manifests[manifest].document
    let diagnostic = Diagnostic.error(
      .unknownInExpansion,
      "`\(document.address)` cannot be expanded: \(what) reads `\(awaited[0])`, which is not known before it exists",
      at: document.metadata?["name"]?.origin ?? document.origin, length: document.name.unicodeScalars.count,
      notes: [DiagnosticNote("the blueprint's expression", at: rule.origin)],
      hint: "what exists is decided by what is written, not by what a service answers")
    failures.append((manifest, diagnostic))
  }

  /// Notes what is worked out for as long as the body runs; reports a ring, or too deep a chain, and gives nil.
  mutating func working<R>(
    on label: String, _ place: SourcePosition?, isRunning: Bool, _ body: (inout Expander) -> R
  ) -> R? {
    if isRunning || stack.count >= Self.depthLimit {
      let ring = stack.firstIndex(of: label).map { Array(stack[$0...]) } ?? []
      let names = (ring + [label]).map { "`\($0)`" }.joined(separator: " → ")
      let words = isRunning ? "these need each other's values first: \(names)" : "references lead too deep: `\(label)`"
      diagnostics.append(
        .error(
          .manifestCycle, words, at: place,
          hint: "decide what exists by what is written in each manifest, not by the other's outputs"))
      return nil
    }
    stack.append(label)
    defer { stack.removeLast() }
    return body(&self)
  }
}

extension Operand {
  /// What the unknowns inside await.
  var awaitedReferences: [Reference] {
    switch self {
    case .unknown(let unknown): unknown.references
    case .list(let items): items.flatMap(\.awaitedReferences)
    case .map(let map): map.values.flatMap(\.awaitedReferences)
    case .optional(let inner): inner?.awaitedReferences ?? []
    case .null, .bool, .int, .uint, .double, .string, .bytes, .type, .timestamp, .duration, .opaque, .value, .failed:
      []
    }
  }
}
