import ProviderKit
import Resources
import Schemas
import Testing

@testable import GCPProvider

@Suite("parts of answers of Google Cloud")
struct SelectionTests {
  private func wire(_ name: String) throws -> (ResourceType, RESTWire) {
    let found = try GCPType.named(TypeName(name))
    return (found.type, try #require(found.wire as? RESTWire))
  }

  @Test("a list asks for what its type compares, its marker and its link, and for the next page")
  func list() throws {
    let (type, wire) = try wire("gcp/Network")
    #expect(
      wire.selection(type, wire.lists[0]).map(\.value) == [
        "items(name,description,autoCreateSubnetworks,mtu,routingConfig(routingMode),"
          + "networkFirewallPolicyEnforcementOrder,selfLink),nextPageToken"
      ])
  }

  @Test("a list of all regions asks below each, without what the path says")
  func aggregated() throws {
    let (type, wire) = try wire("gcp/Address")
    let text = wire.selection(type, wire.lists[0])[0].value
    #expect(text.hasPrefix("items/*/addresses(name,"))
    #expect(text.contains("labels"))
    #expect(!text.contains("region") && !text.contains("labelFingerprint"))
  }

  @Test("what is read to be changed comes with what guards it, and whole where it is sent back whole")
  func change() throws {
    let (address, addresses) = try wire("gcp/Address")
    #expect(addresses.selection(address, .change)[0].value.hasSuffix(",labelFingerprint"))
    let (bucket, buckets) = try wire("gcp/Bucket")
    #expect(buckets.selection(bucket, .change)[0].value.contains("metageneration"))
    #expect(!buckets.selection(bucket, .observation)[0].value.contains("metageneration"))
    let (metric, metrics) = try wire("gcp/LogMetric")
    #expect(metrics.selection(metric, .change).isEmpty)
    #expect(!metrics.selection(metric, .observation).isEmpty)
  }

  @Test("secrets and what no read gives are never asked for", arguments: GCPType.all.map(\.type.name))
  func hidden(_ name: TypeName) throws {
    let found = try GCPType.named(name)
    guard let wire = found.wire as? RESTWire else { return }
    let text = wire.selection(found.type, .observation).first?.value ?? ""
    for field in found.type.schema.fields where !field.marks.isDisjoint(with: [.sensitive, .writeOnly]) {
      #expect(!text.split(whereSeparator: { ",()".contains($0) }).contains(Substring(field.name)))
    }
  }
}
