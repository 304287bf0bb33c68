import GCPProvider
import Platform
import ProviderKit
import Resources
import Synchronization
import TestSupport
import Testing
import Values

/// One object of each type, taken over by the built program: nothing is left to plan, and nothing has drifted.
@Suite("every type of Google Cloud, taken over")
struct GCPEveryTypeTests {
  static let emulator = GCPEmulator()

  private static let settings = GCPFiles.settings.replacing(
    "region: us-central1}", with: "region: europe-west6, billingAccount: 01ABCD-EVERY}")

  @Test("plan and drift are empty once it is recorded, for every type at the same time")
  func settled() async throws {
    let estate = try await GCPEstate(Self.emulator, files: ["plumb.yaml": Self.settings])
    let keeping = KeepingProvider(GCPProvider(estate.project.machine))
    let target = Target(
      name: TargetName("main"), provider: "gcp",
      settings: [
        "gcp": [
          "project": .string(estate.project.id), "region": "europe-west6", "billingAccount": "01ABCD-EVERY",
        ]
      ])
    // Its complaints are about objects that stay, since nothing is deleted here.
    _ = await ProviderBattery(keeping, target, GCPSamples.all, scope: ScopeID(estate: "est-gcptest001")).failures()
    let manifests = keeping.manifests
    #expect(manifests.count == GCPSamples.all.count)
    estate.folder.write(manifests.joined(separator: "---\n"), to: "manifests/all.yaml")
    try await estate.expect("apply --auto-approve", says: "Apply complete!")
    try await estate.expectNothingToDo()
    try await estate.expect("drift", says: "No drift")
    #expect(try await estate.project.wrong() == [])
  }
}

/// A provider whose objects stay, and that remembers what they were last made of.
private final class KeepingProvider: Provider {
  let inner: GCPProvider
  private let made = Mutex<[String: (desired: Desired, remote: RemoteID)]>([:])

  init(_ inner: GCPProvider) { self.inner = inner }

  var name: String { inner.name }
  var catalog: TypeCatalog { inner.catalog }
  func canList(_ type: TypeName) -> Bool { inner.canList(type) }
  func check(_ target: Target) -> [TargetProblem] { inner.check(target) }
  func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity { try await inner.identify(target) }
  func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader { try await inner.reader(target) }
  func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter {
    KeepingWriter(writer: try await inner.writer(target, fence: fence)) { [self] desired, remote in
      made.withLock { $0[desired.address.text] = (desired, remote) }
    }
  }

  /// Each object as a manifest; what carries no marker is adopted by its id.
  var manifests: [String] {
    made.withLock { $0 }.sorted { $0.key < $1.key }.map { _, object in
      let type = catalog[object.desired.type]
      let isAdopted = type?.marker == MarkerPlace.none && type?.lifespan == .own
      let adoption = isAdopted ? ", adopt: {id: \"\(object.remote)\"}" : ""
      return """
        apiVersion: gcp.plumb.dev/v1
        kind: \(object.desired.type.kind)
        metadata: {name: \(object.desired.address.text.split(separator: "/").last ?? "")\(adoption)}
        spec: \(JSONWriter(secrets: .revealed).text(object.desired.fields))

        """
    }
  }
}

private struct KeepingWriter: ResourceWriter {
  let writer: any ResourceWriter
  let keep: @Sendable (Desired, RemoteID) -> Void

  func create(
    _ desired: Desired, _ marker: Marker, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    let made = try await writer.create(desired, marker, token, progress)
    keep(desired, made.remote)
    return made
  }

  /// What stands is what was made: changes have tests of their own.
  func update(
    _ change: FieldChanges, of observed: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed { observed }

  func delete(_ resource: Observed, _ token: OperationToken, _ progress: ProgressSink) async throws(ProviderError) {}
}
