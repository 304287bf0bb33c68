import Schemas
import Values

/// Turns definitions of OpenAPI into our schemas.
struct SchemaReader {
  private let definitions: Value
  private let own: [String: Value]
  /// Definitions that are being read, so that those that hold themselves end as any value.
  private var open: [String] = []

  static let depthLimit = 24

  init(definitions: Value, own: [String: Value] = [:]) {
    self.definitions = definitions
    self.own = own
  }

  func definition(_ name: String) -> Value? { own[name] ?? definitions[name] }

  /// Set by the cluster; never written in manifests and never compared.
  private static let serverMetadata: Set = [
    "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields",
    "resourceVersion", "selfLink", "uid", "clusterName",
  ]
  static let objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
  private static let quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity"
  private static let schemaProperties = "JSONSchemaProps"

  mutating func object(_ name: String, isRoot: Bool = false) -> Schema {
    fields(of: definition(name) ?? .null, name, isRoot: isRoot)
  }

  private mutating func fields(of definition: Value, _ name: String, isRoot: Bool = false) -> Schema {
    open.append(name)
    defer { open.removeLast() }
    let required = Set(definition["required"]?.elements.compactMap(\.string) ?? [])
    var fields: [Field] = []
    for entry in definition["properties"]?.entries.map({ $0 }) ?? [] {
      if isRoot, entry.key == "apiVersion" || entry.key == "kind" { continue }
      fields.append(field(entry.key, entry.value, isRequired: required.contains(entry.key), of: name, isRoot: isRoot))
    }
    return Schema(fields, name: own[name] == nil && name != Self.unnamed ? Self.shortName(name) : nil)
  }

  /// `core.v1.PodSpec` of `io.k8s.api.core.v1.PodSpec`: enough to tell definitions apart.
  private static func shortName(_ name: String) -> String {
    name.split(separator: ".").suffix(3).joined(separator: ".")
  }

  private mutating func field(
    _ name: String, _ node: Value, isRequired: Bool, of owner: String, isRoot: Bool
  ) -> Field {
    var marks: Field.Marks = isRequired ? .required : []
    if isRoot, name == "status" { marks = [.computed, .volatile] }
    if isRoot, name == "metadata" { marks = .required }
    if owner == Self.objectMeta { marks = metadataMarks(name) }
    if owner.hasSuffix("core.v1.Secret"), name == "data" || name == "stringData" { marks = .sensitive }
    let summary = node["description"]?.string ?? ""
    return Field(
      name, type(of: node), marks, equality: isQuantity(node) ? .quantity : .exact, allowed: allowed(node),
      summary.isEmpty ? "The \(name)." : summary)
  }

  private func metadataMarks(_ name: String) -> Field.Marks {
    if Self.serverMetadata.contains(name) { return [.computed, .volatile] }
    // Templates within objects have metadata, too, which name nothing that stands.
    guard open.count == 2 else { return [] }
    switch name {
    case "name": return [.required, .immutable]
    case "namespace": return .immutable
    default: return []
    }
  }

  private func isQuantity(_ node: Value) -> Bool {
    node["$ref"]?.string == Self.quantity || node["additionalProperties"]?["$ref"]?.string == Self.quantity
  }

  /// The texts of an enumeration.
  private func allowed(_ node: Value) -> [String] {
    node["type"]?.string == "string" ? node["enum"]?.elements.compactMap(\.string) ?? [] : []
  }

  private mutating func type(of node: Value) -> FieldType {
    if let name = node["$ref"]?.string { return named(name) }
    if isOpen(node) { return .any }
    switch node["type"]?.string {
    case "string": return node["format"]?.string == "int-or-string" ? .any : .string
    case "integer": return .int
    case "number": return .double
    case "boolean": return .bool
    case "array": return .list(node["items"].map { type(of: $0) } ?? .any, order(node))
    case "object" where node["properties"] != nil: return .object(fields(of: node, Self.unnamed))
    case "object": return node["additionalProperties"].map { .map(type(of: $0)) } ?? .any
    default: return .any
    }
  }

  /// What stands for the name of an object that is described where it is used, as in custom resources.
  private static let unnamed = ""

  /// Whether more than what is described may stand there.
  private func isOpen(_ node: Value) -> Bool {
    node["x-kubernetes-preserve-unknown-fields"]?.bool ?? false
      || node["x-kubernetes-embedded-resource"]?.bool ?? false || node["x-kubernetes-int-or-string"]?.bool ?? false
      || open.count >= Self.depthLimit
  }

  private mutating func named(_ name: String) -> FieldType {
    guard let definition = definition(name), !open.contains(name), open.count < Self.depthLimit,
      !name.hasSuffix(Self.schemaProperties)
    else { return .any }
    // Quantities are written as numbers, too.
    if name == Self.quantity { return .any }
    return definition["properties"] == nil ? type(of: definition) : .object(object(name))
  }

  private func order(_ node: Value) -> FieldType.ListOrder {
    if node["x-kubernetes-list-type"]?.string == "set" { return .unordered }
    let keys = node["x-kubernetes-list-map-keys"]?.elements.compactMap(\.string) ?? []
    guard let key = keys.count == 1 ? keys.first : keys.isEmpty ? node["x-kubernetes-patch-merge-key"]?.string : nil
    else { return .ordered }
    // Items can only be told apart by a field that each of them has.
    let item = node["items"]?["$ref"]?.string.flatMap { definition($0) } ?? node["items"]
    let isRequired = item?["required"]?.elements.contains { $0.string == key } ?? false
    return isRequired ? .keyed(by: key) : .ordered
  }
}
