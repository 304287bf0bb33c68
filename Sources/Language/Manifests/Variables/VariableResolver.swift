import Diagnostics
import Platform
import Schemas
import Values
import YAML

/// Gives every declared variable its value. The weakest first: its default, where it is declared to come from, the
/// environment's file, `--var-file`, `--var`; of several of one kind the last wins.
struct VariableResolver {
  private struct Given {
    var value: Value
    var giver: Variable.Giver
  }

  let estate: Estate
  let files: any FileSystem
  let process: Environment
  private(set) var diagnostics: [Diagnostic] = []
  /// Files read on the way, to show their lines.
  private(set) var sources: [(path: String, bytes: [UInt8])] = []
  private var given: [String: Given] = [:]
  /// Variables whose value was refused: what they lack is no second problem.
  private var refused: Set<String> = []

  init(_ estate: Estate, _ files: any FileSystem, _ process: Environment) {
    self.estate = estate
    self.files = files
    self.process = process
  }

  /// - Parameter environment: `spec.variables` of the environment, and its name.
  mutating func run(_ inputs: [VariableInput], environment: (values: Value, name: String)?) -> [Variable] {
    for declaration in estate.variables { readDeclared(declaration) }
    if let environment {
      for entry in environment.values.entries { give(entry, .environment(environment.name)) }
    }
    for case .file(let path, let shown) in inputs { readFile(path, shown) }
    for case .flag(let name, let text) in inputs { readFlag(name, text) }
    for case .plan(let values) in inputs {
      for entry in values.entries where declaration(entry.key) != nil {
        given[entry.key] = Given(value: entry.value, giver: .plan)
      }
    }
    return estate.variables.compactMap { finish($0) }
  }

  private func declaration(_ name: String) -> VariableDeclaration? { estate.variables.first { $0.name == name } }

  // MARK: Sources

  private mutating func readDeclared(_ declaration: VariableDeclaration) {
    guard let source = declaration.source else { return }
    switch source {
    case .environment(let name):
      guard let text = process[name] else { return }
      accept(text, "$\(name)", declaration, .declared(source))
    case .file(let path):
      do throws(FileError) {
        guard let bytes = try content(of: path, declaration) else { return }
        var text = String(decoding: bytes, as: UTF8.self)
        if text.last?.isNewline == true { text.removeLast() }
        accept(text, path, declaration, .declared(source))
      } catch {
        refuse(
          declaration.name,
          .error(
            .variableValue, "the variable `\(declaration.name)` cannot be read: \(error.text)",
            at: declaration.origin))
      }
    }
  }

  /// nil where there is no such file. Links do not lead out of the estate.
  private mutating func content(of path: String, _ declaration: VariableDeclaration) throws(FileError) -> [UInt8]? {
    let full = estate.root == "/" ? "/\(path)" : "\(estate.root)/\(path)"
    guard files.exists(full) else { return nil }
    let root = try files.resolve(estate.root), resolved = try files.resolve(full)
    guard resolved.hasPrefix(root == "/" ? root : root + "/") else {
      refuse(
        declaration.name,
        .error(
          .variableValue,
          "the file `\(path)` of the variable `\(declaration.name)` is a link that leads out of the estate",
          at: declaration.origin))
      return nil
    }
    return try files.read(resolved, limit: ManifestLimits.variableBytes)
  }

  private mutating func readFile(_ path: String, _ shown: String) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try files.read(path, limit: ManifestLimits.fileBytes)
    } catch {
      return diagnostics.append(
        .error(
          .variableFile, "`--var-file \(shown)` cannot be read: \(error.text)",
          hint: "it is a file of lines `name: value`, and its path is relative to where `plumb` runs"))
    }
    sources.append((shown, bytes))
    let (documents, problems) = YAMLReader.parse(bytes, file: shown)
    diagnostics += problems
    let written = documents.filter { !$0.isNull }
    guard written.count <= 1, written.first?.kind ?? .map == .map else {
      return diagnostics.append(
        .error(
          .variableFile, "`\(shown)` is no file of variables", at: written.last?.origin,
          hint: "it holds one map: a line `name: value` for each variable"))
    }
    for entry in written.first?.entries ?? Value.null.entries { give(entry, .file(shown)) }
  }

  private mutating func readFlag(_ name: String, _ text: String) {
    guard let declaration = declaration(name) else { return unknown(name, nil, "--var \(name)") }
    accept(text, "--var \(name)", declaration, .flag)
  }

  /// A text from outside: as it is for a string, else as YAML.
  private mutating func accept(
    _ text: String, _ file: String, _ declaration: VariableDeclaration, _ giver: Variable.Giver
  ) {
    guard text.utf8.count <= ManifestLimits.variableBytes else {
      let message = "the value of `\(declaration.name)` is longer than \(ManifestLimits.variableBytes) bytes"
      return refuse(declaration.name, .error(.variableValue, message))
    }
    let position = SourcePosition(file: file, line: 1, column: 1)
    if case .string = declaration.field.type {
      let value = Value.build { builder in
        builder.setPosition(position)
        builder.string(text)
      }
      given[declaration.name] = Given(value: value, giver: giver)
      return
    }
    let (documents, problems) = YAMLReader.parse(Array(text.utf8), file: file)
    guard problems.isEmpty, documents.count == 1, let value = documents.first else {
      return refuse(
        declaration.name,
        .error(
          .variableValue, "the value of `\(declaration.name)` is no YAML for \(declaration.field.type.phrase)",
          at: position, notes: declared(declaration)))
    }
    given[declaration.name] = Given(value: value, giver: giver)
  }

  private mutating func give(_ entry: Value.Entry, _ giver: Variable.Giver) {
    guard declaration(entry.key) != nil else { return unknown(entry.key, entry.keyOrigin, entry.key) }
    // Null is as if it were not written.
    if !entry.value.isNull { given[entry.key] = Given(value: entry.value, giver: giver) }
  }

  // MARK: Ends

  private mutating func finish(_ declaration: VariableDeclaration) -> Variable? {
    guard !refused.contains(declaration.name) else { return nil }
    guard let found = given[declaration.name] ?? declaration.field.standard.map({ Given(value: $0, giver: .standard) })
    else {
      missing(declaration)
      return nil
    }
    if found.giver != .standard {
      guard check(declaration, found.value) else { return nil }
    }
    return Variable(
      declaration: declaration, value: declaration.isSensitive ? found.value.markedSensitive : found.value,
      giver: found.giver)
  }

  private mutating func check(_ declaration: VariableDeclaration, _ value: Value) -> Bool {
    let value = declaration.isSensitive ? value.markedSensitive : value
    var problems = Schema([]).validate(value, field: declaration.field, path: "var")
    for index in problems.indices {
      problems[index].notes += declared(declaration)
      guard declaration.isSensitive else { continue }
      problems[index].isSecret = true
      problems[index].length = 1
    }
    diagnostics += problems
    return !problems.hasErrors
  }

  private func declared(_ declaration: VariableDeclaration) -> [DiagnosticNote] {
    [DiagnosticNote("the variable is declared here", at: declaration.origin)]
  }

  private mutating func missing(_ declaration: VariableDeclaration) {
    let name = declaration.name
    let hint: String
    switch declaration.source {
    case .environment(let variable): hint = "set the environment variable `\(variable)`"
    case .file(let path): hint = "write its value into `\(path)`"
    case nil: hint = "give it with `--var \(name)=…`, in a `--var-file`, or write a `default`"
    }
    diagnostics.append(
      .error(
        .variableValue, "the variable `\(name)` has no value", at: declaration.origin,
        length: name.unicodeScalars.count, hint: hint))
  }

  private mutating func unknown(_ name: String, _ position: SourcePosition?, _ shown: String) {
    let names = estate.variables.map(\.name)
    let listed =
      names.isEmpty
      ? "the estate declares none: `spec.variables` in `\(Estate.fileName)`"
      : "the estate has: \(names.sorted().joined(separator: ", "))"
    let place = position == nil ? "`\(shown)`: " : ""
    diagnostics.append(
      .error(
        .unknownVariable, "\(place)there is no variable `\(name)`", at: position, length: name.unicodeScalars.count,
        hint: Suggestion.hint(for: name, among: names) ?? listed))
  }

  private mutating func refuse(_ name: String, _ problem: Diagnostic) {
    refused.insert(name)
    var problem = problem
    problem.isSecret = declaration(name)?.isSensitive ?? false
    diagnostics.append(problem)
  }
}
