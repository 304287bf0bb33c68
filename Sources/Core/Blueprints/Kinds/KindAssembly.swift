import Diagnostics
import Expressions
import Schemas
import Values

/// Makes one kind of its documents. Total: what is wrong is reported and left out.
struct KindAssembly {
  private(set) var diagnostics: [Diagnostic] = []

  mutating func kind(
    _ definition: BlueprintDocument, _ extensions: [BlueprintDocument], isBuiltin: Bool
  ) -> Kind {
    checkVariants([definition] + extensions)
    let read = StructuralSchema.read(definition.schema ?? .map([]), compilingPatterns: Self.pattern)
    diagnostics += read.diagnostics
    let parameters = definition.parameters.map { named in
      let field = StructuralSchema.readField(named.name, named.value, compilingPatterns: Self.pattern)
      diagnostics += field.diagnostics
      return Kind.Parameter(name: named.name, field: field.field)
    }
    return Kind(
      definition, extensions: extensions, schema: read.schema, parameters: parameters,
      placement: definition.placement.compactMap { place($0, read.schema) }, isBuiltin: isBuiltin)
  }

  private mutating func checkVariants(_ documents: [BlueprintDocument]) {
    var taken: [String: SourcePosition?] = [:]
    for document in documents {
      for variant in document.variants {
        guard let first = taken.updateValue(document.origin, forKey: variant.provider) else { continue }
        diagnostics.append(
          .error(
            .blueprintKind, "`\(document.kind.kind)` has the variant `\(variant.provider)` twice",
            at: document.origin, notes: [DiagnosticNote("the first one is here", at: first)]))
      }
    }
  }

  /// `spec.scope.projectRef` as names below `spec`; it must be a reference.
  private mutating func place(_ value: Value, _ schema: Schema) -> [String]? {
    let names = (value.string ?? "").split(separator: ".").map(String.init)
    var field: Field?
    var current: Schema? = schema
    for name in names.dropFirst() {
      field = current?[name]
      if case .object(let inner) = field?.type { current = inner } else { current = nil }
    }
    guard names.first == "spec", let field, !(field.rules?.kinds ?? []).isEmpty else {
      diagnostics.append(
        .error(
          .blueprintForm, "`\(value.spelling)` is no reference of this kind", at: value.origin,
          length: max(1, value.spelling.unicodeScalars.count), hint: "write a path such as `spec.cloudRef`"))
      return nil
    }
    return Array(names.dropFirst())
  }

  /// Patterns are matched by the same engine as `matches` in expressions.
  private static func pattern(_ source: String) -> Result<FieldRules.Pattern, StructuralSchema.PatternProblem> {
    guard let program = matching else {
      return .failure(StructuralSchema.PatternProblem("patterns are not supported"))
    }
    func matches(_ text: String) -> EvaluationResult {
      program.evaluate(Activation(["text": .string(text), "pattern": .string(source)]))
    }
    if case .failed(let problem) = matches("").outcome {
      return .failure(StructuralSchema.PatternProblem(problem.message))
    }
    return .success(
      FieldRules.Pattern(source) { text in
        program.evaluate(Activation(["text": .string(text), "pattern": .string(source)])).isTrue
      })
  }

  private static let matching = Program.compile(
    "text.matches(pattern)", in: ExpressionEnvironment(variables: ["text": .string, "pattern": .string])
  ).program
}
