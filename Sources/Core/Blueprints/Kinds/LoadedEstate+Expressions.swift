import Manifests
import Values

extension LoadedEstate {
  /// The values of `var`.
  var expressionVariables: Value { .map([]) }

  /// The value of `environment`: empty where the estate has none.
  var expressionEnvironment: String { "" }
}
