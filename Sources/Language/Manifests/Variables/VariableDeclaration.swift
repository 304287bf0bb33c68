import Diagnostics
import Schemas
import Values

/// A variable as `spec.variables` of the estate declares it.
package struct VariableDeclaration: Sendable {
  /// Where a value comes from when no flag, file or environment gives one.
  package enum Source: Hashable, Sendable {
    /// A variable of the process's environment.
    case environment(String)
    /// A file, relative to the estate's folder.
    case file(String)
  }

  /// A CEL rule that the value has to fulfil.
  package struct Validation: Sendable {
    /// The rule's text, with its position.
    package var rule: Value
    package var message: String
  }

  /// Its name, type, rules and default, as a field is described.
  package var field: Field
  /// Its value, and everything made from it, is never shown or stored.
  package var isSensitive: Bool
  package var source: Source?
  package var validations: [Validation]
  package var origin: SourcePosition?

  package var name: String { field.name }
}

/// A variable with the value that this run gives it.
package struct Variable: Sendable {
  /// Who gave a value, the weakest first.
  package enum Giver: Hashable, Sendable {
    case standard
    case declared(VariableDeclaration.Source)
    /// `environments/NAME.yaml`.
    case environment(String)
    case file(String)
    case flag
    /// A saved plan, which is applied with the values that it was made with.
    case plan
  }

  package var declaration: VariableDeclaration
  /// Marked where the variable is sensitive.
  package var value: Value
  package var giver: Giver

  package var name: String { declaration.name }
  /// Where the value was written; nil for those of the process's environment and of saved plans.
  package var origin: SourcePosition? { value.origin }
}

/// Values that are given to a run from outside of the estate.
package enum VariableInput: Sendable {
  /// `--var name=value`.
  case flag(name: String, text: String)
  /// `--var-file FILE`: a path that is absolute or relative to the working folder, and how to show it.
  case file(path: String, shown: String)
  /// The values of a saved plan, by name.
  case plan(Value)
}

/// What a run is told beside the estate's files.
package struct EstateInputs: Sendable {
  /// The name of the environment, and what gave it: `--env` or a variable.
  package var environment: String?
  package var environmentGiver = "--env"
  package var variables: [VariableInput] = []

  package init() {}
}

extension Variable.Giver {
  /// As `explain` says where a value comes from.
  package var phrase: String {
    switch self {
    case .standard: "its default"
    case .declared(.environment(let name)): "the environment variable \(name)"
    case .declared(.file(let path)): "the file \(path)"
    case .environment(let name): "the environment \(name)"
    case .file(let path): "--var-file \(path)"
    case .flag: "--var"
    case .plan: "the saved plan"
    }
  }
}
