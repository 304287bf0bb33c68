import GCPProvider
import Platform
import ProviderKit
import Resources
import Testing
import Values

/// Halves of a provider on one project of a stand-in.
struct GCPHalves {
  let project: GCPProject
  let reader: any ResourceReader
  let writer: any ResourceWriter

  init(on emulator: GCPEmulator) async throws {
    project = try await emulator.project()
    let provider = GCPProvider(project.machine)
    let target = Target(
      name: TargetName("test"), provider: "gcp",
      settings: ["gcp": ["project": .string(project.id), "region": "us-central1"]])
    reader = try await provider.reader(target)
    writer = try await provider.writer(target, fence: Fence(1))
  }

  func make(_ kind: String, _ fields: Value, token: String = SystemRandom().hexID())
    async throws(ProviderError) -> Observed
  {
    let marker = Marker(
      scope: ScopeID(estate: "est-faults"), address: Address(group: "gcp", kind: kind, name: "x"), incarnation: 1)
    let desired = Desired(
      address: marker.address, type: TypeName("gcp/\(kind)"), target: TargetName("test"), fields: fields)
    return try await writer.create(desired, marker, OperationToken(token), .ignore)
  }

  func network(token: String = SystemRandom().hexID()) async throws(ProviderError) -> Observed {
    try await make("Network", ["name": "net", "autoCreateSubnetworks": false], token: token)
  }

  /// Sets one field of what stands.
  func set(_ field: String, to value: Value, of observed: Observed) async throws(ProviderError) -> Observed {
    let change = FieldChange(path: ValuePath([.key(field)]), before: observed.fields[field], after: value)
    let desired = Value.map(
      observed.fields.entries.filter { $0.key != field }.map { ($0.key, $0.value) } + [(field, value)])
    return try await writer.update(
      FieldChanges(changes: [change], desired: desired, marker: observed.marker), of: observed,
      OperationToken(SystemRandom().hexID()), .ignore)
  }

  func delete(_ observed: Observed) async throws(ProviderError) {
    try await writer.delete(observed, OperationToken(SystemRandom().hexID()), .ignore)
  }

  /// One network stands, and nothing was asked that Google does not know.
  func expectOne(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let standing = try await project.standing().keys.sorted()
    #expect(
      standing == ["compute/projects/\(project.id)/global/networks/net"], sourceLocation: sourceLocation)
    #expect(try await project.wrong() == [], sourceLocation: sourceLocation)
  }
}
