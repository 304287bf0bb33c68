import GCPClient
import ProviderKit
import Resources
import Schemas
import Values

/// Reads and writes the fields of a schema in the JSON of an API; what the schema does not know is left out.
struct FieldCodec: Sendable {
  /// Wire names by the schema's dotted paths.
  var names: [String: String]
  /// The newer services name objects of Compute Engine by path: full URLs are cut to what begins with `projects/`.
  var cutsLinks = false

  /// Services leave empty lists and maps out of their answers; here they are there, and empty.
  func decode(_ raw: Value, _ schema: Schema, under path: String = "") -> Value {
    .map(
      schema.fields.compactMap { field in
        let own = path + field.name
        guard field.marks.isDisjoint(with: [.sensitive, .writeOnly]) else { return nil }
        guard let found = raw[names[own] ?? field.name], !found.isNull else {
          return field.type.emptyCollection.map { (field.name, $0) }
        }
        return decode(found, field.type, own).map { (field.name, $0) }
      })
  }

  private func decode(_ raw: Value, _ type: FieldType, _ path: String) -> Value? {
    switch type {
    case .string: raw.kind == .string ? raw : .string(raw.scalarText)
    case .int: raw.kind == .string ? Int(raw.spelling).map { .int($0) } : raw
    case .double: raw.kind == .string ? Double(raw.spelling).map { .double($0) } : raw
    case .bool, .any: raw
    case .list(let element, _): .list(raw.elements.compactMap { decode($0, element, path) })
    case .map(let element):
      .map(raw.entries.compactMap { entry in decode(entry.value, element, path).map { (entry.key, $0) } })
    case .object(let schema): raw.kind == .map ? decode(raw, schema, under: path + ".") : nil
    }
  }

  /// Fields as the API wants them: without those that it sets itself, and without nulls.
  func encode(_ fields: Value, _ schema: Schema, under path: String = "") -> Value {
    .map(
      fields.entries.compactMap { entry in
        guard let field = schema[entry.key], !field.marks.contains(.computed), !entry.value.isNull else { return nil }
        let value = field.equality == .link && cutsLinks ? Self.cut(entry.value) : entry.value
        return (wireName(field.name, under: path), encode(value, field.type, path + field.name))
      })
  }

  private static func cut(_ value: Value) -> Value {
    if value.kind == .list { return .list(value.elements.map(cut)) }
    return value.string.map { .string(RESTWire.path(ofLink: $0)) } ?? value
  }

  func encode(_ value: Value, _ type: FieldType, _ path: String) -> Value {
    switch type {
    case .string, .int, .double, .bool, .any, .map: value
    case .list(let element, _): .list(value.elements.map { Self.filled(encode($0, element, path)) })
    case .object(let schema): encode(value, schema, under: path + ".")
    }
  }

  /// Items go out without their empty collections.
  private static func filled(_ item: Value) -> Value {
    guard item.kind == .map else { return item }
    return .map(
      item.entries.filter { ($0.value.kind != .list && $0.value.kind != .map) || $0.value.count > 0 }
        .map { ($0.key, $0.value) })
  }

  func wireName(_ name: String, under path: String = "") -> String { names[path + name] ?? name }
}

extension FieldType {
  fileprivate var emptyCollection: Value? {
    switch self {
    case .list: .list([])
    case .map: .map([])
    case .string, .int, .double, .bool, .any, .object: nil
    }
  }
}

extension Value {
  /// The same map with some entries put in place of those of the same names.
  func with(_ others: [(String, Value)]) -> Value {
    let names = Set(others.map(\.0))
    return .map(entries.filter { !names.contains($0.key) }.map { ($0.key, $0.value) } + others)
  }
}

extension RESTWire {
  var codec: FieldCodec { FieldCodec(names: names, cutsLinks: service != .compute) }

  /// The object of an answer; nil where it is on its way out.
  func snapshot(_ raw: Value, _ session: GCPSession, _ type: ResourceType) -> Snapshot? {
    let state = lifeCycle.field.flatMap { raw[$0]?.scalarText }
    if let state, lifeCycle.gone.contains(state) { return nil }
    if lifeCycle.isGone(raw) { return nil }
    var fields = Fields()
    for entry in codec.decode(raw, type.schema).entries { fields[entry.key] = entry.value }
    let id = remoteID(raw, fields.value, session, type)
    if let pattern = type.identity.idPath {
      for (name, text) in IdentityPath(pattern).fields(of: id) ?? [:] where type.schema[name] != nil {
        fields[name] = .string(text)
      }
    }
    let marker = takeMarker(raw, &fields)
    refine(raw, &fields)
    let observed = Observed(
      type: type.name, remote: RemoteID(id), fields: fields.value, marker: marker,
      isReady: state.map { !lifeCycle.pending.contains($0) } ?? true)
    return Snapshot(observed: observed, raw: raw)
  }

  private func remoteID(_ raw: Value, _ fields: Value, _ session: GCPSession, _ type: ResourceType) -> String {
    if let field = type.identity.idField { return fields[field]?.string ?? "" }
    switch naming {
    case .name: return session.withProject(raw["name"]?.string ?? "")
    case .path:
      return type.identity.idPath.map { IdentityPath($0).text(fields, account: session.project) } ?? ""
    case .selfLink: return Self.path(ofLink: raw["selfLink"]?.string ?? "").replacing("/zones/", with: zonesAs)
    }
  }

  /// Clusters of a zone are linked as `zones` and found under `locations`.
  private var zonesAs: String { service == .container ? "/locations/" : "/zones/" }

  /// A full URL from `projects/` on.
  static func path(ofLink link: String) -> String {
    let parts = link.split(separator: "/", omittingEmptySubsequences: false)
    guard let start = parts.firstIndex(of: "projects") else { return link }
    return parts[start...].joined(separator: "/")
  }

  /// Takes Plumb's marker out of the users' labels or description.
  private func takeMarker(_ raw: Value, _ fields: inout Fields) -> Marker? {
    switch marking {
    case .labels(let name):
      let labels = raw[name] ?? .map([])
      fields[name] = .map(labels.entries.filter { !LabelMarker.isOwn($0.key) }.map { ($0.key, $0.value) })
      return LabelMarker.marker(labels)
    case .description, .createOnlyDescription:
      let (description, marker) = DescriptionMarker.split(raw["description"]?.string)
      fields["description"] = description.map { .string($0) }
      return marker
    case .none: return nil
    }
  }
}
