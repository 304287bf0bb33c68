import Diagnostics
import Expressions
import Manifests
import Resources
import Values

extension Expander {
  /// Which resources a manifest stands for; nil where that cannot be told, which was reported.
  mutating func shell(_ manifest: Int) -> Shell? {
    if case .done(let shell) = manifests[manifest].shell { return shell }
    _ = spec(manifest)
    guard let variant = manifests[manifest].variant else { return nil }
    let isRunning: Bool = if case .running = manifests[manifest].shell { true } else { false }
    let document = manifests[manifest].document
    return working(on: document.address, document.origin, isRunning: isRunning) { expander in
      expander.manifests[manifest].shell = .running
      let activation = expander.activation(manifest, variant.shellScope, withResources: false)
      var shell = Shell()
      for entry in variant.entries { shell.items.append(expander.items(of: entry, activation, manifest)) }
      expander.manifests[manifest].shell = .done(shell)
      return shell
    }
  }

  private mutating func items(of entry: Variant.Entry, _ activation: Activation, _ manifest: Int) -> [Item] {
    guard let loop = entry.loop else {
      guard holds(entry.when, activation, manifest, "`when` of `\(entry.role)`"),
        let target = target(of: entry, activation, manifest)
      else { return [] }
      return [Item(key: nil, target: target)]
    }
    let turns = turns(of: loop, activation, manifest, "`forEach.in` of `\(entry.role)`")
    guard turns.count <= BlueprintLimits.resources else {
      problem(
        .expansionLimit, manifest,
        "`\(entry.role)` stands for \(turns.count) resources, more than "
          + "\(BlueprintLimits.resources)", loop.source.value)
      return []
    }
    var items: [Item] = []
    var known: Set<String> = []
    for turn in turns {
      var inner = activation
      for (name, value) in turn.values { inner.variables.append((name: name, value: value)) }
      guard holds(entry.when, inner, manifest, "`when` of `\(entry.role)`"),
        let key = key(of: loop, inner, manifest, entry.role), let target = target(of: entry, inner, manifest)
      else { continue }
      guard known.insert(key).inserted else {
        problem(.expansionKey, manifest, "`\(entry.role)` has the key `\(key)` twice", loop.source.value, turn.origin)
        continue
      }
      items.append(Item(key: key, target: target, values: turn.values, origin: turn.origin))
    }
    return items
  }

  /// One turn of a loop.
  struct Turn {
    var values: [(name: String, value: Operand)]
    var origin: SourcePosition?
  }

  mutating func turns(of loop: Variant.Loop, _ activation: Activation, _ manifest: Int, _ what: String) -> [Turn] {
    let result = loop.source.program.evaluatePartially(activation, locate: locate(loop.source.value))
    let source: Operand
    switch result.outcome {
    case .known(let operand): source = operand
    case .unknown(let operand):
      // A list whose length is known may be gone through, whatever its items are.
      guard !operand.isUnknown else {
        unknown(manifest, what, loop.source.value, operand)
        return []
      }
      source = operand
    case .failed(let problem):
      failed(manifest, problem)
      return []
    }
    if source.isAbsent { return [] }
    let hasBoth = loop.names.count == 2
    if let items = source.items {
      let origins: [SourcePosition?]? = if case .value(let value) = source { value.elements.map(\.origin) } else { nil }
      return items.enumerated().map { position, item in
        var values = [(name: loop.names.last ?? "", value: item)]
        if hasBoth { values.insert((name: loop.names[0], value: .int(Int64(position))), at: 0) }
        return Turn(values: values, origin: origins?[position])
      }
    }
    if let entries = source.entries {
      let origins: [SourcePosition?]? =
        if case .value(let value) = source { value.entries.map(\.keyOrigin) } else { nil }
      return entries.enumerated().map { position, entry in
        var values = [(name: loop.names.first ?? "", value: entry.key)]
        if hasBoth { values.append((name: loop.names[1], value: entry.value)) }
        return Turn(values: values, origin: origins?[position])
      }
    }
    problem(
      .blueprintExpression, manifest, "\(what) is \(source.phrase), and neither a list nor a map", loop.source.value)
    return []
  }

  /// A condition; false where it fails or is not known, which is reported.
  mutating func holds(_ rule: Variant.Rule?, _ activation: Activation, _ manifest: Int, _ what: String) -> Bool {
    guard let rule else { return true }
    switch rule.program.evaluatePartially(activation, locate: locate(rule.value)).outcome {
    case .known(let operand):
      if case .bool(let value) = operand.loaded { return value }
      problem(.blueprintExpression, manifest, "\(what) is \(operand.phrase), neither true nor false", rule.value)
    case .unknown(let operand): unknown(manifest, what, rule.value, operand)
    case .failed(let problem): failed(manifest, problem)
    }
    return false
  }

  private mutating func key(
    of loop: Variant.Loop, _ activation: Activation, _ manifest: Int, _ role: String
  ) -> String? {
    guard let rule = loop.key else { return nil }
    switch rule.program.evaluatePartially(activation, locate: locate(rule.value)).outcome {
    case .known(let operand):
      guard let text = operand.loaded.joined, Self.isKey(text) else {
        problem(
          .expansionKey, manifest,
          "`\(operand.loaded.joined ?? operand.phrase)` cannot be a key of `\(role)`", rule.value)
        return nil
      }
      return text
    case .unknown(let operand): unknown(manifest, "`key` of `\(role)`", rule.value, operand)
    case .failed(let problem): failed(manifest, problem)
    }
    return nil
  }

  /// What can stand in an address.
  private static func isKey(_ text: String) -> Bool {
    (1...BlueprintLimits.keyBytes).contains(text.utf8.count)
      && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !"[]*?\"'\\".utf8.contains($0) }
  }

  // MARK: Targets

  /// Where a resource goes: the entry's own target, else the manifest's where the provider fits, else the estate's
  /// default.
  private mutating func target(of entry: Variant.Entry, _ activation: Activation, _ manifest: Int) -> String? {
    let provider = entry.facts.type.name.provider
    if let template = entry.target, let value = entry.targetValue {
      guard let name = targetName(template, value, activation, manifest) else { return nil }
      if loaded.estate.targets.contains(where: { $0.name == name && $0.provider == provider }) { return name }
      problem(
        .targetMismatch, manifest, "`\(entry.role)` is of `\(provider)`, and `\(name)` is no target of it", value)
      return nil
    }
    let own = manifests[manifest].target
    if loaded.estate.targets.contains(where: { $0.name == own && $0.provider == provider }) { return own }
    if let standard = loaded.estate.defaultTargets.first(where: { $0.item.provider == provider }) {
      return standard.item.target
    }
    let document = manifests[manifest].document
    diagnostics.append(
      .error(
        .noTarget, "`\(document.address)/\(entry.role)` has no target",
        at: document.metadata?["name"]?.origin ?? document.origin, length: document.name.unicodeScalars.count,
        notes: [DiagnosticNote("it is a `\(entry.facts.type.name)`", at: entry.origin)],
        hint: "write `spec.defaults.targets.\(provider)` in `\(Estate.fileName)`"))
    return nil
  }

  private mutating func targetName(
    _ template: Template, _ value: Value, _ activation: Activation, _ manifest: Int
  ) -> String? {
    switch template.evaluatePartially(activation, locate: locate(value)).outcome {
    case .known(let operand): return operand.loaded.joined
    case .unknown(let operand): unknown(manifest, "`target`", value, operand)
    case .failed(let problem): failed(manifest, problem)
    }
    return nil
  }

  /// Something of the blueprint does not fit for a manifest.
  mutating func problem(
    _ code: DiagnosticCode, _ manifest: Int, _ message: String, _ rule: Value, _ place: SourcePosition? = nil
  ) {
    let document = manifests[manifest].document
    diagnostics.append(
      .error(
        code, "`\(document.address)` cannot be expanded: \(message)",
        at: place ?? document.metadata?["name"]?.origin ?? document.origin,
        length: place == nil ? document.name.unicodeScalars.count : 1,
        notes: [DiagnosticNote("the blueprint's expression", at: rule.origin)]))
  }
}
