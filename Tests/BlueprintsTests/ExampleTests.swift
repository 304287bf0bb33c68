import Diagnostics
import Manifests
import Platform
import Resources
import Testing
import Values

@Suite("Examples")
struct ExampleTests {
  private func load(_ name: String) -> EstateFixture {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
      separator: "/")
    return EstateFixture(
      EstateLoader(files: LocalFiles(), providers: EstateFixture.providers).load(
        root: "\(folder)/examples/\(name)"))
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
}
