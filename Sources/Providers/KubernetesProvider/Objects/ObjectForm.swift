import Cryptography
import Resources
import Schemas
import Values

/// Objects as the API has them, and fields as manifests, plans and records have them: without what names the kind, and
/// without the marker.
struct ObjectForm: Sendable {
  let kind: ServedKind
  let type: ResourceType

  /// The name that stands in managedFields.
  static let manager = "plumb"

  /// `recsys/gpus`, `recsys`.
  static func remote(namespace: String?, name: String) -> RemoteID {
    RemoteID((namespace.map { "\($0)/" } ?? "") + name)
  }

  /// Namespace and name of an id.
  func names(_ remote: RemoteID) -> (namespace: String?, name: String) {
    guard kind.isNamespaced, let slash = remote.text.firstIndex(of: "/") else { return (nil, remote.text) }
    return (String(remote.text[..<slash]), String(remote.text[remote.text.index(after: slash)...]))
  }

  /// What the fields name; nil where they name nothing yet.
  func remote(_ fields: Value) -> RemoteID? {
    guard let name = fields["metadata"]?["name"]?.string else { return nil }
    guard kind.isNamespaced else { return Self.remote(namespace: nil, name: name) }
    return fields["metadata"]?["namespace"]?.string.map { Self.remote(namespace: $0, name: name) }
  }

  // MARK: Reading

  /// An object as an answer of the API holds it, items of lists included.
  func observed(_ object: Value) -> Observed {
    let metadata = object["metadata"] ?? .null
    let annotations = metadata["annotations"]
    return Observed(
      type: type.name,
      remote: Self.remote(
        namespace: kind.isNamespaced ? metadata["namespace"]?.string : nil, name: metadata["name"]?.string ?? ""),
      fields: fields(object), marker: Marker { annotations?[$0]?.string },
      isReady: metadata["deletionTimestamp"] == nil)
  }

  private func fields(_ object: Value) -> Value {
    Value.build { builder in
      builder.beginMap()
      for entry in object.entries where entry.key != "apiVersion" && entry.key != "kind" && !entry.value.isNull {
        builder.key(entry.key)
        let isSecret = type.schema[entry.key]?.marks.contains(.sensitive) ?? false
        if isSecret { builder.beginSensitive() }
        if entry.key == "metadata" { Self.metadata(entry.value, &builder) } else { builder.append(entry.value) }
        if isSecret { builder.endSensitive() }
      }
      builder.endMap()
    }
  }

  /// Without the marker; a map that held nothing else is not there.
  private static func metadata(_ metadata: Value, _ builder: inout TapeBuilder) {
    builder.beginMap()
    for entry in metadata.entries where !entry.value.isNull {
      if entry.key == "labels" || entry.key == "annotations" {
        let kept = entry.value.entries.filter { !isMarker($0.key) }
        if kept.isEmpty { continue }
        builder.key(entry.key)
        builder.append(kept.count == entry.value.count ? entry.value : .map(kept.map { ($0.key, $0.value) }))
      } else {
        builder.key(entry.key)
        builder.append(entry.value)
      }
    }
    builder.endMap()
  }

  static func isMarker(_ key: String) -> Bool {
    key == Marker.scopeKey || key == Marker.addressKey || key == Marker.protectKey
  }

  // MARK: Writing

  /// The whole configuration that is applied: the fields, the marker, and the kind.
  func applied(_ fields: Value, _ marker: Marker) -> Value {
    Value.build { builder in
      builder.beginMap()
      builder.key("apiVersion")
      builder.string(kind.apiVersion)
      builder.key("kind")
      builder.string(kind.name)
      builder.key("metadata")
      marked(fields["metadata"] ?? .map([]), marker, &builder)
      for entry in sent(fields).entries where entry.key != "metadata" && !entry.value.isNull {
        builder.key(entry.key)
        builder.append(entry.value)
      }
      builder.endMap()
    }
  }

  /// A configuration that owns nothing.
  func named(_ namespace: String?, _ name: String) -> Value {
    let names: [(String, Value)?] = [("name", .string(name)), namespace.map { ("namespace", .string($0)) }]
    return [
      "apiVersion": .string(kind.apiVersion), "kind": .string(kind.name), "metadata": .map(names.compactMap { $0 }),
    ]
  }

  /// The fields in the form in which they are sent and owned.
  func sent(_ written: Value) -> Value {
    let fields = QuantityTexts.sent(written, type.schema) ?? written
    guard isSecret || kind.isService || fields["status"] != nil else { return fields }
    return Value.build { builder in
      builder.beginMap()
      for entry in fields.entries where entry.key != "status" {
        if entry.key == "stringData" || entry.key == "data", isSecret { continue }
        builder.key(entry.key)
        builder.append(kind.isService && entry.key == "spec" ? entry.value.withProtocols : entry.value)
      }
      if isSecret { secretData(fields, &builder) }
      builder.endMap()
    }
  }

  private var isSecret: Bool { kind.apiVersion == "v1" && kind.name == "Secret" }

  /// `stringData` is written as `data`, which is what the server makes of it: owned as such, a key that is dropped is
  /// removed. https://github.com/kubernetes/kubernetes/issues/70281
  private func secretData(_ fields: Value, _ builder: inout TapeBuilder) {
    let texts = fields["stringData"]
    var entries = fields["data"]?.entries.filter { texts?[$0.key] == nil }.map { ($0.key, $0.value) } ?? []
    entries += texts?.entries.map { ($0.key, .string(Base64.encode(Array($0.value.spelling.utf8)))) } ?? []
    guard !entries.isEmpty else { return }
    builder.key("data")
    builder.beginSensitive()
    builder.append(.map(entries))
    builder.endSensitive()
  }

  private func marked(_ metadata: Value, _ marker: Marker, _ builder: inout TapeBuilder) {
    builder.beginMap()
    for entry in metadata.entries where !entry.value.isNull && entry.key != "labels" && entry.key != "annotations" {
      builder.key(entry.key)
      builder.append(entry.value)
    }
    builder.key("labels")
    builder.append(merged(metadata["labels"], [(ScopeLabel.key, ScopeLabel.value(marker.scope))]))
    builder.key("annotations")
    builder.append(merged(metadata["annotations"], marker.tags))
    builder.endMap()
  }

  private func merged(_ written: Value?, _ own: [(key: String, value: String)]) -> Value {
    let kept = written?.entries.filter { entry in !entry.value.isNull && !own.contains { $0.key == entry.key } } ?? []
    return .map(kept.map { ($0.key, $0.value) } + own.map { ($0.key, .string($0.value)) })
  }
}

extension Value {
  /// A map without one of its keys.
  func without(_ key: String) -> Value {
    self[key] == nil ? self : .map(entries.filter { $0.key != key }.map { ($0.key, $0.value) })
  }

  /// Ports of a Service with the protocol that the server would fill in: it is one of the keys that tell ports apart,
  /// and older servers refuse to merge without it. https://github.com/kubernetes/kubernetes/issues/92332
  fileprivate var withProtocols: Value {
    guard let ports = self["ports"], ports.elements.contains(where: { $0.kind == .map && $0["protocol"] == nil }) else {
      return self
    }
    return .map(
      entries.map { entry in
        guard entry.key == "ports" else { return (entry.key, entry.value) }
        let filled = ports.elements.map { port -> Value in
          guard port.kind == .map, port["protocol"] == nil else { return port }
          return .map(port.entries.map { ($0.key, $0.value) } + [("protocol", "TCP")])
        }
        return (entry.key, .list(filled))
      })
  }
}
