import Blueprints
import Diagnostics
import KubernetesProvider
import Platform
import Resources
import TestSupport
import Testing

@Suite("what the kinds stand for")
struct KindExpansionTests {
  @Test("the examples of each provider build without an error", arguments: KindEstate.providers)
  func examples(_ provider: String) throws {
    let estate = try KindEstate(example: provider)
    #expect(!estate.diagnostics.hasErrors, "\(estate.report)")
  }

  @Test("each kind on each provider", arguments: KindEstate.providers, KindEstate.kinds)
  func golden(_ provider: String, _ kind: String) throws {
    let estate = try KindEstate(example: provider)
    let own = estate.desired.resources.filter { $0.address.text.hasPrefix("\(kind)/") }
    #expect(!own.isEmpty)
    expectSnapshot(own.map { estate.text(of: $0) + "\n" }.joined(separator: "\n"), named: "\(kind)-\(provider)")
  }

  @Test("a quota is a queue, too, on a cluster that serves them")
  func queues() throws {
    let files = try KindEstate.files(example: "kubernetes")
    let roles = { (estate: KindEstate) in
      estate.desired.resources.map(\.address.text).filter { $0.hasPrefix("Quota/") }.sorted()
    }
    let quota = ["Quota/ranking/containers", "Quota/ranking/quota"]
    #expect(roles(KindEstate(files)) == quota)
    let serving = KindEstate(files, served: ["main": KubernetesProvider.core])
    #expect(!serving.diagnostics.hasErrors, "\(serving.report)")
    #expect(
      roles(serving)
        == (quota + ["clusterQueue", "flavor", "localQueue"].map { "Quota/ranking/\($0)" }).sorted())
  }

  @Test("what exists already is watched, never made or changed", arguments: ["aws", "gcp"])
  func registered(_ provider: String) throws {
    let path = "\(KindEstate.project)/Tests/KindsTests/Fixtures/Registered/\(provider).yaml"
    let estate = try KindEstate(
      example: provider,
      over: ["manifests/legacy.yaml": String(decoding: try LocalFiles().read(path), as: UTF8.self)])
    #expect(!estate.diagnostics.hasErrors, "\(estate.report)")
    if provider == "gcp" {
      // Its subnet is smaller than a new one may be.
      let warnings = estate.diagnostics.filter { $0.severity == .warning }.map(\.message)
      #expect(warnings.contains { $0.contains("a subnet is /22 or larger, and `zurich` is /24") }, "\(warnings)")
    }
    let own = estate.desired.resources.filter {
      $0.address.text.contains("/legacy/") && $0.type.kind != "ProjectService"
    }
    #expect(!own.isEmpty && own.allSatisfy { $0.lifecycle.managementPolicy == .observe })
    expectSnapshot(own.map { estate.text(of: $0) + "\n" }.joined(separator: "\n"), named: "registered-\(provider)")
  }
}
