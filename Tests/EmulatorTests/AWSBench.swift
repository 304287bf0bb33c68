import AWSProvider
import Platform
import ProviderKit
import Resources
import Schemas
import Testing
import Values

/// A reader and a writer on one account, and the steps that tests put together.
struct AWSBench: Sendable {
  let account: MotoAccount
  let reader: any ResourceReader
  let writer: any ResourceWriter

  init(region: String = "us-west-2") async throws {
    account = try await MotoAccount(region: region)
    reader = try await account.provider.reader(account.target())
    writer = try await account.provider.writer(account.target(), fence: Fence(1))
  }

  func type(_ kind: String) throws -> ResourceType {
    try #require(AWSCatalog.catalog[TypeName("aws/\(kind)")])
  }

  func marker(_ kind: String, _ name: String, _ incarnation: Incarnation = 1) -> Marker {
    Marker(
      scope: account.scope, address: Address(group: "aws", kind: kind, name: name), incarnation: incarnation)
  }

  /// Creates with the early fields, then writes the late ones, as an apply does.
  @discardableResult
  func make(_ kind: String, _ name: String, _ fields: Value, token: String? = nil) async throws -> Observed {
    let type = try type(kind)
    let late = type.schema.fields.filter { $0.marks.contains(.late) && fields[$0.name] != nil }.map(\.name)
    let early = Value.map(fields.entries.filter { !late.contains($0.key) }.map { ($0.key, $0.value) })
    let made = try await create(kind, name, early, token: token)
    return late.isEmpty ? made : try await update(made, fields, late)
  }

  func create(
    _ kind: String, _ name: String, _ fields: Value, token: String? = nil, incarnation: Incarnation = 1
  ) async throws(ProviderError) -> Observed {
    let marker = marker(kind, name, incarnation)
    let desired = Desired(
      address: marker.address, type: TypeName("aws/\(kind)"), target: TargetName("test"), fields: fields)
    return try await writer.create(desired, marker, OperationToken(token ?? SystemRandom().hexID()), .ignore)
  }

  /// Changes the named fields to those of `fields`; absent ones are removed.
  @discardableResult
  func update(_ observed: Observed, _ fields: Value, _ names: [String]) async throws(ProviderError) -> Observed {
    let changes = names.map { name in
      FieldChange(
        path: ValuePath().appending(name), before: observed.fields[name], after: fields[name],
        effect: fields[name] == nil ? .remove : .set)
    }
    let change = FieldChanges(changes: changes, desired: fields, marker: observed.marker)
    return try await writer.update(change, of: observed, OperationToken(SystemRandom().hexID()), .ignore)
  }

  func delete(_ observed: Observed) async throws(ProviderError) {
    try await writer.delete(observed, OperationToken(SystemRandom().hexID()), .ignore)
  }

  /// Everything of ours, through all pages.
  func list(_ kind: String) async throws -> (items: [Observed], pages: Int) {
    var items: [Observed] = []
    var next: PageToken?
    var pages = 0
    repeat {
      let page = try await reader.list(TypeName("aws/\(kind)"), .scope(account.scope), after: next)
      items += page.items
      next = page.next
      pages += 1
    } while next != nil
    return (items, pages)
  }

  /// The fields that are not as written: empty where a plan would be.
  func differences(_ written: Value, _ observed: Observed) throws -> [String] {
    let type = try #require(AWSCatalog.catalog[observed.type])
    return written.entries.compactMap { entry in
      guard let field = type.schema[entry.key] else { return entry.key }
      guard let actual = observed.fields[entry.key] else { return "\(entry.key): missing" }
      if entry.key == "tags" {
        return entry.value.entries.allSatisfy { actual[$0.key] == $0.value } ? nil : "tags"
      }
      let text = "\(entry.key): \(JSONWriter().text(actual)) instead of \(JSONWriter().text(entry.value))"
      return field.equal(entry.value, actual) ? nil : text
    }
  }

  /// A network with two subnets, as most types need.
  func network() async throws -> (vpc: String, subnets: [String]) {
    let vpc = try await make("Vpc", "net", ["cidrBlock": "10.20.0.0/16"]).remote.text
    var subnets: [String] = []
    for (index, zone) in ["a", "b"].enumerated() {
      let fields: Value = [
        "vpcId": .string(vpc), "cidrBlock": .string("10.20.\(index).0/24"),
        "availabilityZone": .string("us-west-2\(zone)"),
      ]
      subnets.append(try await make("Subnet", "net-\(zone)", fields).remote.text)
    }
    return (vpc, subnets)
  }
}
