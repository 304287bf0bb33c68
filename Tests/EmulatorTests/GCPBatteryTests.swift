import GCPProvider
import Platform
import ProviderKit
import Resources
import SandboxProvider
import Testing
import Values

@Suite("provider battery: Google Cloud")
struct GCPBatteryTests {
  static let emulator = GCPEmulator(["--max-page-size", "2"])

  @Test("every type lives and dies in the sandbox")
  func sandbox() async {
    let sandbox = Sandbox(.memory, time: SimulatedTime(skipsSleep: true), random: SeededRandom(seed: 1))
    let provider = sandbox.provider(standingFor: "gcp", catalog: GCPCatalog.catalog, pageSize: 2)
    let covered = Set(GCPSamples.all.map(\.type))
    #expect(GCPCatalog.catalog.all.map(\.name).filter { !covered.contains($0) } == [])
    let battery = ProviderBattery(provider, target("acme-ml"), GCPSamples.all, pageSize: 2)
    let failures = await battery.failures()
    #expect(failures == [])
  }

  @Test("every type lives and dies on the wire, and Google knows every request")
  func wire() async throws {
    let project = try await Self.emulator.project()
    let provider = GCPProvider(project.machine)
    let samples = GCPSamples.all.filter { provider.canList($0.type) }
    let failures = await ProviderBattery(provider, target(project.id), samples).failures()
    #expect(failures == [])
    #expect(try await project.wrong() == [])
    let standing = try await project.standing().keys.filter { !Self.stays($0) }.sorted()
    #expect(standing == [])
  }

  /// What nothing deletes, or what is kept to be had back.
  private static func stays(_ key: String) -> Bool {
    ["/keyRings/", "/quotaPreferences/", "/roles/", "/workloadIdentityPools/"].contains { key.contains($0) }
  }

  private func target(_ project: String) -> Target {
    Target(
      name: TargetName("gcp-test"), provider: "gcp",
      settings: [
        "gcp": [
          "project": .string(project), "region": "europe-west6", "billingAccount": .string("01ABCD-\(project.count)"),
        ]
      ])
  }
}
