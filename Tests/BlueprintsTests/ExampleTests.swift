import Diagnostics
import Manifests
import Platform
import Resources
import Testing
import Values

@Suite("Examples")
struct ExampleTests {
  private func load(_ name: String, _ environment: String? = nil) -> EstateFixture {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
      separator: "/")
    var inputs = EstateInputs()
    inputs.environment = environment
    return EstateFixture(
      EstateLoader(files: LocalFiles(), providers: EstateFixture.providers).load(
        root: "\(folder)/examples/\(name)", inputs: inputs))
  }

  @Test("examples load without a single remark", arguments: [("quickstart", 30), ("aws-network", 13)])
  func examples(_ name: String, _ count: Int) {
    let fixture = load(name)
    #expect(fixture.diagnostics.isEmpty, "\(fixture.diagnostics)")
    #expect(fixture.desired.resources.count == count)
    #expect(Set(fixture.desired.resources.map(\.type.kind)).count == 11)
  }

  @Test("the example of kinds of one's own loads without a single remark")
  func blueprints() {
    let fixture = load("blueprints")
    #expect(fixture.diagnostics.isEmpty, "\(fixture.diagnostics)")
    #expect(
      fixture.desired.resources.map(\.address.text).sorted() == [
        "SharedNetwork/main/vpc", "TeamSpace/speech/subnet[us-west-2a]", "TeamSpace/speech/subnet[us-west-2b]",
        "TeamSpace/vision/bucket", "TeamSpace/vision/subnet[us-west-2a]", "TeamSpace/vision/subnet[us-west-2b]",
        "aws.SecurityGroup/teams",
      ])
    #expect(fixture["TeamSpace/speech/subnet[us-west-2a]"]?.fields["tags"]?["tier"] == "front")
  }

  @Test("the example's environments differ by variables, overlays and a manifest")
  func environments() {
    let dev = load("environments", "dev"), prod = load("environments", "prod")
    #expect(dev.diagnostics.isEmpty && prod.diagnostics.isEmpty, "\(dev.diagnostics + prod.diagnostics)")
    #expect(dev.desired.resources.count == 3 && prod.desired.resources.count == 4)
    let vpcs = [dev, prod].map { $0.desired.resources.first { $0.address.text == "aws.Vpc/main" } }
    #expect(vpcs.map { $0?.fields["cidrBlock"] } == ["10.30.0.0/16", "10.40.0.0/16"])
    #expect(vpcs.map { $0?.fields["tags"]?["environment"] } == ["dev", "prod"])
    let buckets = [dev, prod].map { $0.desired.resources.first { $0.address.text == "aws.Bucket/logs" } }
    #expect(buckets.map { $0?.lifecycle.protect } == [false, true])
    #expect(buckets[1]?.fields["tags"]?["tier"]?.origin?.file == "environments/prod.yaml")
    #expect(prod.desired.targets.first?.settings["aws"]?["accountId"] == "210987654321")
  }
}
