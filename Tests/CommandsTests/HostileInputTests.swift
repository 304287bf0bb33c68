import Glibc
import TestSupport
import Testing

/// Through the built program: what an estate's files can make it do to the machine it runs on.
@Suite("hostile estates")
struct HostileInputTests {
  private static let vpc =
    "apiVersion: aws.plumb.dev/v1\nkind: Vpc\nmetadata: {name: outside}\nspec: {cidrBlock: 10.0.0.0/16}\n"

  private func settings(include: String) -> String {
    SampleEstate.settings.replacing("spec:\n  defaults", with: "spec:\n  include: [\(include)]\n  defaults")
  }

  @Test(
    "patterns that leave the estate are refused",
    arguments: ["../outside.yaml", "manifests/../../outside.yaml", "/etc/passwd", "**/../../*.yaml"])
  func patterns(_ pattern: String) async throws {
    let plumb = BuiltBinary(["estate/plumb.yaml": settings(include: "'\(pattern)'"), "outside.yaml": Self.vpc])
    let answer = try await plumb.run("plan --sandbox --chdir estate")
    #expect(answer.code == 1 && answer.errorText.contains("PLB1105"), "\(answer.errorText)")
    #expect(!answer.text.contains("outside"))
  }

  @Test("links that leave the estate are refused, to a file or to a folder", arguments: ["link.yaml", "link"])
  func linksOut(_ name: String) async throws {
    let plumb = BuiltBinary([
      "estate/plumb.yaml": settings(include: "'manifests/**/*.yaml'"), "estate/manifests/a.yaml": "",
      "outside/x.yaml": Self.vpc,
    ])
    let target = plumb.folder.file(name == "link" ? "outside" : "outside/x.yaml")
    #expect(symlink(target, plumb.folder.file("estate/manifests/\(name)")) == 0)
    let answer = try await plumb.run("plan --sandbox --chdir estate")
    #expect(answer.code == 1 && answer.errorText.contains("manifests/\(name)"), "\(answer.errorText)")
    #expect(!answer.text.contains("Vpc/outside"))
  }

  @Test(
    "links in a circle end with a diagnostic", arguments: [(".", "loop"), ("a.yaml", "b.yaml"), ("c.yaml", "c.yaml")])
  func loops(_ target: String, _ name: String) async throws {
    let plumb = BuiltBinary(["plumb.yaml": settings(include: "'manifests/**/*.yaml'"), "manifests/x.yaml": Self.vpc])
    #expect(symlink(target, plumb.folder.file("manifests/\(name)")) == 0)
    if name == "b.yaml" { #expect(symlink("b.yaml", plumb.folder.file("manifests/a.yaml")) == 0) }
    let answer = try await plumb.run("validate")
    #expect(answer.errorText.contains("manifests/\(name)"), "\(answer.text) \(answer.errorText)")
    #expect(answer.code == 1)
  }

  @Test("nothing in a manifest reaches the terminal as a command to it")
  func escapes() async throws {
    let evil = #"\e[2J\e]0;owned\a\u009b31m\u202eX\r\b"#
    let vpc = """
      apiVersion: aws.plumb.dev/v1
      kind: Vpc
      metadata: {name: main}
      spec: {cidrBlock: 10.0.0.0/16, tags: {Name: "\(evil)", "k\(evil)": "multi\\n\(evil)"}}
      ---
      apiVersion: aws.plumb.dev/v1
      kind: Bucket
      metadata: {name: "b\(evil)"}
      spec: {bucket: "x\(evil)"}

      """
    let good = vpc.prefix(upTo: vpc.firstRange(of: "---\n")?.lowerBound ?? vpc.endIndex)
    let broken = [vpc, "\(good)\u{1B}[2J: x\n", "\(good)extra: \"\(evil)\"\n\"\(evil)\": 1\n", "kind: \"\(evil)\"\n"]
    for manifest in broken {
      let plumb = BuiltBinary(SampleEstate.with(manifest))
      for line in ["validate", "validate --json", "plan --sandbox", "fmt --check"] {
        expectHarmless(try await plumb.run(line), line)
      }
    }
    let plumb = BuiltBinary(SampleEstate.with(String(good)))
    for line in [
      "plan --sandbox --out a.plan", "show a.plan", "show a.plan --json", "apply --sandbox --auto-approve",
      "explain aws.Vpc/main --sandbox", "inventory show aws.Vpc/main --sandbox", "output --sandbox",
      "output aws.Vpc/main --sandbox", "output aws.Vpc/main --sandbox --json",
    ] {
      let answer = try await plumb.run(line)
      #expect(answer.code == 0, "\(line): \(answer.errorText)")
      expectHarmless(answer, line)
    }
  }

  @Test("words of the command line come back harmless, too")
  func arguments() async throws {
    let plumb = BuiltBinary(SampleEstate.files)
    let evil = "\u{1B}[2J\u{202E}"
    for line in ["pl\(evil)", "plan --\(evil)", "explain \(evil)", "show \(evil)", "plan --only \(evil) --sandbox"] {
      expectHarmless(try await plumb.run(line), "\(line.debugDescription)")
    }
  }

  /// Neither control characters but the line's end nor marks that turn the reading direction.
  private func expectHarmless(_ answer: ProcessGate.Answer, _ line: String) {
    let text = answer.text + answer.errorText
    let evil = text.unicodeScalars.first { scalar in
      let isControl = scalar.value < 0x20 && scalar != "\n" || (0x7F...0x9F).contains(scalar.value)
      return isControl || scalar.value == 0x202E
    }
    guard let evil else { return }
    Issue.record("\(line) prints U+\(String(evil.value, radix: 16)): \(text.debugDescription)")
  }

  @Test("inventory, keys, locks and saved plans are the owner's alone, whatever the umask says")
  func permissions() async throws {
    let plumb = BuiltBinary(SampleEstate.files)
    let script = """
      umask 000
      "$0" plan --sandbox --out a.plan && "$0" apply --sandbox --auto-approve && "$0" plan --sandbox --out b.plan
      """
    let answer = try await ProcessGate.run(
      ["bash", "-ec", script, BuiltProgram.path], environment: plumb.environment, directory: plumb.folder.path)
    #expect(answer.code == 0, "\(answer.errorText)")
    let entries = DirectoryFiles.modes(below: plumb.folder.path).filter {
      $0.path.hasPrefix(".plumb") || $0.path.hasSuffix(".plan")
    }
    #expect(entries.count >= 7, "\(entries)")
    for entry in entries {
      let expected: mode_t = entry.mode & S_IFMT == S_IFDIR ? 0o700 : 0o600
      #expect(entry.mode & 0o777 == expected, "\(entry.path) has mode \(String(entry.mode & 0o777, radix: 8))")
    }
  }
}
