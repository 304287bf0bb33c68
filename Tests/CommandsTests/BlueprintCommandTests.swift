import TestSupport
import Testing

@testable import Commands

@Suite("kinds of one's own, through the built program")
struct BlueprintCommandTests {
  /// The example's files.
  private var plumb: BuiltBinary {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    let names = ["plumb.yaml", "manifests/blueprints.yaml", "manifests/teams.yaml"]
    var files: [String: String] = [:]
    for name in names { files[name] = TextFile.read("\(folder)/examples/blueprints/\(name)") ?? "" }
    return BuiltBinary(files)
  }

  @Test("planned, applied, planned again empty; an edited blueprint is named in the plan; destroyed")
  func lifecycle() async throws {
    let plumb = plumb
    var text = try await plumb.transcript([
      "validate", "explain TeamSpace", "explain TeamSpace.zones", "apply --sandbox --auto-approve --parallelism 1",
      "plan --sandbox --detailed-exitcode",
    ])
    let written = try #require(TextFile.read(plumb.folder.file("manifests/blueprints.yaml")))
    let edited = written.replacing("acme-${metadata.name}-cache", with: "acme-${metadata.name}-store").replacing(
      "          cidrBlock: \"${block}\"",
      with: "          cidrBlock: \"${block}\"\n          mapPublicIpOnLaunch: true")
    plumb.folder.write(edited, to: "manifests/blueprints.yaml")
    text += try await plumb.transcript([
      "plan --sandbox", "explain TeamSpace/vision/subnet[us-west-2a] --sandbox", "graph --format mermaid", "graph",
    ])
    plumb.folder.write(written, to: "manifests/blueprints.yaml")
    text += try await plumb.transcript([
      "destroy --sandbox --auto-approve --parallelism 1 --allow-stateful TeamSpace/*"
    ])
    expectSnapshot(text)
  }
}
