import Expressions
import Schemas

extension LoadedEstate {
  /// What expressions in manifests may name: other manifests, `var` with the declared variables, and `environment`.
  package var manifestNames: ExpressionEnvironment {
    Template.environment.declaring(["var": estate.variableType, "environment": .string])
  }
}

extension Estate {
  /// The type of `var`.
  package var variableType: ExpressionType {
    .object(
      ObjectType(
        name: "var",
        fields: Dictionary(
          variables.map { ($0.name, $0.field.type.expressionType(named: "var.\($0.name)")) },
          uniquingKeysWith: { first, _ in first })))
  }
}
