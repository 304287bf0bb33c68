import Diagnostics
import Manifests
import Planning
import Platform
import Resources
import Values

extension Invocation {
  /// What the command line says of environment and variables; a saved plan speaks for itself.
  func estateInputs(_ plan: Plan?) -> Result<EstateInputs, CommandProblem> {
    var inputs = EstateInputs()
    inputs.environment = arguments.text(.environment)
    inputs.environmentGiver = given.contains(CommandOption.environment.name) ? "--env" : "PLUMB_ENV"
    for path in arguments.texts(.variableFile) {
      let full = path.hasPrefix("/") ? path : "\(workingFolder)/\(path)"
      inputs.variables.append(.file(path: full, shown: shown(full, path)))
    }
    for text in arguments.texts(.variable) {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        return .failure(
          CommandProblem(
            .error(
              .flagConflict, "`--var` takes NAME=VALUE",
              hint: "write it like `--var region=eu-west-1`; the estate declares its variables in `spec.variables`"),
            .usage))
      }
      inputs.variables.append(
        .flag(name: String(text[..<equals]), text: String(text[text.index(after: equals)...])))
    }
    guard let plan else { return .success(inputs) }
    if let problem = conflict(inputs, plan) { return .failure(CommandProblem(problem, .usage)) }
    inputs.environment = plan.scope.environment
    inputs.environmentGiver = "the plan"
    inputs.variables.append(.plan(plan.variables))
    return .success(inputs)
  }

  /// A file as diagnostics name it: relative to the estate's folder, where it lies in there.
  private func shown(_ full: String, _ path: String) -> String {
    guard let root = EstateLoader.root(above: workingFolder, files: host.files), full.hasPrefix("\(root)/") else {
      return full
    }
    return String(full.dropFirst(root.utf8.count + 1))
  }

  /// A plan is applied with what it was made with; only sensitive values are given again.
  private func conflict(_ inputs: EstateInputs, _ plan: Plan) -> Diagnostic? {
    if given.contains(CommandOption.environment.name), inputs.environment != plan.scope.environment {
      let made = plan.scope.environment.map { "for the environment `\($0)`" } ?? "without an environment"
      return .error(.flagConflict, "`--env` cannot change a saved plan, which was made \(made)")
    }
    for case .flag(let name, _) in inputs.variables where plan.variables[name] != nil {
      return .error(
        .flagConflict, "`--var \(name)` cannot change a saved plan, which holds the value it was made with",
        hint: "give it to `plumb plan --out FILE` instead")
    }
    return nil
  }
}
