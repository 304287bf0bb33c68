import Diagnostics
import Expressions
import Graphs
import Manifests
import Resources
import Schemas
import Values

/// Turns the manifests of an estate into the resources they ask for.
///
/// Total: what is wrong is reported and left out, so that one run shows every problem. Errors mean that the
/// result
/// must not be planned.
package enum DesiredStateBuilder {
  /// - Parameters:
  ///   - providers: the names that manifests may use.
  ///   - catalog: the types of all these providers.
  ///   - kinds: what blueprints define.
  ///   - parameters: values of policies by name, for the parameters of kinds.
  ///   - served: of targets that have types of their own, these; by the targets' names.
  package static func build(
    _ loaded: LoadedEstate, catalog: TypeCatalog, providers: [String], scope: ScopeID,
    kinds: KindCatalog = KindCatalog(), parameters: Value = .map([]),
    served: [String: TypeCatalog] = [:]
  ) -> (desired: DesiredEstate, diagnostics: [Diagnostic]) {
    var assembly = Assembly(loaded, catalog: catalog, providers: providers, kinds: kinds, parameters: parameters)
    assembly.served = served
    assembly.expander.served = served
    assembly.checkEstate()
    assembly.declare()
    assembly.expandManifests()
    var builder = TapeBuilder(
      nodeCapacity: loaded.documents.count * 12, byteCapacity: loaded.documents.count * 128)
    for index in assembly.declared.indices { assembly.write(index, &builder) }
    let fields = builder.finishAll()
    var resources: [Desired] = []
    resources.reserveCapacity(fields.count)
    let patched = assembly.applyOverrides(to: fields)
    for (declared, fields) in zip(assembly.declared, patched) {
      assembly.validate(declared, fields)
      resources.append(
        Desired(
          address: declared.address, type: declared.facts.type.name, target: TargetName(declared.target),
          fields: fields,
          lifecycle: assembly.lifecycle(of: declared), origin: declared.document.origin,
          blueprint: assembly.blueprint(of: declared)))
    }
    assembly.checkLinks(resources)
    let targets = loaded.estate.targets.filter { !$0.provider.isEmpty }.map {
      Target(name: TargetName($0.name), provider: $0.provider, settings: $0.settings, origin: $0.origin)
    }
    var desired = DesiredEstate(
      scope: scope, resources: resources, slots: assembly.slots, links: assembly.links,
      released: loaded.estate.released.map { Address($0.item) },
      targets: targets, digest: loaded.digest, variables: loaded.variableValues,
      secrets: assembly.secrets)
    for manifest in assembly.expander.manifests {
      desired.expanded[Address(manifest.document.address)] = ExpandedManifest(
        manifest: manifest.document.origin, blueprint: manifest.variant?.origin ?? manifest.kind.origin)
    }
    desired.readiness = assembly.expander.manifests.indices.flatMap { assembly.expander.readiness($0) }
    return (desired, assembly.diagnostics.eachOnce(with: assembly.expander.findings))
  }
}

/// The work in progress of one build.
struct Assembly {
  /// One manifest that stands for a resource of a known type.
  struct Declared {
    var document: ManifestDocument
    var facts: TypeFacts
    var address: Address
    /// Empty where none could be found; reported already.
    var target: String
    /// For what a manifest of a blueprint's kind stands for.
    var expansion: Expanded? = nil
  }

  let loaded: LoadedEstate
  let catalog: TypeCatalog
  let providers: [String]
  /// The types of targets that have their own.
  var served: [String: TypeCatalog] = [:]
  var declared: [Declared] = []
  /// Position in `declared` by address.
  var index: [String: Int] = [:]
  /// Addresses of manifests that are broken in some other way: reading them is no second problem.
  var broken: Set<String> = []
  var slots: [Deferred] = []
  /// Values of secret slots that are known: those that sensitive variables make.
  var secrets: [Slot: Value] = [:]
  /// For each slot its owner and what it reads, as positions in `declared`.
  var links = SlotLinks()
  /// For each slot whether its field is written late.
  var isLate: [Bool] = []
  var dependencies: [Dependency] = []
  var diagnostics: [Diagnostic] = []
  var expander: Expander
  /// The variables of the templates of the manifest that is being written.
  var activations: (manifest: Int, activation: Activation)?
  private var facts: [String: TypeFacts] = [:]
  /// What was probably meant by names that do not exist.
  var suggestions: [String: String?] = [:]
  static let suggestionLimit = 100

  /// An entry of `dependsOn`.
  struct Dependency {
    var owner: Int
    var address: String
    var position: SourcePosition?
  }

  init(
    _ loaded: LoadedEstate, catalog: TypeCatalog, providers: [String], kinds: KindCatalog, parameters: Value
  ) {
    expander = Expander(loaded, types: catalog, kinds: kinds, parameters: parameters)
    self.loaded = loaded
    self.catalog = catalog
    self.providers = providers
  }

  // MARK: Estate

  mutating func checkEstate() {
    for entry in loaded.estate.defaultTargets {
      guard let target = target(entry.item.target, at: entry.position), !target.provider.isEmpty else {
        continue
      }
      guard providers.contains(entry.item.provider), target.provider != entry.item.provider else { continue }
      diagnostics.append(
        .error(
          .targetMismatch,
          "`\(target.name)` is a target of `\(target.provider)`, not of `\(entry.item.provider)`",
          at: entry.position,
          length: entry.item.target.unicodeScalars.count,
          notes: [DiagnosticNote("the target is written here", at: target.origin)]))
    }
  }

  /// The target of this name, or a diagnostic.
  mutating func target(_ name: String, at position: SourcePosition?) -> TargetDeclaration? {
    if let found = loaded.estate.targets.first(where: { $0.name == name }) { return found }
    let names = loaded.estate.targets.map(\.name)
    let listed =
      names.isEmpty
      ? "the estate has no targets" : "the estate has: \(names.sorted().joined(separator: ", "))"
    diagnostics.append(
      .error(
        .unknownTarget, "there is no target `\(name)`", at: position, length: name.unicodeScalars.count,
        hint: Suggestion.hint(for: name, among: names) ?? listed))
    return nil
  }

  // MARK: Manifests

  /// Finds type and target of every manifest, and addresses that stand twice.
  mutating func declare() {
    declared.reserveCapacity(loaded.documents.count)
    index.reserveCapacity(loaded.documents.count)
    for document in loaded.documents where !document.isBlueprint && !declareManifest(document) {
      let address = document.address
      if let first = index[address] {
        reportDuplicate(document, address, declared[first].document)
        continue
      }
      guard let facts = type(of: document) else {
        broken.insert(address)
        continue
      }
      index[address] = declared.count
      declared.append(
        Declared(document: document, facts: facts, address: Address(address), target: placement(document)))
    }
  }

  mutating func reportDuplicate(
    _ document: ManifestDocument, _ address: String, _ first: ManifestDocument
  ) {
    diagnostics.append(
      .error(
        .duplicateAddress, "`\(address)` is written twice",
        at: document.metadata?["name"]?.origin ?? document.origin,
        length: document.name.unicodeScalars.count,
        notes: [DiagnosticNote("the first one is here", at: first.metadata?["name"]?.origin ?? first.origin)],
        hint: "names must differ within a kind"))
  }

  private mutating func type(of document: ManifestDocument) -> TypeFacts? {
    guard let name = document.typeName, let provider = document.provider else {
      reportUnknownKind(document, ["Estate", "Target", "Policy"] + catalog.names.map(\.kind))
      return nil
    }
    let own = served.isEmpty ? nil : writtenTarget(document).flatMap { name in served[name].map { (name, $0) } }
    let key = own.map { "\($0.0) \(name)" } ?? name
    if let known = facts[key] { return known }
    if let type = own?.1[TypeName(name)] ?? catalog[TypeName(name)] {
      let found = TypeFacts(type)
      facts[key] = found
      return found
    }
    let kinds = catalog.names.filter { $0.provider == provider }.map(\.kind)
    if kinds.isEmpty {
      let position = (document.body["apiVersion"] ?? document.body).origin
      diagnostics.append(
        .error(
          .unknownProvider, "no provider knows `\(name)`", at: position,
          hint: "this version manages: \(providersWithTypes)"))
    } else {
      reportUnknownKind(document, kinds)
    }
    return nil
  }

  private var providersWithTypes: String {
    Set(catalog.names.map(\.provider)).sorted().joined(separator: ", ")
  }

  private mutating func reportUnknownKind(_ document: ManifestDocument, _ kinds: [String]) {
    let version = document.body["apiVersion"]?.string ?? ""
    var hint = Suggestion.hint(for: document.kind, among: kinds)
    let versions = otherVersions(document)
    if !versions.isEmpty { hint = "`\(document.kind)` is in \(versions)" }
    if document.provider == nil, let other = catalog.names.first(where: { $0.kind == document.kind }) {
      hint = "write `apiVersion: \(other.provider).\(version)` for `\(other)`"
    }
    diagnostics.append(
      .error(
        .unknownKind, "`\(version)` has no kind `\(document.kind)`", at: document.body["kind"]?.origin,
        length: document.kind.unicodeScalars.count,
        hint: hint ?? "it has: \(Set(kinds).sorted().joined(separator: ", "))"))
  }

  /// Where else the kind of a native object is.
  private func otherVersions(_ document: ManifestDocument) -> String {
    guard document.isNative else { return "" }
    let names = catalog.names.filter { $0.provider == document.provider && $0.kind == document.kind }
    return names.map { "`\($0.text.split(separator: "/").dropFirst().dropLast().joined(separator: "/"))`" }
      .joined(separator: ", ")
  }

  /// The name of the document's target, whatever else is wrong with it.
  private func writtenTarget(_ document: ManifestDocument) -> String? {
    document.settings?["target"]?.string
      ?? loaded.estate.defaultTargets.first { $0.item.provider == document.provider }?.item.target
  }

  /// `metadata.target`, else the estate's default for the provider; empty where there is none.
  private mutating func placement(_ document: ManifestDocument) -> String {
    let provider = document.provider ?? ""
    if let written = document.settings?["target"], let name = written.string {
      guard let target = target(name, at: written.origin), !target.provider.isEmpty else { return "" }
      if target.provider == provider { return name }
      diagnostics.append(
        .error(
          .targetMismatch,
          "a resource of `\(provider)` cannot go to `\(name)`, a target of `\(target.provider)`",
          at: written.origin,
          length: name.unicodeScalars.count,
          notes: [DiagnosticNote("the target is written here", at: target.origin)]))
      return ""
    }
    if let standard = loaded.estate.defaultTargets.first(where: { $0.item.provider == provider }) {
      return standard.item.target
    }
    diagnostics.append(
      .error(
        .noTarget, "`\(document.address)` has no target", at: document.metadata?.origin ?? document.origin,
        hint:
          "write `\(document.isNative ? "metadata.annotations.\"plumb.dev/target\"" : "metadata.target")`, or "
          + "`spec.defaults.targets.\(provider)` in `\(Estate.fileName)`"
      ))
    return ""
  }

  // MARK: Fields

  mutating func validate(_ declared: Declared, _ fields: Value) {
    if declared.document.isNative, declared.expansion == nil { return validateNative(declared, fields) }
    // A spec that is no map was reported when the document was read.
    if let spec = declared.document.spec, spec.kind != .map, !spec.isNull { return }
    let position = (declared.document.spec ?? declared.document.body).origin
    if let expansion = declared.expansion { return validateExpanded(declared, expansion, fields, position) }
    diagnostics += declared.facts.type.schema.validate(fields, path: "spec", position: position)
  }
}
