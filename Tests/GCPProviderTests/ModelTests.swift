import GCPClient
import HTTP
import Resources
import Schemas
import TestSupport
import Testing
import Values

@testable import GCPProvider

@Suite("descriptors against the discovery documents of Google")
struct ModelTests {
  private static let rest = GCPType.all.filter { $0.wire is RESTWire && !isApart($0) }.map(\.type.name.text)

  /// Quotas have no discovery document; the stand-in checks them against their protocol buffers.
  private static func isApart(_ type: GCPType) -> Bool { (type.wire as? RESTWire)?.service == .cloudQuotas }

  @Test("every method that a type uses exists, with its verb and the parameters it is given", arguments: rest)
  func methods(_ name: String) throws {
    let (type, wire) = try wire(name)
    var uses: [(String, HTTPMethod, [String])] = [("get", .get, [])]
    for list in wire.lists {
      uses.append((list.verb, .get, list.query.map(\.name) + (list.size.map { [$0.name, "pageToken"] } ?? [])))
    }
    let requestID = wire.operations == .compute ? ["requestId"] : []
    let parameters = [wire.creation.idParameter].compactMap(\.self) + wire.creation.query.map(\.name)
    uses.append((wire.creation.verb, .post, parameters + requestID))
    if type.lifespan != .permanent, wire.deletion.instead == nil {
      uses.append(
        (wire.deletion.verb, wire.deletion.suffix == nil ? .delete : .post, wire.deletion.query.map(\.name)))
    }
    switch wire.update {
    case .patch: uses.append(("patch", .patch, []))
    case .mask: uses.append(("patch", .patch, ["updateMask"]))
    case .wrappedMask: uses.append(("patch", .patch, []))
    case .whole(let verb, let method): uses.append((verb, method, []))
    case .none: break
    }
    for (verb, method, query) in uses {
      let id = "\(wire.service.name).\(wire.collection).\(verb)"
      let model = try #require(try Models.of(wire.service)["methods"]?[id], "\(id) is no method")
      #expect(model["http"]?.string == method.description, "\(id)")
      let known = Set((model["query"] ?? .null).elements.compactMap(\.string))
      #expect(query.filter { !known.contains($0) } == [], "\(id)")
    }
  }

  @Test("every field of a type is one of the API's, of the same shape", arguments: rest)
  func fields(_ name: String) throws {
    let (type, wire) = try wire(name)
    let models = try Models.of(wire.service)
    let get = "\(wire.service.name).\(wire.collection).get"
    let answer = try #require(models["methods"]?[get]?["response"]?.string)
    let path = Set(type.identity.idPath.map { IdentityPath($0).fields } ?? []).subtracting(wire.bodyFields)
    // A secret's value is a version, which is an object of its own.
    let apart = path.union(name == "gcp/Secret" ? ["payload"] : [])
    #expect(Models.unknown(type.schema, answer, wire.names, models, apart: apart) == [])
  }

  @Test("a field that the API does not have is told, and so is one of another shape")
  func canFail() throws {
    let models = try Models.of(.compute)
    let schema = Schema([
      Field("colour", .string, [], "None."), Field("mtu", .string, [], "A number."),
      Field("name", .string, [], "Right."),
      Field("routingConfig", .object(Schema([Field("mode", .string, [], "None.")])), [], "Half right."),
    ])
    #expect(
      Models.unknown(schema, "Network", [:], models, apart: []) == [
        "colour", "mtu is a string and not integer", "routingConfig.mode",
      ])
  }

  private func wire(_ name: String) throws -> (ResourceType, RESTWire) {
    let found = try GCPType.named(TypeName(name))
    return (found.type, try #require(found.wire as? RESTWire))
  }
}

/// What the documents say, as `Fixtures/make_models.py` wrote it.
enum Models {
  private static let all: Value? = {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    guard let text = TextFile.read("\(folder)/Fixtures/models.json") else { return nil }
    // A damaged fixture is found by `of`, which then has nothing to give.
    return try? JSONReader.parse(text)
  }()

  static func of(_ service: GCPService) throws -> Value {
    try #require(all?["\(service.name)/\(service.version)"], "make_models.py has to write \(service.name)")
  }

  static func unknown(
    _ schema: Schema, _ name: String, _ names: [String: String], _ models: Value, apart: Set<String>,
    under path: String = ""
  ) -> [String] {
    unknown(schema, models["schemas"]?[name] ?? .null, names, models, apart, path)
  }

  private static func unknown(
    _ schema: Schema, _ shapes: Value, _ names: [String: String], _ models: Value, _ apart: Set<String>, _ path: String
  ) -> [String] {
    schema.fields.flatMap { field -> [String] in
      let own = path + field.name
      guard !apart.contains(own) else { return [] }
      guard let shape = shapes[names[own] ?? field.name] else { return [own] }
      return misfits(field.type, shape, own, names, models)
    }
  }

  private static func misfits(
    _ type: FieldType, _ shape: Value, _ path: String, _ names: [String: String], _ models: Value
  ) -> [String] {
    let text = shape.string ?? ""
    func wrong() -> [String] { ["\(path) is a \(type.description) and not \(text.isEmpty ? "an object" : text)"] }
    switch type {
    case .any: return []
    case .string: return text == "string" ? [] : wrong()
    case .int: return text == "integer" ? [] : wrong()
    case .double: return text == "number" ? [] : wrong()
    case .bool: return text == "boolean" ? [] : wrong()
    case .list(let element, _):
      guard text.isEmpty || text.hasPrefix("[") else { return wrong() }
      return misfits(element, inner(shape), path, names, models)
    case .map(let element):
      guard text.hasPrefix("{") else { return wrong() }
      return misfits(element, inner(shape), path, names, models)
    case .object(let schema):
      if shape.kind == .map { return unknown(schema, shape, names, models, [], path + ".") }
      guard text.hasPrefix("$") else { return wrong() }
      let named = models["schemas"]?[String(text.dropFirst())] ?? .null
      return unknown(schema, named, names, models, [], path + ".")
    }
  }

  /// What a list or a map holds; lists of objects without a name stand as they are.
  private static func inner(_ shape: Value) -> Value {
    shape.string.map { .string(String($0.dropFirst().dropLast())) } ?? shape
  }
}
