import Diagnostics
import Expressions
import Schemas
import Values

/// Checks the values of variables against the rules of their declarations, which may read other variables as well.
struct VariableRules {
  let estate: Estate
  let variables: [Variable]
  let sources: SourceTexts
  private(set) var diagnostics: [Diagnostic] = []

  init(_ estate: Estate, _ variables: [Variable], _ sources: SourceTexts) {
    self.estate = estate
    self.variables = variables
    self.sources = sources
  }

  mutating func run() {
    let values = Value.map(variables.map { ($0.name, $0.value) })
    for declaration in estate.variables where !declaration.validations.isEmpty {
      let variable = variables.first { $0.name == declaration.name }
      let type = declaration.field.type.expressionType(named: "var.\(declaration.name)")
      let environment = ExpressionEnvironment.variableRules.declaring(["value": type, "var": estate.variableType])
      for validation in declaration.validations {
        check(validation, variable, environment, ["value": .value(variable?.value ?? .null), "var": .value(values)])
      }
    }
  }

  /// A rule is read even where the variable has no value.
  private mutating func check(
    _ validation: VariableDeclaration.Validation, _ variable: Variable?, _ environment: ExpressionEnvironment,
    _ names: [String: Operand]
  ) {
    let rule = validation.rule, sources = sources
    let (program, problems) = Program.compile(rule.spelling, in: environment, expecting: .bool) {
      sources.position(of: $0, in: rule)
    }
    diagnostics += problems
    guard let program, let variable, variables.count == estate.variables.count else { return }
    let result = program.evaluate(Activation(names)) { sources.position(of: $0, in: rule) }
    switch result.outcome {
    case .failed(let problem): diagnostics.append(hidden(problem, variable))
    case .value, .unknown: if !result.isTrue { report(validation, variable) }
    }
  }

  private mutating func report(_ validation: VariableDeclaration.Validation, _ variable: Variable) {
    let isSecret = variable.declaration.isSensitive
    let length = isSecret ? 1 : max(1, variable.value.spelling.unicodeScalars.count)
    let problem = Diagnostic.error(
      .invalidVariable, "`var.\(variable.name)`: \(validation.message)", at: variable.origin, length: length,
      notes: [DiagnosticNote("the rule stands here", at: validation.rule.origin)])
    diagnostics.append(hidden(problem, variable))
  }

  private func hidden(_ problem: Diagnostic, _ variable: Variable) -> Diagnostic {
    guard variable.declaration.isSensitive else { return problem }
    // What an expression says of a value that it failed on may hold the value.
    var problem =
      problem.code == .invalidVariable
      ? problem
      : .error(problem.code, "a rule of the sensitive variable `\(variable.name)` fails", at: problem.position)
    problem.isSecret = true
    return problem
  }
}

extension ExpressionEnvironment {
  /// Rules of variables read values alone.
  fileprivate static let variableRules: ExpressionEnvironment = {
    var environment = Template.environment
    environment.readsManifests = false
    return environment
  }()
}
