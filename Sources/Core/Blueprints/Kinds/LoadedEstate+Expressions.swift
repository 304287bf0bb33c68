import Expressions
import Manifests
import Values

extension LoadedEstate {
  /// The type of `var`: what is not declared is found before anything is evaluated.
  var variableType: ExpressionType {
    .object(
      ObjectType(
        name: "the variables of the estate",
        fields: Dictionary(variables.map { ($0.name, .dyn) }, uniquingKeysWith: { first, _ in first })))
  }

  /// The value of `environment`: empty where the estate has none.
  var expressionEnvironment: String { environment?.name ?? "" }
}
