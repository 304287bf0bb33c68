import Diagnostics
import Expressions
import Manifests
import Resources
import Values

/// Where one value of a resource comes from.
package struct FieldSource: Sendable {
  package var path: ValuePath
  /// As it is wanted; unknown where only applying can tell, marked where it is a secret.
  package var value: Value
  package var origin: SourcePosition?
  /// It is written in an overlay of the environment.
  package var isOverlay: Bool
  /// The text that it is made from; nil for what is written as it is.
  package var expression: String?
  /// The variables that the expression names.
  package var variables: [Variable]
  /// What the expression reads from other manifests.
  package var references: [Reference]
  /// The place of a secret.
  package var secret: SecretReference?
}

extension Engine {
  /// Every single value that the manifests want at an address, and where it was written; nil where nothing is wanted
  /// there. Asks nobody.
  package func sources(of address: Address) throws(EngineFailure) -> [FieldSource]? {
    let workspace = try load()
    guard let resource = workspace.desired.resources.first(where: { $0.address == address }) else { return nil }
    let document = workspace.documents.first { $0.address == address.text }
    var collector = FieldSourceCollector(workspace: workspace, spec: document?.spec ?? .null)
    collector.collect(resource.fields, [])
    return collector.found
  }
}

private struct FieldSourceCollector {
  let workspace: Workspace
  /// As written, expressions included.
  let spec: Value
  var found: [FieldSource] = []

  mutating func collect(_ value: Value, _ path: [ValuePath.Segment]) {
    let written = spec[ValuePath(path)]
    let isText = written.map { Template.isTemplate($0) } ?? false
    switch value.kind {
    case .map where value.count > 0 && !isText:
      for entry in value.entries { collect(entry.value, path + [.key(entry.key)]) }
    case .list where value.count > 0 && !isText:
      for (index, item) in value.elements.enumerated() { collect(item, path + [.index(index)]) }
    case .null, .bool, .int, .double, .string, .unknown, .map, .list:
      add(value, path, isText ? written : nil)
    }
  }

  private mutating func add(_ value: Value, _ path: [ValuePath.Segment], _ text: Value?) {
    let slot = value.unknown.map { workspace.desired.slots[Int($0.index)] }
    // The text of a secret may hold the secret.
    let isHidden = value.isSensitive && text?.spelling.isReference != true
    let expression = isHidden ? nil : text?.spelling ?? slot.flatMap { $0.secret == nil ? $0.template.source : nil }
    let names = (text?.spelling ?? slot?.template.source).map { VariableNames($0).names } ?? []
    let origin = text?.origin ?? slot?.origin ?? value.origin
    found.append(
      FieldSource(
        path: ValuePath(path), value: value, origin: origin,
        isOverlay: origin?.file == workspace.environment?.file && origin != nil, expression: expression,
        variables: names.compactMap { name in workspace.variables.first { $0.name == name } },
        references: slot?.template.references ?? [], secret: slot?.secret))
  }
}

extension String {
  /// `${…}` with no text around it and no text in it.
  fileprivate var isReference: Bool {
    hasPrefix("${") && hasSuffix("}") && !contains("\"") && !contains("'") && !dropFirst(2).contains("${")
  }
}
