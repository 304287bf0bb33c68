import Expressions
import Schemas

/// Regular expressions in schemas that users write.
enum Patterns {
  static func compile(_ source: String) -> Result<FieldRules.Pattern, StructuralSchema.PatternProblem> {
    do throws(RegularExpression.Problem) {
      let expression = try RegularExpression.compiled(source)
      return .success(FieldRules.Pattern(source) { expression.matches($0) })
    } catch {
      return .failure(StructuralSchema.PatternProblem(error.message))
    }
  }
}
