import Values

/// What an expression may name: variables, functions, types, and whether `aws.Vpc["x"]` reads another manifest.
///
/// Making one costs about as much as a few hundred dictionary entries, copying it nothing: make it once and
/// add variables to copies.
package struct ExpressionEnvironment: Sendable {
  package enum Checking: Sendable {
    /// Every name must be declared and every call must fit.
    case strict
    /// Names that are not declared are variables of any type; calls must fit.
    case openNames
    /// Nothing is checked before it is evaluated.
    case none
  }

  /// Declared variables; a name may be qualified: `request.user`.
  package var variables: [String: ExpressionType]
  package var checking: Checking
  /// The namespace in which names are looked up first, outermost last: `com.example`.
  package var container: String
  /// Chains such as `aws.Vpc["net"].id` and `Network["prod"].outputs.x` read other manifests.
  package var readsManifests: Bool
  /// The type of what a reference reads, where it is known; `dyn` otherwise.
  package var referenceType: (@Sendable (Reference) -> ExpressionType?)?
  /// Off for `has`, `all` and so on as plain calls.
  package var hasMacros = true
  let functions: FunctionTable

  /// - Parameter libraries: all of ours (`FunctionLibrary.all`) where nothing is said.
  package init(
    variables: [String: ExpressionType] = [:], libraries: [FunctionLibrary]? = nil,
    container: String = "", checking: Checking = .strict, readsManifests: Bool = false
  ) {
    self.variables = variables
    self.container = container
    self.checking = checking
    self.readsManifests = readsManifests
    functions = libraries.map { FunctionTable($0) } ?? FunctionTable.common
  }

  /// The same with more variables.
  package func declaring(_ more: [String: ExpressionType]) -> ExpressionEnvironment {
    var copy = self
    copy.variables.merge(more) { _, new in new }
    return copy
  }

  /// Nothing is checked.
  var isLenient: Bool {
    switch checking {
    case .none: true
    case .strict, .openNames: false
    }
  }

  /// The names a name may stand for, in the order they are tried: `a.b.x`, `a.x`, `x` within `a.b`.
  func candidates(_ name: String) -> [String] {
    guard !container.isEmpty else { return [name] }
    var found: [String] = []
    var prefix = Substring(container)
    while !prefix.isEmpty {
      found.append("\(prefix).\(name)")
      prefix = prefix.lastIndex(of: ".").map { prefix[..<$0] } ?? ""
    }
    return found + [name]
  }
}

/// The functions of some libraries by name.
final class FunctionTable: Sendable {
  let overloads: [String: [Overload]]
  let types: [String: ExpressionType]
  let constants: [String: Operand]
  /// The names before the last dot of functions, types and constants: `math`, `optional`, `google.protobuf`.
  let namespaces: Set<String>

  /// Of all libraries, made once.
  static let common = FunctionTable(FunctionLibrary.all)

  init(_ libraries: [FunctionLibrary]) {
    var overloads: [String: [Overload]] = [:]
    var types = ExpressionType.named
    var constants: [String: Operand] = [:]
    for library in libraries {
      for overload in library.overloads { overloads[overload.name, default: []].append(overload) }
      types.merge(library.types) { _, new in new }
      constants.merge(library.constants) { _, new in new }
    }
    var namespaces: Set<String> = []
    for name in Array(overloads.keys) + Array(types.keys) + Array(constants.keys) {
      guard let dot = name.lastIndex(of: ".") else { continue }
      namespaces.insert(String(name[..<dot]))
    }
    self.overloads = overloads
    self.types = types
    self.constants = constants
    self.namespaces = namespaces
  }
}
