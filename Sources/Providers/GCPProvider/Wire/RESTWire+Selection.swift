import GCPClient
import Resources
import Schemas

/// Partial responses: answers hold what a type compares and what its requests need, and nothing else.
/// https://cloud.google.com/compute/docs/api/how-tos/performance#partial-response
extension RESTWire {
  /// What an object is read for.
  enum Purpose: Sendable {
    /// To be compared.
    case observation
    /// To be changed: with what guards the change, and whole where it is sent back whole.
    case change
  }

  /// The parameter `fields` of a read of one object; nothing where the whole of it is needed.
  func selection(_ type: ResourceType, _ purpose: Purpose) -> [(name: String, value: String)] {
    if purpose == .change, case .whole = update { return [] }
    return [("fields", selected(type, purpose))]
  }

  /// The same of a list: `items(name,selfLink),nextPageToken`.
  func selection(_ type: ResourceType, _ place: ListPlace) -> [(name: String, value: String)] {
    let items = place.isAggregated ? "items/*/\(place.items)" : place.items
    let next = place.size == nil ? "" : ",nextPageToken"
    return [("fields", "\(items)(\(selected(type, .observation)))\(next)")]
  }

  private func selected(_ type: ResourceType, _ purpose: Purpose) -> String {
    let inPath = Set(type.identity.idPath.map { IdentityPath($0).fields } ?? []).subtracting(bodyFields)
    let own = Self.names(of: type.schema, codec, without: inPath)
    let known = Set(own.map { String($0.prefix { $0 != "(" }) })
    return (own + needed(purpose).filter { !known.contains($0) }).joined(separator: ",")
  }

  /// What is read from answers beside the fields of the schema, in no order but without repetition.
  private func needed(_ purpose: Purpose) -> [String] {
    var needed: Set<String> = naming == .selfLink ? ["selfLink"] : ["name"]
    needed.formUnion([lifeCycle.field, lifeCycle.message].compactMap(\.self))
    switch marking {
    case .labels(let name): needed.insert(name)
    case .description, .createOnlyDescription: needed.insert("description")
    case .none: break
    }
    if purpose == .change {
      if let guardField { needed.insert(guardField) }
      if service == .storage { needed.insert("metageneration") }
      needed.formUnion(writers.flatMap(\.reads))
    }
    return needed.sorted()
  }

  /// `name,routingConfig(routingMode)`: the wire's names of what can be read of a schema.
  private static func names(
    of schema: Schema, _ codec: FieldCodec, without apart: Set<String> = [], under path: String = ""
  ) -> [String] {
    schema.fields.compactMap { field in
      guard field.marks.isDisjoint(with: [.sensitive, .writeOnly]), !apart.contains(field.name) else { return nil }
      let name = codec.wireName(field.name, under: path)
      guard let inner = inside(field.type) else { return name }
      let parts = names(of: inner, codec, under: path + field.name + ".")
      return parts.isEmpty ? name : "\(name)(\(parts.joined(separator: ",")))"
    }
  }

  /// The fields of an object, or of the objects of a list.
  private static func inside(_ type: FieldType) -> Schema? {
    switch type {
    case .object(let schema): schema
    case .list(let element, _): inside(element)
    case .string, .int, .double, .bool, .any, .map: nil
    }
  }
}
