import Diagnostics
import Expressions
import Manifests
import Resources
import Schemas
import Values

extension Assembly {
  /// Checks a resource that a manifest stands for against its type; problems name the blueprint's line too.
  mutating func validateExpanded(
    _ declared: Declared, _ expanded: Expanded, _ fields: Value, _ position: SourcePosition?
  ) {
    guard !expander.broken.contains(expanded.manifest) else { return }
    let label = String(declared.address.text.dropFirst(declared.address.manifest.text.count + 1))
    for var problem in declared.facts.type.schema.validate(fields, path: label, position: position) {
      problem.notes.append(
        DiagnosticNote("`\(declared.address)` is made here", at: entry(of: expanded)?.origin))
      diagnostics.append(problem)
    }
  }

  /// What the plan needs to tell which line of a blueprint a field comes from.
  func blueprint(of declared: Declared) -> BlueprintOrigin? {
    guard let expanded = declared.expansion, let entry = entry(of: expanded) else { return nil }
    return BlueprintOrigin(template: entry.templateValue, entry: entry.origin)
  }

  // MARK: Lifecycle

  /// The settings of the entry and of the manifest: what either protects is protected.
  mutating func lifecycle(of declared: Declared, _ expanded: Expanded) -> Lifecycle {
    var lifecycle = self.lifecycle(written: declared.document.metadata, declared)
    if let from = lifecycle.movedFrom {
      let rest = declared.address.text.dropFirst(declared.address.manifest.text.count)
      lifecycle.movedFrom = Address(from.text + rest)
    }
    guard let tree = entry(of: expanded)?.metadata, let activation = activation(of: expanded) else { return lifecycle }
    let operand = expander.operand(of: tree, activation, expanded.manifest)
    if !operand.awaitedReferences.isEmpty, let rule = entry(of: expanded)?.templateValue {
      expander.unknown(expanded.manifest, "`metadata` of a resource", rule, operand)
      return lifecycle
    }
    do throws(EvaluationError) {
      merge(try operand.value().withoutNothing, into: &lifecycle, declared)
    } catch {
      expander.failed(expanded.manifest, .error(.blueprintExpression, error.message))
    }
    return lifecycle
  }

  private mutating func merge(_ metadata: Value, into lifecycle: inout Lifecycle, _ declared: Declared) {
    let roles = metadata["dependsOn"].map { $0.elements.compactMap(\.string) } ?? []
    let prefix = declared.address.manifest.text
    let plain = Value.map(
      metadata.entries.filter { $0.key != "dependsOn" && $0.key != "movedFrom" }.map { ($0.key, $0.value) })
    let own = self.lifecycle(written: plain, declared)
    lifecycle.protect = lifecycle.protect || own.protect
    if lifecycle.managementPolicy == .full { lifecycle.managementPolicy = own.managementPolicy }
    lifecycle.createBeforeDestroy = lifecycle.createBeforeDestroy ?? own.createBeforeDestroy
    lifecycle.ignore += own.ignore
    lifecycle.adopt = own.adopt
    if let from = metadata["movedFrom"]?.string {
      lifecycle.movedFrom = Address(from.contains("/") ? from : "\(prefix)/\(from)")
    }
    for address in roles.flatMap({ addresses(of: $0, prefix, declared) }) {
      guard index[address] != nil, let owner = index[declared.address.text] else { continue }
      lifecycle.dependsOn.append(Address(address))
      dependencies.append(Dependency(owner: owner, address: address, position: declared.document.origin))
    }
    lifecycle.dependsOn.sort()
  }

  /// The resources of a role of the same manifest; a role that does not exist is reported.
  private mutating func addresses(of role: String, _ prefix: String, _ declared: Declared) -> [String] {
    guard let expanded = declared.expansion, let variant = expander.manifests[expanded.manifest].variant,
      case .done(let shell) = expander.manifests[expanded.manifest].shell
    else { return [] }
    guard let position = variant.roles[role] else {
      let rule = entry(of: expanded)?.templateValue ?? .null
      expander.problem(
        .blueprintForm, expanded.manifest, "`dependsOn` names the role `\(role)`, and there is none", rule)
      return []
    }
    return shell.items[position].map { item in "\(prefix)/\(role)" + (item.key.map { "[\($0)]" } ?? "") }
  }
}

extension Value {
  /// Maps all of whose entries are null count as not written.
  fileprivate var withoutNothing: Value {
    .map(
      entries.filter { entry in
        !entry.value.isNull
          && !(entry.value.kind == .map && entry.value.entries.allSatisfy { $0.value.isNull })
      }.map { ($0.key, $0.value) })
  }
}

extension [Diagnostic] {
  /// These and others, each once: what several places run into is one problem.
  func eachOnce(with others: [Diagnostic]) -> [Diagnostic] {
    guard !others.isEmpty else { return self }
    var seen: Set<Diagnostic> = []
    return (self + others).filter { seen.insert($0).inserted }
  }
}
