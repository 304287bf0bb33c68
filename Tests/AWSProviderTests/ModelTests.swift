import AWSClient
import HTTP
import Platform
import ProviderKit
import Resources
import Schemas
import TestSupport
import Testing
import Values

@testable import AWSProvider

@Suite("descriptors against the service models of AWS")
struct ModelTests {
  @Test("every field is found in a full answer made from the model", arguments: AWSType.all.map(\.type.name.text))
  func readPaths(_ name: String) async throws {
    let type = try AWSType.named(TypeName(name))
    let session = try ModelAnswers.session()
    let found = try await type.wire.read(session, type.type, [RemoteID(Self.ids[name] ?? "an-id")])
    let observed = try #require(found.first)
    #expect(!observed.remote.text.isEmpty)
    let missing = type.type.schema.fields.map(\.name).filter { observed.fields[$0].map(isEmpty) ?? true }
    #expect(missing == [])
    for field in type.type.schema.fields {
      guard case .list(.object(let schema), _) = field.type, let item = observed.fields[field.name]?[0] else {
        continue
      }
      #expect(schema.fields.map(\.name).filter { item[$0] == nil } == [], "within \(field.name)")
    }
  }

  /// Ids that say more than which object of many it is.
  private static let ids = [
    "aws/PermissionSet": "arn:aws:sso:::permissionSet/ssoins-1/ps-1",
    "aws/AccountAssignment": "arn:aws:sso:::permissionSet/ssoins-1/ps-1/123456789012/USER/a-person",
    "aws/ServiceQuotaIncrease": "a-ServiceCode/a-QuotaCode",
  ]

  private func isEmpty(_ value: Value) -> Bool { (value.kind == .list || value.kind == .map) && value.count == 0 }

  @Test("lists read the same paths as reads by id", arguments: AWSType.all.map(\.type.name.text))
  func listPaths(_ name: String) async throws {
    let type = try AWSType.named(TypeName(name))
    let session = try ModelAnswers.session()
    let page = try await type.wire.list(session, type.type, .all, after: nil)
    #expect(page.next == nil)
    let observed = try #require(page.items.first)
    let missing = type.type.schema.fields.map(\.name).filter { observed.fields[$0].map(isEmpty) ?? true }
    #expect(missing == [])
  }

  @Test("every type declares its permissions, its recovery and a natural key its schema has")
  func declarations() {
    for type in AWSType.all.map(\.type) {
      #expect(Set(type.operations.keys) == Set(Operation.allCases), "\(type.name)")
      for name in type.identity.naturalKey + [type.identity.idField].compactMap({ $0 }) {
        #expect(type.schema[name] != nil, "\(type.name) \(name)")
      }
      let ways = [type.identity.idField, type.identity.idPrefix, type.identity.idPath].count { $0 != nil }
      #expect(ways == 1, "\(type.name)")
      for field in type.schema.fields {
        #expect(field.references.map { AWSCatalog.catalog[TypeName($0)] != nil } ?? true, "\(type.name) \(field.name)")
        #expect(!field.summary.isEmpty)
      }
    }
    #expect(AWSCatalog.catalog.all.count == AWSType.all.count)
    #expect(CatalogLint.problems(AWSCatalog.catalog) == [])
  }

  @Test("each permission of a type is of its service, and reads need reads alone")
  func permissions() {
    for type in AWSType.all.map(\.type) {
      for operation in [Operation.list, .read] {
        for permission in type.operations[operation]?.permissions ?? [] {
          let action = permission.split(separator: ":").last.map(String.init) ?? ""
          #expect(ReadOperations.isRead(action), "\(type.name) \(permission)")
        }
      }
    }
  }
}

/// A network that answers each operation with the full answer made from the model.
enum ModelAnswers {
  static func session() throws -> AWSSession {
    try session(SimulatedTransport { request throws(HTTPError) in answer(request) })
  }

  static func session(
    _ transport: any HTTPTransport, time: any TimeSource = SimulatedTime(skipsSleep: true)
  ) throws -> AWSSession {
    let machine = ClientMachine(
      transport: transport, environment: Environment(), files: SimulatedFiles(), time: time,
      random: SeededRandom(seed: 1))
    let keys = StaticCredentials(AWSCredentials(accessKeyID: "AKIA", secretAccessKey: "secret"))
    let client = AWSClient(machine, region: "us-west-2", endpoints: AWSEndpoints(), credentials: keys)
    return AWSSession(client: client, account: "123456789012")
  }

  static func answer(_ request: HTTPRequest) -> HTTPResponse {
    let operation = request.operation.map { "\($0.service).\($0.name)" } ?? ""
    if operation == "s3.GetBucketPolicy" {
      return HTTPResponse(status: 200, body: Array(#"{"Version":"2012-10-17","Statement":[]}"#.utf8))
    }
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let text =
      TextFile.read("\(folder)/Fixtures/\(operation).xml") ?? TextFile.read("\(folder)/Fixtures/\(operation).json")
    return HTTPResponse(status: text == nil ? 501 : 200, body: Array((text ?? "").utf8))
  }
}
