import Expressions
import Values

/// What every expression of an estate may name beside other manifests: `var.nat`, `environment`.
package struct EstateNames: Sendable {
  /// Values by variable, a map; sensitive ones are marked.
  package var variables: Value
  /// Empty where the estate has no environments.
  package var environment: String

  package init(variables: Value, environment: String?) {
    self.variables = variables
    self.environment = environment ?? ""
  }

  /// For evaluating with what is known of other manifests.
  package func activation(_ resolve: @escaping (Reference) -> Value?) -> Activation {
    Activation(
      ["var": .value(variables), "environment": .string(environment)],
      resolve: { reference in resolve(reference).map { .value($0) } })
  }
}
