import Diagnostics
import Expressions
import Manifests
import Resources
import Values

extension Expander {
  /// What must hold before a manifest's resources are usable, as expressions over fields of resources alone. A rule
  /// that reads nothing which could change is a rule over the manifest, and is told like one.
  mutating func readiness(_ manifest: Int) -> [ReadinessRule] {
    guard let variant = manifests[manifest].variant, !broken.contains(manifest) else { return [] }
    return variant.readiness.compactMap { rule in
      var activation = activation(manifest, rule.scope, withResources: true)
      if let paths = rule.scope.paths["outputs"] { activation["outputs"] = outputs(manifest, paths) }
      return readiness(rule, activation, manifest)
    }
  }

  private mutating func readiness(
    _ rule: Variant.Readiness, _ activation: Activation, _ manifest: Int
  ) -> ReadinessRule? {
    let result = rule.rule.program.evaluatePartially(activation, locate: locate(rule.rule.value))
    switch result.outcome {
    case .known(let operand):
      guard case .bool(true) = operand.loaded else {
        problem(
          .ruleBroken, manifest, "it can never be ready: the rule reads nothing that a service could change",
          rule.rule.value)
        return nil
      }
      return nil
    case .failed(let problem):
      failed(manifest, problem)
      return nil
    case .unknown(let operand):
      // What awaits nothing was reported where it went wrong.
      guard !operand.awaitedReferences.isEmpty else { return nil }
      let leaves = leaves
      guard !result.isSensitive,
        let left = rule.rule.program.residual(activation, naming: leaves.name),
        let message = rule.message.residual(activation, naming: leaves.name)
      else {
        problem(.blueprintExpression, manifest, "a rule of readiness cannot read secrets", rule.rule.value)
        return nil
      }
      return ReadinessRule(
        manifest: Address(manifests[manifest].document.address), condition: leaves.template("${\(left)}"),
        message: leaves.template(message), limit: rule.limit, origin: rule.rule.value.origin)
    }
  }
}
