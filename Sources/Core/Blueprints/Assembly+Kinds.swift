import Diagnostics
import Expressions
import Manifests
import Resources
import Schemas
import Values

extension Assembly {
  /// Takes a manifest of a blueprint's kind; false where it is none.
  mutating func declareManifest(_ document: ManifestDocument) -> Bool {
    guard let kind = expander.kinds[document.kind],
      kind.name == KindName(document.apiVersion, document.kind)
    else { return declareBroken(document) }
    let address = document.address
    if let first = expander.index[address] {
      reportDuplicate(document, address, expander.manifests[first].document)
      return true
    }
    expander.index[address] = expander.manifests.count
    expander.manifests.append(Expander.Manifest(document: document, kind: kind, variant: nil, target: ""))
    return true
  }

  /// A manifest of a group of one's own whose blueprint could not be read.
  private mutating func declareBroken(_ document: ManifestDocument) -> Bool {
    guard case .custom = document.group else { return false }
    expander.unread.insert(document.address)
    broken.insert(document.address)
    return true
  }

  /// Finds target and variant of every manifest, then what each stands for, and declares the resources.
  mutating func expandManifests() {
    expander.checkKinds()
    var placing: Set<Int> = []
    for position in expander.manifests.indices { place(position, &placing) }
    declareTypes()
    for position in expander.manifests.indices {
      _ = expander.spec(position)
      guard let variant = expander.manifests[position].variant, let shell = expander.shell(position) else { continue }
      declareItems(position, variant, shell)
    }
    for position in expander.manifests.indices { expander.checkRules(position) }
    if !expander.manifests.isEmpty { declareTypes() }
    for (reference, value) in expander.reads where index[reference.subject] == nil {
      reportUnknown(reference, ReadPlace(reference: reference, value: value))
    }
  }

  /// Tells the checker of expressions what is declared by now.
  private mutating func declareTypes() {
    expander.manifestEnvironment.referenceType = ReferenceTypes(index, declared, expander).type
  }

  private mutating func declareItems(_ manifest: Int, _ variant: Variant, _ shell: Expander.Shell) {
    let document = expander.manifests[manifest].document
    let prefix = document.address
    let count = shell.items.reduce(0) { $0 + $1.count }
    guard count <= BlueprintLimits.resources else {
      diagnostics.append(
        .error(
          .expansionLimit, "`\(prefix)` stands for \(count) resources, more than \(BlueprintLimits.resources)",
          at: document.metadata?["name"]?.origin ?? document.origin))
      return
    }
    for (position, items) in shell.items.enumerated() {
      let entry = variant.entries[position]
      for (number, item) in items.enumerated() {
        let address = "\(prefix)/\(entry.role)" + (item.key.map { "[\($0)]" } ?? "")
        index[address] = declared.count
        declared.append(
          Declared(
            document: document, facts: entry.facts, address: Address(address), target: item.target,
            expansion: Expanded(manifest: manifest, entry: position, item: number)))
      }
    }
  }

  // MARK: Placement

  /// `metadata.target`, else that of the manifest's scope, else the estate's default for the one provider that the
  /// kind has resources for.
  private mutating func place(_ manifest: Int, _ placing: inout Set<Int>) {
    guard expander.manifests[manifest].variant == nil, placing.insert(manifest).inserted else { return }
    let document = expander.manifests[manifest].document, kind = expander.manifests[manifest].kind
    let providers = kind.providers
    guard let target = placement(manifest, &placing) else { return }
    expander.manifests[manifest].target = target.name
    if providers.contains(target.provider) || kind.fitsAnyProvider {
      expander.manifests[manifest].variant = expander.soundVariant(
        kind, providers.contains(target.provider) ? target.provider : BlueprintReader.anyProvider)
      return
    }
    diagnostics.append(
      .error(
        .noVariant, "`\(document.kind)` has no resources on `\(target.provider)`, where `\(target.name)` is",
        at: document.metadata?["target"]?.origin ?? document.metadata?["name"]?.origin ?? document.origin,
        length: document.name.unicodeScalars.count, hint: "it has resources on: \(providers.joined(separator: ", "))"))
  }

  private mutating func placement(_ manifest: Int, _ placing: inout Set<Int>) -> (name: String, provider: String)? {
    let document = expander.manifests[manifest].document, kind = expander.manifests[manifest].kind
    if let written = document.metadata?["target"], let name = written.string {
      guard let target = target(name, at: written.origin), !target.provider.isEmpty else { return nil }
      return (name, target.provider)
    }
    for path in kind.placement {
      var value = document.spec
      for name in path { value = value?[name] }
      guard let reference = value, reference.kind == .map else { continue }
      guard let other = expander.manifest(reference, kinds(at: path, of: kind)) else {
        // That there is no such manifest is told where the reference is checked.
        if reference["name"]?.kind == .string, !refersToTarget(at: path, of: kind) { return nil }
        continue
      }
      place(other, &placing)
      let name = expander.manifests[other].target
      if let target = loaded.estate.targets.first(where: { $0.name == name }) { return (name, target.provider) }
      // Why the other has none was told as well.
      if expander.manifests[other].variant == nil, !expander.manifests[other].kind.fitsAnyProvider { return nil }
    }
    let wanted = kind.providers
    let standards = loaded.estate.defaultTargets.filter { wanted.contains($0.item.provider) }
    if standards.count == 1 { return (standards[0].item.target, standards[0].item.provider) }
    if kind.fitsAnyProvider { return ("", BlueprintReader.anyProvider) }
    let position = document.metadata?["name"]?.origin ?? document.origin
    diagnostics.append(
      .error(
        .noTarget,
        standards.isEmpty
          ? "`\(document.address)` has no target"
          : "`\(document.address)` could go to \(standards.map { "`\($0.item.target)`" }.joined(separator: " or "))",
        at: position, length: document.name.unicodeScalars.count, hint: "write `metadata.target`"))
    return nil
  }

  private func refersToTarget(at path: [String], of kind: Kind) -> Bool {
    kinds(at: path, of: kind).contains("Target")
  }

  private func kinds(at path: [String], of kind: Kind) -> [String] {
    var schema: Schema? = kind.schema
    var field: Field?
    for name in path {
      field = schema?[name]
      if case .object(let inner) = field?.type { schema = inner } else { schema = nil }
    }
    return field?.rules?.kinds ?? []
  }
}
