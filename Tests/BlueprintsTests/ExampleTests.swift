import Diagnostics
import Manifests
import Platform
import Resources
import Testing

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
}
