import Schemas

/// Regular expressions in schemas that users write.
enum Patterns {
  static func compile(_ source: String) -> Result<FieldRules.Pattern, StructuralSchema.PatternProblem> {
    .failure(StructuralSchema.PatternProblem("variables take no patterns"))
  }
}
