import Cryptography
import Resources
import Schemas
import Testing
import Values

@testable import Planning

@Suite struct SecretListTests {
  private static let user = Schema([
    Field("name", .string, .required, "Who."), Field("secret", .string, .sensitive, "Password."),
    Field("role", .string, [], "Role."),
  ])
  private static let type = ResourceType(
    TypeName("aws/Vault"), "A vault.",
    schema: Schema([Field("users", .list(.object(user), .keyed(by: "name")), .exclusive, "Users.")]),
    identity: Identity(), marker: .tags, recovery: .markerOnCreate, scope: .region)

  private func users(_ secret: Value, role: Value = "reader") -> Value {
    ["users": .list([.map([("name", "ana"), ("secret", secret.markedSensitive), ("role", role)])])]
  }

  private func diff(_ desired: Value, key: HashKey?, recorded: Value?) -> FieldDiff {
    var diff = FieldDiff(type: Self.type, hashKey: key)
    diff.compare(
      desired: desired, recorded: recorded, observed: ["users": [["name": "ana", "role": "reader"]]], late: false)
    return diff
  }

  @Test("secrets in a list that is owned whole are compared by their hashes, what is open with what stands there")
  func hashes() throws {
    let key = try #require(HashKey(Array(repeating: 7, count: 32)))
    let recorded = SensitiveHash.sealed(users("hunter2"), key: key)
    #expect(diff(users("hunter2"), key: key, recorded: recorded).changes.isEmpty)
    #expect(diff(users("hunter3"), key: key, recorded: recorded).changes.count == 1)
    #expect(diff(users("hunter2", role: "owner"), key: key, recorded: recorded).changes.count == 1)
    #expect(diff(users(.unknown(Slot(index: 0))), key: key, recorded: recorded).changes.count == 1)
    #expect(diff(users("hunter2"), key: key, recorded: nil).changes.count == 1)
    let unkeyed = diff(users("hunter2"), key: nil, recorded: recorded)
    #expect(unkeyed.changes.isEmpty && unkeyed.notCompared == 1)
  }
}
