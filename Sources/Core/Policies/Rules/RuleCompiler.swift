import Diagnostics
import Expressions
import Manifests
import Resources
import Schemas
import Values

/// Compiles rules against what they look at.
struct RuleCompiler {
  private let catalog: TypeCatalog
  private let sources: SourceTexts
  private let base: ExpressionEnvironment
  /// Environments by type, made once.
  private var environments: [TypeName: ExpressionEnvironment] = [:]
  private(set) var diagnostics: [Diagnostic] = []

  init(catalog: TypeCatalog, parameters: [String: FieldType], sources: SourceTexts) {
    self.catalog = catalog
    self.sources = sources
    base = Self.environment(parameters)
  }

  /// What every rule may name.
  static func environment(_ parameters: [String: FieldType]) -> ExpressionEnvironment {
    ExpressionEnvironment(
      variables: ["parameters": RuleTypes.parameters(parameters)], libraries: PlumbLibrary.all)
  }

  /// - Returns: nil where the rule cannot be evaluated; reported.
  mutating func prepare(_ rule: PolicyRule) -> PreparedRule? {
    let count = diagnostics.count
    var typed: [TypeName: RuleProgram] = [:]
    let general: RuleProgram?
    switch rule.match {
    case .estate: general = compile(rule, base.declaring(RuleTypes.estate))
    case .manifests: general = compile(rule, base.declaring(RuleTypes.manifest))
    case .resources(let types, _, _):
      for name in types.map({ TypeName($0) }) where catalog[name] != nil {
        if let program = compile(rule, environment(name)) { typed[name] = program }
        // The same mistake would be found in every type.
        if diagnostics.count > count { return nil }
      }
      general = compile(rule, base.declaring(RuleTypes.resource(nil)))
    }
    guard diagnostics.count == count, let general else { return nil }
    let texts = [rule.expression, rule.message, rule.hint].compactMap { $0?.string }
    return PreparedRule(rule: rule, typed: typed, general: general, needs: RuleNeeds(texts))
  }

  private mutating func environment(_ name: TypeName) -> ExpressionEnvironment {
    if let known = environments[name] { return known }
    let made = base.declaring(RuleTypes.resource(catalog[name]))
    environments[name] = made
    return made
  }

  private mutating func compile(_ rule: PolicyRule, _ environment: ExpressionEnvironment) -> RuleProgram? {
    let condition = condition(rule.expression, environment)
    let message = rule.message.map { self.message($0, environment) }
    let hint = rule.hint.map { self.message($0, environment) }
    guard let condition else { return nil }
    return RuleProgram(condition: condition, message: message, hint: hint)
  }

  private mutating func condition(_ text: Value, _ environment: ExpressionEnvironment) -> Condition? {
    let (program, problems) = Program.compile(text.string ?? "", in: environment, expecting: .bool) { offset in
      sources.position(of: offset, in: text)
    }
    diagnostics += problems
    return program.map { Condition(program: $0) }
  }

  private mutating func message(_ text: Value, _ environment: ExpressionEnvironment) -> Message {
    let template = Template.parse(text.string ?? "", in: environment) { sources.position(of: $0, in: text) }
    diagnostics += template.diagnostics
    return Message(template: template)
  }
}

/// Rules that a plan stored, compiled without their policies: the fields were checked when the plan was made.
package struct RecheckPrograms: Sendable {
  private let environment: ExpressionEnvironment

  package init() {
    var environment = ExpressionEnvironment(variables: RuleTypes.resource(nil), libraries: PlumbLibrary.all)
    environment.variables["parameters"] = .dyn
    self.environment = environment
  }

  func condition(_ text: String) -> Condition? {
    Program.compile(text, in: environment, expecting: .bool).program.map { Condition(program: $0) }
  }

  func message(_ text: String) -> Message { Message(template: Template(source: text, in: environment)) }
}
