import TestSupport
import Testing

/// Secrets that stand in files and behind programs, through the built program.
@Suite("places of secrets, through the built program")
struct SecretPlacesTests {
  private static let settings = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: demo, id: est-abc123}
    spec: {defaults: {targets: {gcp: ml}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: ml}
    spec: {gcp: {project: acme-ml, region: europe-west6}}

    """

  private static func secret(_ name: String, _ place: String) -> String {
    "apiVersion: gcp.plumb.dev/v1\nkind: Secret\nmetadata: {name: \(name)}\n"
      + "spec: {secretId: \(name), payload: {valueFrom: {\(place)}}}\n---\n"
  }

  private static func estate(_ secrets: String) -> BuiltBinary {
    BuiltBinary([
      "plumb.yaml": settings, "manifests/a.yaml": secrets, "keys/db.txt": "c4n4ry-file-1\n",
      "keys/other.txt": "c4n4ry-command-1\n", "keys/fail.sh": "echo c4n4ry; echo c4n4ry >&2; exit 3\n",
    ])
  }

  private func expectNoCanary(_ plumb: BuiltBinary, _ answers: [ProcessGate.Answer]) {
    for answer in answers { #expect(!answer.text.contains("c4n4ry") && !answer.errorText.contains("c4n4ry")) }
    let files = DirectoryFiles.all(below: plumb.folder.path).filter { !$0.hasPrefix("keys/") }
    #expect(files.contains { $0.hasSuffix(".db") })
    for file in files {
      #expect(TextFile.read(plumb.folder.file(file))?.contains("c4n4ry") != true, "a secret is in \(file)")
    }
  }

  @Test("a file and a program give secrets that no plan, inventory or log holds; a change is seen by its hash")
  func round() async throws {
    let plumb = Self.estate(
      Self.secret("file", "file: keys/db.txt") + Self.secret("program", "command: \"cat 'keys/other.txt'\""))
    let plan = try await plumb.run("plan --sandbox --out a.plan")
    #expect(plan.text.contains("payload: (sensitive value)") && plan.code == 0, "\(plan.text)\(plan.errorText)")
    let apply = try await plumb.run("apply --sandbox a.plan")
    #expect(apply.text.contains("Apply complete! Resources: 2 added"), "\(apply.text)\(apply.errorText)")
    let same = try await plumb.run("plan --sandbox")
    #expect(same.text.contains("No changes.") && same.code == 0, "\(same.text)")
    plumb.folder.write("c4n4ry-file-2", to: "keys/db.txt")
    let changed = try await plumb.run("plan --sandbox --detailed-exitcode")
    #expect(changed.code == 2 && changed.text.contains("# gcp.Secret/file will be updated in place"), "\(changed.text)")
    #expect(
      changed.text.contains("is a secret, and its value has changed") && !changed.text.contains("gcp.Secret/program"))
    let again = try await plumb.run("apply --sandbox --auto-approve")
    #expect(again.text.contains("Apply complete! Resources: 0 added, 1 changed"), "\(again.text)\(again.errorText)")
    let last = try await plumb.run("plan --sandbox --json")
    expectNoCanary(plumb, [plan, apply, same, changed, again, last])
  }

  @Test("a secret that cannot be read is told with its place, and never taken for equal or written")
  func unreadable() async throws {
    let plumb = Self.estate(
      Self.secret("file", "file: keys/db.txt") + Self.secret("program", "command: cat keys/other.txt"))
    #expect(try await plumb.run("apply --sandbox --auto-approve").code == 0)
    plumb.folder.write("", to: "keys/db.txt")
    plumb.folder.write(
      Self.secret("file", "file: keys/db.txt") + Self.secret("program", "command: sh keys/fail.sh")
        + Self.secret("outside", "file: ../../../etc/passwd") + Self.secret("gone", "file: keys/none.txt"),
      to: "manifests/a.yaml")
    let plan = try await plumb.run("plan --sandbox")
    #expect(plan.code == 4, "\(plan.code)")
    let problems = plan.errorText + plan.text
    #expect(problems.contains("keys/db.txt` is empty"), "\(problems)")
    #expect(problems.contains("ended with status 3"), "\(problems)")
    let apply = try await plumb.run("apply --sandbox --auto-approve")
    let failures = apply.errorText + apply.text
    #expect(apply.code == 1 && failures.contains("is a way out of the estate"), "\(apply.code) \(failures)")
    #expect(failures.contains("the file `keys/none.txt` cannot be read"), "\(failures)")
    let list = try await plumb.run("inventory list --sandbox")
    #expect(!list.text.contains("gcp.Secret/outside") && !list.text.contains("gcp.Secret/gone"))
    expectNoCanary(plumb, [plan, apply, list])
    expectSnapshot(plumb.normalized(plan.text + plan.errorText))
  }
}

/// The console as people meet it: `script` gives the program a terminal; it is part of every Debian.
@Suite("the console on a terminal")
struct TerminalConsoleTests {
  private func session(_ input: String) async throws -> ProcessGate.Answer {
    let plumb = BuiltBinary(SampleEstate.files, ["TERM": "xterm"])
    return try await ProcessGate.run(
      ["script", "-qec", "\(BuiltProgram.path) console --no-color", "/dev/null"], environment: plumb.environment,
      directory: plumb.folder.path, input: Array(input.utf8))
  }

  @Test("it prompts, answers line by line, shows where an expression is wrong, and goes on; `exit` ends it")
  func conversation() async throws {
    let answer = try await session(
      "help\naws.Vpc.main.cidrBlock\naws.Vpc.main.id\n1 + true\nsize([1, 2])\nexit\n1 + 41\n")
    let text = answer.text.replacing("\r\n", with: "\n")
    #expect(answer.code == 0, "\(text)")
    #expect(text.contains("One expression a line; `help` says what there is, `exit` ends."))
    #expect(text.contains("  aws.Vpc/main\n") && text.contains("\"10.0.0.0/16\"\n"), "\(text)")
    #expect(text.contains("(known after apply), waits for `aws.Vpc/main.id`\n"), "\(text)")
    #expect(text.contains("`+` does not take an `int` and a `bool`") && text.contains("| 1 + true"), "\(text)")
    #expect(text.contains("> 2\n") || text.contains("\n2\n"), "\(text)")
    #expect(text.split(separator: "> ").count >= 6 && !text.contains("\n42\n"), "\(text)")
  }

  @Test("the end of the input ends it, too")
  func end() async throws {
    let answer = try await session("1 + 41\n\u{4}")
    #expect(answer.code == 0 && answer.text.contains("42"), "\(answer.text)")
  }
}
