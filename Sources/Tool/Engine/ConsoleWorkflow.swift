import Diagnostics
import Expressions
import Inventory
import Manifests
import Resources
import Values

/// What an expression of the console came to.
package enum ConsoleAnswer: Sendable {
  /// Marked where a secret was read.
  case value(Value)
  /// Not known before these are.
  case unknown(awaiting: [String])
  case failed([Diagnostic])
}

/// An estate that expressions are evaluated against: its variables, what its manifests write, and what the inventory
/// holds. Asks no cloud.
package struct ConsoleSession: Sendable {
  /// Values that are read through other values.
  static let depthLimit = 64
  /// As positions name what was typed.
  package static let file = "expression"

  private let workspace: Workspace
  private let environment: ExpressionEnvironment
  private let records: [String: Recorded]
  private let desired: [String: Value]
  private let documents: [String: ManifestDocument]

  init(_ workspace: Workspace, _ environment: ExpressionEnvironment, _ inventory: InventorySnapshot) {
    self.workspace = workspace
    self.environment = environment
    records = Dictionary(
      inventory.records.filter { !$0.isSuperseded }.map { ($0.address.text, $0) }, uniquingKeysWith: { $1 })
    desired = Dictionary(
      workspace.desired.resources.map { ($0.address.text, $0.fields) }, uniquingKeysWith: { $1 })
    documents = Dictionary(workspace.documents.map { ($0.address, $0) }, uniquingKeysWith: { $1 })
  }

  /// What can be named: variables and addresses.
  package var names: [String] {
    workspace.variables.map { "var.\($0.name)" } + Set(desired.keys).union(documents.keys).sorted()
  }

  package func evaluate(_ source: String) -> ConsoleAnswer {
    let locate: (Int) -> SourcePosition? = { Self.position(of: $0, in: source) }
    let (program, problems) = Program.compile(source, in: environment, locate: locate)
    guard let program, !problems.hasErrors else { return .failed(problems) }
    let strangers = program.references.filter { !isKnown($0.subject) }
    guard strangers.isEmpty else { return .failed(strangers.map(stranger)) }
    let result = program.evaluate(workspace.desired.names.activation { value(of: $0, 0) }, locate: locate)
    switch result.outcome {
    case .failed(let problem): return .failed([problem])
    case .unknown(let unknown):
      let awaited = unknown.references.flatMap { self.awaited($0, 0) }
      return .unknown(awaiting: awaited.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
    case .value(let operand):
      do throws(EvaluationError) {
        let value = try operand.value()
        return .value(result.isSensitive ? value.markedSensitive : value)
      } catch {
        return .failed([.error(.notShown, error.message, at: locate(0), hint: error.hint)])
      }
    }
  }

  private static func position(of offset: Int, in source: String) -> SourcePosition {
    let before = source.utf8.prefix(offset)
    let line = before.count { $0 == UInt8(ascii: "\n") }
    let last = before.lastIndex(of: UInt8(ascii: "\n")).map { before.index(after: $0) } ?? before.startIndex
    let column = String(decoding: before[last...], as: UTF8.self).unicodeScalars.count
    return SourcePosition(file: file, line: line + 1, column: column + 1)
  }

  // MARK: Manifests and records

  private func isKnown(_ subject: String) -> Bool {
    desired[subject] != nil || records[subject] != nil || documents[subject] != nil
  }

  private func stranger(_ reference: Reference) -> Diagnostic {
    .error(
      .notThere, "there is no manifest `\(reference.subject)`",
      hint: Suggestion.hint(for: reference.subject, among: Set(desired.keys).union(documents.keys).sorted()))
  }

  /// What the manifests write, else what is recorded; nil where only a cloud could tell.
  private func value(of reference: Reference, _ depth: Int) -> Value? {
    let record = records[reference.subject]
    if reference.path == ValuePath([.key("id")]) { return record.map { .string($0.remote.text) } }
    if let written = desired[reference.subject]?[reference.path] { return filled(written, depth) }
    if let document = documents[reference.subject], desired[reference.subject] == nil,
      let written = document.body[reference.path]
    {
      return written
    }
    return record?.owned[reference.path].map(Self.hidden)
  }

  /// The value with everything that can be told filled in; nil where something cannot.
  private func filled(_ value: Value, _ depth: Int) -> Value? {
    guard value.containsUnknown else { return value }
    guard depth < Self.depthLimit else { return nil }
    let filled = value.substituting { slot in
      if let secret = workspace.desired.secrets[slot] { return secret }
      let deferred = workspace.desired.slots[Int(slot.index)]
      let result = deferred.evaluate(workspace.desired.names) { self.value(of: $0, depth + 1) }
      if case .value(let value) = result { return value }
      return nil
    }
    // Not a conditional expression: in one of values, `nil` would be the value null.
    if filled.containsUnknown { return nil }
    return filled
  }

  /// What a reference that has no value waits for, down to what only a cloud gives.
  private func awaited(_ reference: Reference, _ depth: Int) -> [String] {
    guard depth < Self.depthLimit, let written = desired[reference.subject]?[reference.path] else {
      return [reference.description]
    }
    let slots = written.unknownSlots.map { workspace.desired.slots[Int($0.index)] }
    let deeper = slots.flatMap { slot -> [String] in
      if let secret = slot.secret { return [secret.phrase] }
      return slot.template.references.filter { value(of: $0, depth + 1) == nil }.flatMap { self.awaited($0, depth + 1) }
    }
    return deeper.isEmpty ? [reference.description] : deeper
  }

  /// A record keeps hashes in the place of secrets.
  private static func hidden(_ value: Value) -> Value {
    if value["plumb.dev/hash"] != nil, value.count == 1 { return Value.string("").markedSensitive }
    guard value.kind == .map || value.kind == .list else { return value }
    if value.kind == .list { return .list(value.elements.map(hidden)) }
    return .map(value.entries.map { ($0.key, hidden($0.value)) })
  }
}

extension DiagnosticCode {
  static let notShown = DiagnosticCode(1330)
  static let notThere = DiagnosticCode(1331)
}

extension Engine {
  /// Opens the estate for expressions; reads the inventory, and nothing else.
  package func console() async throws(EngineFailure) -> ConsoleSession {
    let workspace = try load()
    let inventory = try await snapshot(of: try open(workspace))
    return ConsoleSession(workspace, workspace.expressions, inventory)
  }
}
