import Diagnostics
import Expressions
import Manifests
import Planning
import Resources
import Schemas
import Values

/// All policies of an estate, checked: packs read, parameters settled, every rule compiled against the types it looks
/// at.
package struct PolicySet: Sendable {
  package internal(set) var policies: [Policy] = []
  /// Rules that are evaluated; those whose effect is `skip` are left out.
  package internal(set) var rules: [PreparedRule] = []
  package internal(set) var waivers: [Waiver] = []
  /// Values by name, as rules and blueprints read them.
  package internal(set) var parameters: Value = .map([])
  /// The texts of packs, so that a problem in one is shown with its line.
  package internal(set) var sources = SourceTexts()
  /// The revision that the documents were read from.
  package var revision: PolicyReport.Revision?

  package var isEmpty: Bool { rules.isEmpty }

  /// True where prices are given or a rule may read `cost`.
  package var readsCost: Bool {
    policies.contains { $0.prices != nil }
      || rules.contains { ($0.rule.expression.string ?? "").contains("cost.") }
  }

  /// Reads and checks documents. Nothing is asked of a cloud.
  /// - Parameter kinds: the names that rules may match manifests by; nil where nobody knows them.
  package static func load(
    _ documents: [Value], catalog: TypeCatalog, kinds: [String]? = nil, sources: SourceTexts = SourceTexts()
  ) -> (set: PolicySet, diagnostics: [Diagnostic]) {
    var builder = PolicySetBuilder(catalog: catalog, sources: sources)
    builder.kinds = kinds
    builder.read(documents)
    builder.settleParameters()
    builder.settleRules()
    builder.checkWaivers()
    return (builder.set, builder.diagnostics)
  }
}

/// The work of one load.
struct PolicySetBuilder {
  let catalog: TypeCatalog
  /// Texts of the documents and of the packs.
  var sources: SourceTexts
  var set = PolicySet()
  /// Names of kinds; nil where they are not known.
  var kinds: [String]?
  var reader = PolicyReader()
  private var more: [Diagnostic] = []

  init(catalog: TypeCatalog, sources: SourceTexts) {
    self.catalog = catalog
    self.sources = sources
  }

  var diagnostics: [Diagnostic] { reader.diagnostics + more }

  mutating func report(_ diagnostic: Diagnostic) { more.append(diagnostic) }

  // MARK: Documents

  mutating func read(_ documents: [Value]) {
    let written = documents.compactMap { reader.read($0) }
    checkNames(written)
    var chosen: [String] = []
    for pack in written.flatMap(\.packs) where !chosen.contains(pack.item) {
      guard PolicyPacks.names.contains(pack.item) else {
        reportUnknown(pack)
        continue
      }
      chosen.append(pack.item)
    }
    var packs: [Policy] = []
    for name in chosen {
      if let policy = PolicyPacks.read(name, &reader, &sources) { packs.append(policy) }
    }
    set.policies = packs + written
    set.waivers = written.flatMap(\.waivers)
    set.sources = sources
  }

  private mutating func reportUnknown(_ pack: Placed<String>) {
    report(
      .error(
        .unknownPack, "there is no pack `\(pack.item)`", at: pack.position, length: pack.item.unicodeScalars.count,
        hint: Suggestion.hint(for: pack.item, among: PolicyPacks.names)
          ?? "it is one of: \(PolicyPacks.names.joined(separator: ", "))"))
  }

  private mutating func checkNames(_ policies: [Policy]) {
    var seen: [String: SourcePosition?] = [:]
    for policy in policies {
      if let first = seen.updateValue(policy.origin, forKey: policy.name) {
        report(
          .error(
            .duplicateAddress, "the policy `\(policy.name)` is written twice", at: policy.origin,
            length: policy.name.unicodeScalars.count, notes: [DiagnosticNote("the first one is here", at: first)]))
      }
    }
  }

  // MARK: Parameters

  mutating func settleParameters() {
    var declared: [String: PolicyParameter] = [:]
    var order: [String] = []
    for parameter in set.policies.flatMap(\.parameters) {
      guard let first = declared[parameter.name] else {
        order.append(parameter.name)
        declared[parameter.name] = parameter
        continue
      }
      if let settled = overriding(first, with: parameter) { declared[parameter.name] = settled }
    }
    set.parameters = .map(order.compactMap { name in declared[name].map { (name, $0.value) } })
    types = declared.mapValues { $0.type ?? .any }
  }

  /// The types of all parameters.
  private(set) var types: [String: FieldType] = [:]

  private mutating func overriding(_ first: PolicyParameter, with other: PolicyParameter) -> PolicyParameter? {
    guard other.type == nil else {
      report(
        .error(
          .policyParameter, "the parameter `\(other.name)` is declared twice", at: other.origin,
          length: other.name.unicodeScalars.count, notes: [DiagnosticNote("the first one is here", at: first.origin)],
          hint: "leave `type` out to set the value of the first one"))
      return nil
    }
    guard let reason = other.reason, reason.contains(where: { !$0.isWhitespace }) else {
      report(
        .error(
          .policyParameter, "the parameter `\(other.name)` is set without a reason", at: other.origin,
          length: other.name.unicodeScalars.count, hint: "write `\(other.name): {value: …, reason: TEXT}`"))
      return nil
    }
    if let type = first.type {
      let found = Schema([]).validate(
        other.value, field: Field("value", type, [], ""), path: "parameters[\"\(other.name)\"]")
      found.forEach { report($0) }
      if found.hasErrors { return nil }
    }
    var settled = other
    settled.type = first.type
    return settled
  }

  // MARK: Rules

  mutating func settleRules() {
    let effects = effects()
    var seen: [String: SourcePosition?] = [:]
    var compiler = RuleCompiler(catalog: catalog, parameters: types, sources: sources)
    for rule in set.policies.flatMap(\.rules) {
      if let first = seen[rule.id] {
        report(
          .error(
            .policyForm, "the rule `\(rule.id)` is written twice", at: rule.origin,
            length: rule.id.unicodeScalars.count, notes: [DiagnosticNote("the first one is here", at: first)],
            hint: "ids are unique in an estate, so that a waiver means one rule"))
        continue
      }
      seen[rule.id] = .some(rule.origin)
      var rule = rule
      if let effect = effects[rule.id] { rule.effect = effect.effect }
      if rule.pack == nil { checkMatch(rule) }
      let prepared = compiler.prepare(rule)
      if rule.effect != .skip, let prepared { set.rules.append(prepared) }
    }
    compiler.diagnostics.forEach { report($0) }
    for effect in effects.values where seen[effect.rule] == nil {
      reportUnknownRule(effect.rule, at: effect.origin, among: Array(seen.keys))
    }
    ids = Array(seen.keys)
    guard set.rules.count > PolicyLimits.rules else { return }
    report(.error(.policyForm, "there are \(set.rules.count) rules, more than \(PolicyLimits.rules)"))
    set.rules = []
  }

  /// A rule that looks at nothing there is forbids nothing, which nobody means. Packs name types of later versions.
  private mutating func checkMatch(_ rule: PolicyRule) {
    let names: [String], known: [String], what: String
    switch rule.match {
    case .estate: return
    case .resources(let types, _, _): (names, known, what) = (types, catalog.names.map(\.text), "type")
    case .manifests(let wanted, _):
      guard let kinds else { return }
      (names, known, what) = (wanted, kinds, "kind")
    }
    for name in names where !known.contains(where: { Address($0).matches(glob: name) }) {
      report(
        .warning(
          .policyForm, "rule `\(rule.id)` looks at the \(what) `\(name)`, which does not exist, and so at nothing",
          at: rule.origin, length: rule.id.unicodeScalars.count,
          hint: Suggestion.hint(for: name, among: known)
            ?? (what == "type" ? "`plumb provider list` shows all types" : "`plumb explain` shows all kinds")))
    }
  }

  private var ids: [String] = []

  private mutating func effects() -> [String: RuleEffect] {
    var effects: [String: RuleEffect] = [:]
    for effect in set.policies.flatMap(\.effects) {
      if let first = effects.updateValue(effect, forKey: effect.rule) {
        report(
          .error(
            .policyForm, "the effect of `\(effect.rule)` is set twice", at: effect.origin,
            length: effect.rule.unicodeScalars.count,
            notes: [DiagnosticNote("the first one is here", at: first.origin)]))
      }
    }
    return effects
  }

  private mutating func reportUnknownRule(_ rule: String, at position: SourcePosition?, among ids: [String]) {
    report(
      .error(
        .unknownRule, "there is no rule `\(rule)`", at: position, length: rule.unicodeScalars.count,
        hint: Suggestion.hint(for: rule, among: ids) ?? "`plumb policy list` shows all rules"))
  }

  mutating func checkWaivers() {
    for waiver in set.waivers where !ids.contains(waiver.rule) {
      reportUnknownRule(waiver.rule, at: waiver.origin, among: ids)
    }
    set.waivers.removeAll { !ids.contains($0.rule) }
  }
}
