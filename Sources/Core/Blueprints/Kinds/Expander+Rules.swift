import Diagnostics
import Expressions
import Manifests
import Values

extension Expander {
  /// Checks the rules of a manifest's kind; what is broken is reported at the manifest's line.
  mutating func checkRules(_ manifest: Int) {
    _ = spec(manifest)
    guard let variant = manifests[manifest].variant else { return }
    for validation in variant.validations {
      let activation = activation(manifest, validation.scope, withResources: false)
      guard let loop = validation.loop else {
        check(validation, activation, manifest)
        continue
      }
      for turn in turns(of: loop, activation, manifest, "`forEach.in` of a rule") {
        var inner = activation
        for (name, value) in turn.values { inner.variables.append((name: name, value: value)) }
        check(validation, inner, manifest)
      }
    }
  }

  private mutating func check(_ validation: Variant.Validation, _ activation: Activation, _ manifest: Int) {
    if let when = validation.when, decide(when, activation, manifest) != true { return }
    guard decide(validation.rule, activation, manifest) == false else { return }
    let isWarning =
      validation.isWarning || validation.warnWhen.map { decide($0, activation, manifest) == true } ?? false
    let document = manifests[manifest].document
    let place = place(text(of: validation.path, activation), document)
    let message = text(of: validation.message, activation)
    var diagnostic = Diagnostic(
      isWarning ? .warning : .error, .ruleBroken, "`\(document.address)`: \(message)", at: place.position,
      length: place.length, notes: [DiagnosticNote("the rule of `\(document.kind)`", at: validation.rule.value.origin)])
    if let hint = validation.hint { diagnostic.hints = [hint] }
    if !isWarning { broken.insert(manifest) }
    diagnostics.append(diagnostic)
  }

  /// nil where it is not known yet, or failed, which is reported.
  private mutating func decide(_ rule: Variant.Rule, _ activation: Activation, _ manifest: Int) -> Bool? {
    switch rule.program.evaluatePartially(activation, locate: locate(rule.value)).outcome {
    case .known(let operand):
      if case .bool(let value) = operand.loaded { return value }
      problem(.blueprintExpression, manifest, "a rule is \(operand.phrase), neither true nor false", rule.value)
      return nil
    case .unknown: return nil
    case .failed(let problem):
      failed(manifest, problem)
      return nil
    }
  }

  private func text(of template: Template, _ activation: Activation) -> String {
    switch template.evaluatePartially(activation).outcome {
    case .known(let operand): operand.loaded.joined ?? template.source
    case .unknown, .failed: template.source
    }
  }

  /// Where the manifest writes a path such as `spec.zones`: its value, else the nearest thing above it.
  private func place(_ path: String, _ document: ManifestDocument) -> (position: SourcePosition?, length: Int) {
    var current = document.body
    for segment in ValuePath(path)?.segments ?? [] {
      let next: Value? =
        switch segment {
        case .key(let key): current[key]
        case .index(let index): current[index]
        }
      guard let next else { break }
      current = next
    }
    let isScalar = current.kind != .map && current.kind != .list
    return (current.origin ?? document.origin, isScalar ? max(1, current.spelling.unicodeScalars.count) : 1)
  }
}
