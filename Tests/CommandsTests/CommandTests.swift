import Glibc
import Platform
import TestSupport
import Testing

@testable import Commands

@Suite("the built program")
struct CommandTests {
  @Test("the language's own kinds are explained like resource types, to the field")
  func languageKinds() async throws {
    let binary = BuiltBinary()
    #expect(try await binary.run("explain Estate").text.contains("Fields of `spec`"))
    #expect(try await binary.run("explain Target.spec.credentials").text.contains("How to sign requests."))
    #expect(try await binary.run("explain metadata.protect").text.contains("Never deleted or replaced"))
    #expect(try await binary.run("explain metadata.protekt").code == 1)
  }

  @Test("plan, apply, plan again, look around, destroy")
  func lifecycle() async throws {
    let plumb = BuiltBinary(SampleEstate.files)
    expectSnapshot(
      try await plumb.transcript([
        "validate", "plan --sandbox --detailed-exitcode", "apply --sandbox --auto-approve --parallelism 1",
        "plan --sandbox --detailed-exitcode", "apply --sandbox --auto-approve", "output --sandbox",
        "output aws.Vpc/main --sandbox",
        "output aws.Vpc/main.cidrBlock --sandbox", "output aws.Vpc/main.tags.Name --raw --sandbox",
        "inventory list --sandbox", "inventory list --sandbox --only aws.S*", "inventory show aws.Subnet/a --sandbox",
        "inventory lock show --sandbox", "inventory lock break --reason test --sandbox",
        "destroy --sandbox --auto-approve",
        "destroy --sandbox --auto-approve --parallelism 1 --allow-stateful aws.Bucket/*",
        "plan --sandbox --destroy",
      ]))
  }

  @Test("a change is explained, saved, shown, applied once")
  func savedPlan() async throws {
    let plumb = BuiltBinary(SampleEstate.files)
    _ = try await plumb.run("apply --sandbox --auto-approve")
    let changed = SampleEstate.network.replacing("10.0.0.0/16", with: "10.9.0.0/16").replacing(
      "10.0.1.0", with: "10.9.1.0")
    plumb.folder.write(changed, to: "manifests/network.yaml")
    expectSnapshot(
      try await plumb.transcript([
        "plan --sandbox --out change.plan", "show change.plan --action create-then-delete --only aws.Vpc/*",
        "explain aws.Subnet/a --sandbox", "explain aws.Subnet/a --plan change.plan",
        "explain aws.Bucket/data --plan change.plan",
        "apply change.plan --parallelism 1", "apply change.plan --sandbox",
        "apply change.plan --sandbox --resume",
      ]))
    let file = try #require(TextFile.read(plumb.folder.file("change.plan")))
    #expect(file.hasPrefix("{\n\"format_version\":\"1.0\","))
  }

  @Test("what stands, what was recorded and what is wanted are compared; a lost inventory is written anew")
  func drift() async throws {
    let plumb = BuiltBinary(SampleEstate.files)
    _ = try await plumb.run("apply --sandbox --auto-approve --parallelism 1")
    let clean = try await plumb.transcript([
      "drift --sandbox", "inventory verify --sandbox", "inventory export old.json --sandbox",
      "inventory export --json --sandbox", "inventory import old.json --sandbox",
      "inventory history aws.Vpc/main --sandbox", "inventory history aws.Vpc/none --sandbox",
      "inventory recover --sandbox",
    ])
    // The objects go on, the old inventory comes back: what stands is not what is recorded.
    plumb.folder.write(SampleEstate.network.replacing("Name: main", with: "Name: other"), to: "manifests/network.yaml")
    _ = try await plumb.run("apply --sandbox --auto-approve")
    plumb.folder.write(SampleEstate.network.replacing("Name: main", with: "Name: third"), to: "manifests/network.yaml")
    let drifted = try await plumb.transcript([
      "inventory import old.json --force --sandbox", "drift --sandbox", "drift --sandbox --json",
      "drift --sandbox --only aws.Subnet/*",
    ])
    plumb.folder.write(SampleEstate.network.replacing("Name: main", with: "Name: other"), to: "manifests/network.yaml")
    for file in ["est-abc123.db", "est-abc123.db-wal", "est-abc123.db-shm"] {
      unlink(plumb.folder.file(".plumb/sandbox/\(file)"))
    }
    let lost = try await plumb.transcript([
      "inventory verify --sandbox", "inventory verify --sandbox --json", "inventory recover --sandbox",
      "inventory recover --merge --json --sandbox", "drift --sandbox", "plan --sandbox --detailed-exitcode",
    ])
    expectSnapshot(clean + drifted + lost)
  }

  @Test("manifests that changed after the plan make it stale")
  func stale() async throws {
    let plumb = BuiltBinary(SampleEstate.files)
    _ = try await plumb.run("plan --sandbox --out change.plan")
    plumb.folder.write(SampleEstate.network.replacing("Name: main", with: "Name: other"), to: "manifests/network.yaml")
    let answer = try await plumb.run("apply change.plan --sandbox")
    #expect(answer.code == 6 && answer.errorText.contains("the manifests have changed"))
  }

  @Test("event lines of every command, the version first")
  func events() async throws {
    let plumb = BuiltBinary(SampleEstate.files)
    let text = try await plumb.transcript([
      "version --json", "validate --json", "plan --sandbox --json --out x.plan", "show x.plan --json --action create",
      "apply --sandbox --auto-approve --json --parallelism 1", "output aws.Vpc/main.cidrBlock --json --sandbox",
      "inventory list --json --sandbox", "inventory lock show --json --sandbox",
      "inventory forget aws.Bucket/data --reason moved --json --sandbox", "explain aws.Vpc/main --json --sandbox",
      "explain aws.ElasticIp.tags --json", "provider list --json", "fmt --check --json", "destroy --json --sandbox",
      "plan --only --json",
    ])
    expectSnapshot(text)
    for line in text.split(separator: "\n") where !line.hasPrefix("$") && !line.hasPrefix("[") {
      #expect(line.hasPrefix("{\"@level\":"))
    }
  }

  @Test("init makes an estate, or gives one its id; fmt keeps it")
  func initialize() async throws {
    let plumb = BuiltBinary([
      "given/plumb.yaml": "kind: Estate\napiVersion: plumb.dev/v1\nmetadata: {name: given}\n",
      "block/plumb.yaml": "apiVersion: plumb.dev/v1\nkind: Estate\nmetadata:\n  name: block\nspec: {}\n",
      "block/.gitignore": "*.log",
      "mine/README": "",
    ])
    expectSnapshot(
      try await plumb.transcript([
        "init --chdir mine", "init --chdir mine", "validate --chdir mine", "init --chdir given", "init --chdir block",
        "init 9lives --chdir mine/manifests", "fmt --check --chdir mine",
      ]))
    func file(_ name: String) -> String { plumb.normalized(TextFile.read(plumb.folder.file(name)) ?? "") }
    #expect(file("given/plumb.yaml") == "kind: Estate\napiVersion: plumb.dev/v1\nmetadata: {id: est-ID, name: given}\n")
    #expect(file("block/plumb.yaml").contains("metadata:\n  id: est-ID\n  name: block\nspec"))
    #expect(file("block/.gitignore") == "*.log\n.plumb/\n")
    expectSnapshot(file("mine/plumb.yaml"), named: "plumb.yaml")
  }

  @Test("fmt tidies what it is told to, and --check only says so")
  func format() async throws {
    let untidy = "a:   \n- b # note\n\n\n\n- c\n"
    let plumb = BuiltBinary([
      "one.yaml": untidy, "sub/two.yml": untidy, "sub/fine.yaml": "a: 1\n", "bad.yaml": "a: [\n",
    ])
    expectSnapshot(
      try await plumb.transcript([
        "fmt --check one.yaml", "fmt sub", "fmt sub --check", "fmt one.yaml", "fmt bad.yaml", "fmt none.yaml",
      ]))
    #expect(TextFile.read(plumb.folder.file("one.yaml")) == TextFile.read(plumb.folder.file("sub/two.yml")))
    #expect(TextFile.read(plumb.folder.file("one.yaml")) != untidy)
  }

  @Test("kinds and fields are explained")
  func explain() async throws {
    expectSnapshot(
      try await BuiltBinary().transcript([
        "explain aws.Subnet", "explain aws/Subnet.cidrBlock", "explain Vpc.tags", "provider list", "version",
      ]))
  }

  @Test("records move and are forgotten, with a reason in the journal")
  func inventory() async throws {
    let plumb = BuiltBinary(SampleEstate.files)
    _ = try await plumb.run("apply --sandbox --auto-approve")
    expectSnapshot(
      try await plumb.transcript([
        "inventory move aws.Vpc/main aws.Vpc/prod --sandbox", "inventory move aws.Vpc/prod aws.Subnet/a --sandbox",
        "inventory forget aws.Bucket/data --reason moved\u{2423}away --sandbox", "inventory list --sandbox",
        "inventory forget --target main --reason closed --sandbox", "inventory list --sandbox",
      ]))
  }

  @Test("what cannot be asked is not asked, and never waited for")
  func noInput() async throws {
    for variables in [[:], ["CI": "true"], ["PLUMB_INPUT": "false"]] {
      let answer = try await BuiltBinary(SampleEstate.files, variables).run("apply --sandbox")
      #expect(answer.code == 1 && answer.errorText.contains("PLB6010") && answer.errorText.contains("--auto-approve"))
    }
  }

  @Test(
    "on a terminal only the full word `yes` goes on, and the live view leaves nothing behind",
    arguments: ["y", "yes", ""])
  func question(answer: String) async throws {
    var plumb = BuiltBinary(SampleEstate.files)
    plumb.environment["TERM"] = "xterm"
    // `script` gives the program a terminal; it is part of every Debian.
    let result = try await ProcessGate.run(
      ["script", "-qec", "\(BuiltProgram.path) apply --sandbox --no-color", "/dev/null"],
      environment: plumb.environment,
      directory: plumb.folder.path, input: Array("\(answer)\n".utf8))
    let isApplied = try await plumb.run("inventory list --sandbox").text.contains("aws.Vpc/main")
    #expect(result.text.contains("Only `yes` will be accepted."))
    #expect(isApplied == (answer == "yes") && result.code == (answer == "yes" ? 0 : 1))
    guard isApplied else { return #expect(result.text.contains("Apply cancelled. Nothing was changed.")) }
    #expect(result.text.contains("\u{1B}[1A\r\u{1B}[J"))
    #expect(result.text.hasSuffix("\u{1B}[J\r\nApply complete! Resources: 3 added, 0 changed, 0 destroyed.\r\n"))
  }

  @Test("colour comes by flag before NO_COLOR, and never into a pipe by itself")
  func color() async throws {
    func isColored(_ line: String, _ variables: [String: String] = [:]) async throws -> Bool {
      try await BuiltBinary(SampleEstate.files, variables).run(line).text.contains("\u{1B}[")
    }
    #expect(try await !isColored("plan --sandbox"))
    #expect(try await isColored("plan --sandbox --color always", ["NO_COLOR": "1"]))
    #expect(try await isColored("plan --sandbox", ["FORCE_COLOR": "1"]))
    #expect(try await !isColored("plan --sandbox", ["FORCE_COLOR": "1", "NO_COLOR": "1"]))
    #expect(try await !isColored("plan --sandbox --no-color", ["FORCE_COLOR": "1"]))
    #expect(try await !isColored("plan --sandbox --json --color always"))
  }

  @Test("variables stand for flags")
  func variables() async throws {
    let answer = try await BuiltBinary(
      SampleEstate.files, ["PLUMB_SANDBOX": "1", "PLUMB_CLI_ARGS_plan": "--detailed-exitcode"]
    ).run("plan")
    #expect(answer.code == 2 && answer.text.contains("Plan: 3 to add, 0 to change, 0 to destroy."))
  }

  @Test("the help of every command")
  func help() async throws {
    func lines(_ path: CommandPath) -> [String] {
      [(["help"] + path.names.dropFirst()).joined(separator: " ")]
        + path.command.subcommands.flatMap { lines(path.child($0)) }
    }
    let text = try await BuiltBinary().transcript(lines(CommandPath(names: ["plumb"], command: CommandTable.root)))
    expectSnapshot(text)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 110 })
  }

  @Test("completion scripts are made from the commands and a shell accepts them")
  func completion() async throws {
    let plumb = BuiltBinary()
    expectSnapshot(try await plumb.transcript(["completion bash", "completion zsh", "completion fish"]))
    plumb.folder.write(try await plumb.run("completion bash").text, to: "plumb.bash")
    let script =
      "source plumb.bash; COMP_WORDS=(plumb inventory lo); COMP_CWORD=2; _plumb; echo ${COMPREPLY[@]}; "
      + "COMP_WORDS=(plumb plan --det); COMP_CWORD=2; _plumb; echo ${COMPREPLY[@]}; "
      + "COMP_WORDS=(plumb completion f); COMP_CWORD=2; _plumb; echo ${COMPREPLY[@]}"
    let answer = try await ProcessGate.run(
      ["bash", "-c", script], environment: plumb.environment, directory: plumb.folder.path)
    #expect(answer.text == "lock\n--detailed-exitcode\nfish\n" && answer.errorText.isEmpty)
  }
}
