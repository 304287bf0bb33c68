import Resources
import Testing

@Suite("addresses and markers")
struct AddressTests {
  @Test(
    "an address knows its manifest",
    arguments: [
      ("Network/prod/subnet[us-west-2a]", "Network/prod"), ("aws.Vpc/legacy", "aws.Vpc/legacy"),
      ("kubernetes.ResourceQuota/recsys/gpus", "kubernetes.ResourceQuota/recsys/gpus"),
    ])
  func manifest(text: String, manifest: String) {
    #expect(Address(text).manifest.text == manifest)
  }

  @Test("being within an address needs a whole segment")
  func within() {
    #expect(Address("Network/prod/vpc").isWithin(Address("Network/prod")))
    #expect(Address("Network/prod").isWithin(Address("Network/prod")))
    #expect(Address("Network/prod/subnet[a]").isWithin(Address("Network/prod/subnet")))
    #expect(!Address("Network/production").isWithin(Address("Network/prod")))
    #expect(!Address("Network/prod").isWithin(Address("Network/prod/vpc")))
  }

  @Test(
    "globs match whole addresses",
    arguments: [
      ("aws.Vpc/*", "aws.Vpc/prod", true), ("*", "aws.Vpc/prod", true), ("aws.Vpc/pro?", "aws.Vpc/prod", true),
      ("*/prod", "aws.Vpc/prod", true), ("aws.Vpc", "aws.Vpc/prod", false), ("aws.Vpc/p*x", "aws.Vpc/prod", false),
      ("*a*a*a*a*a*b", String(repeating: "a", count: 4_000), false),
    ])
  func globs(glob: String, text: String, expected: Bool) {
    #expect(Address(text).matches(glob: glob) == expected)
  }

  @Test(
    "a marker survives the way through tags that refuse brackets",
    arguments: [
      Marker(scope: ScopeID(estate: "est-1"), address: Address("aws.Vpc/prod")),
      Marker(
        scope: ScopeID(estate: "est-1", environment: "prod"), address: Address("Network/prod/subnet[us-west-2a]"),
        incarnation: 3),
      Marker(
        scope: ScopeID(estate: "est-1"), address: Address("kubernetes.ClusterRole/system:node"), isProtected: true),
    ])
  func markers(marker: Marker) {
    let tags = Dictionary(uniqueKeysWithValues: marker.tags.map { ($0.key, $0.value) })
    #expect(tags.values.allSatisfy { !$0.contains("[") && !$0.contains("]") })
    #expect(Marker { tags[$0] } == marker)
  }

  @Test("an object without our tags has no marker")
  func unmarked() {
    #expect(Marker { $0 == Marker.scopeKey ? "est-1" : nil } == nil)
    #expect(Marker.isOwn("plumb.dev/address") && !Marker.isOwn("plumb.device"))
  }
}
