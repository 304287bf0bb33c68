import GCPProvider
import Platform
import ProviderKit
import Resources
import Testing
import Values

/// Every type once more, while its service throttles, is out for a moment, and loses requests and answers.
@Suite("provider battery: Google Cloud under faults")
struct GCPFaultyBatteryTests {
  static let emulator = GCPEmulator(["--op-latency", "0.1"])

  /// What happens in turn, to one request of thirty. A connection that libcurl uses again is tried twice by itself.
  private static let faults: [[String: Value]] = [
    ["status": 429, "retryAfter": 0], ["drop": "after", "times": 2], ["status": 503], ["drop": "before", "times": 2],
    ["status": 500, "applied": true], ["drop": "mid"],
  ]

  @Test("every type lives and dies through throttling, outages, lost requests and lost answers")
  func wire() async throws {
    let project = try await Self.emulator.project()
    for round in 0..<60 {
      var fault = Self.faults[round % Self.faults.count]
      fault["skip"] = .int(round * 29)
      try await project.fault(".*", fault)
    }
    let target = Target(
      name: TargetName("gcp-test"), provider: "gcp",
      settings: [
        "gcp": ["project": .string(project.id), "region": "europe-west6", "billingAccount": "01ABCD-FAULTS"]
      ])
    let provider = PersistentProvider(GCPProvider(project.machine))
    let failures = await ProviderBattery(provider, target, GCPSamples.all).failures()
    #expect(failures == [])
    #expect(try await project.records().count { $0["fault"] != nil } >= 40)
    #expect(try await project.wrong() == [])
  }
}

/// A provider whose writes are repeated as an apply repeats them: under the same token, after a look at what stands.
private struct PersistentProvider: Provider {
  let inner: GCPProvider
  init(_ inner: GCPProvider) { self.inner = inner }

  var name: String { inner.name }
  var catalog: TypeCatalog { inner.catalog }
  func canList(_ type: TypeName) -> Bool { inner.canList(type) }
  func check(_ target: Target) -> [TargetProblem] { inner.check(target) }
  func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity { try await inner.identify(target) }
  func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader { try await inner.reader(target) }
  func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter {
    PersistentWriter(
      writer: try await inner.writer(target, fence: fence), reader: try await inner.reader(target), catalog: catalog)
  }
}

private struct PersistentWriter: ResourceWriter {
  let writer: any ResourceWriter
  let reader: any ResourceReader
  let catalog: TypeCatalog
  private static let attempts = 6

  func create(
    _ desired: Desired, _ marker: Marker, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    let hasMarker = catalog[desired.type]?.marker != MarkerPlace.none
    let evidence: Evidence = hasMarker ? .marker(marker) : .naturalKey(desired.fields)
    var isRepeated = false
    return try await persistently { () async throws(ProviderError) in
      if isRepeated, !hasMarker, let found = try await reader.find(desired.type, [evidence])[0].first { return found }
      isRepeated = true
      return try await writer.create(desired, marker, token, progress)
    }
  }

  func update(
    _ change: FieldChanges, of observed: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    try await persistently { () async throws(ProviderError) in
      try await writer.update(change, of: observed, token, progress)
    }
  }

  func delete(
    _ resource: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) {
    try await persistently { () async throws(ProviderError) in try await writer.delete(resource, token, progress) }
  }

  private func persistently<Result>(
    _ work: () async throws(ProviderError) -> Result
  ) async throws(ProviderError) -> Result {
    for _ in 1..<Self.attempts {
      do throws(ProviderError) { return try await work() } catch {
        switch error.reason {
        case .transient, .throttled: continue
        case .denied, .conflict, .notFound, .invalid, .quota, .unsupported, .cancelled, .other: throw error
        }
      }
    }
    return try await work()
  }
}
