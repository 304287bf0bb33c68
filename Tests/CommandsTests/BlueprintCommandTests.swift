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

  @Test("what a blueprint does not make any more is destroyed because of the blueprint")
  func removedEntry() async throws {
    let plumb = plumb
    #expect(try await plumb.run("apply --sandbox --auto-approve").code == 0)
    let written = try #require(TextFile.read(plumb.folder.file("manifests/blueprints.yaml")))
    try #require(written.contains("when: spec.cache"))
    plumb.folder.write(
      written.replacing("when: spec.cache", with: "when: spec.cache && false"), to: "manifests/blueprints.yaml")
    let plan = try await plumb.run("plan --sandbox --allow-stateful *")
    #expect(plan.text.contains("# TeamSpace/vision/bucket will be destroyed"), "\(plan.text)\(plan.errorText)")
    #expect(plan.text.contains("because manifests/teams.yaml:6:1: `TeamSpace/vision` no longer stands for it"))
    #expect(
      plan.text.contains(/because manifests\/blueprints.yaml:\d+:\d+: what it stands for is said by its blueprint/))
    #expect(plan.text.contains("Plan: 0 to add, 0 to change, 1 to destroy."))
  }

  @Test("a picture is drawn without another program, is XML, and shows every resource and what needs what")
  func picture() async throws {
    let plumb = plumb
    let answer = try await plumb.run("graph --output estate.svg")
    #expect(answer.code == 0, "\(answer.errorText)")
    let script = """
      import sys, xml.dom.minidom
      picture = xml.dom.minidom.parse(sys.argv[1]).documentElement
      print(picture.tagName, picture.getAttribute("viewBox") != "")
      for node in picture.getElementsByTagName("text"):
          print("".join(n.data for n in node.childNodes if n.nodeType == 3))
      print("arrows", len(picture.getElementsByTagName("path")) + len(picture.getElementsByTagName("line")))
      """
    let seen = try await ProcessGate.run(["python3", "-c", script, plumb.folder.file("estate.svg")])
    #expect(seen.code == 0 && seen.text.hasPrefix("svg True"), "\(seen.text)\(seen.errorText)")
    for text in ["TeamSpace/vision", "subnet[us-west-2a]", "bucket", "aws.SecurityGroup/teams", "SharedNetwork/main"] {
      #expect(seen.text.contains(text), "\(seen.text)")
    }
    #expect(!seen.text.contains("arrows 0"), "\(seen.text)")
  }
}
