import Diagnostics
import Platform
import Resources
import SandboxProvider
import Schemas
import TestSupport
import Testing

@testable import Commands

/// Every secret of these estates holds the word `c4n4ry` or the number 24681357; nothing that Plumb writes may.
@Suite("secrets")
struct SecretsTests {
  private static let canaries = ["c4n4ry", "24681357", "YzRuNHJ5", "63346e347279"]

  @Test("no secret reaches a plan, the inventory, the journal, a log or the terminal, whatever happens")
  func canaries() async throws {
    var faults = FaultPlan()
    faults.rules = [
      SecretEstate.rule(.errorBefore, .create), SecretEstate.rule(.errorAfter, .create),
      SecretEstate.rule(.lostResponse, .create), SecretEstate.rule(.partial, .update),
      SecretEstate.rule(.errorAfter, .update), SecretEstate.rule(.lostResponse, .update),
    ]
    let plumb = SecretCommands(SecretEstate.manifests(suffix: "one"), faults: faults)
    let look = [
      "validate", "plan", "plan --json", "plan --out FOLDER/a.plan", "show FOLDER/a.plan", "show FOLDER/a.plan --json",
      "explain aws.Vault/main", "explain aws.Vault/main --json", "explain aws.Vault/main --plan FOLDER/a.plan",
      "inventory list", "inventory list --json", "inventory show aws.Vault/main",
      "inventory show aws.Vault/main --json", "output", "output --json", "output aws.Vault/main",
      "output aws.Vault/main --json", "output aws.Vault/main.password", "output aws.Vault/main.password --raw",
      "output aws.Vault/main.settings", "output aws.Client/main", "drift", "drift --json", "inventory verify",
      "inventory verify --json", "inventory history aws.Vault/main", "inventory history aws.Vault/main --json",
      "inventory recover", "inventory recover --merge", "inventory recover --merge --json",
      "inventory export FOLDER/export.json", "inventory import FOLDER/export.json",
      "inventory import FOLDER/export.json --force", "inventory export FOLDER/again.json --json", "inventory lock show",
      "validate --json", "explain aws.Vault", "provider list",
    ]
    let apply = ["apply FOLDER/a.plan", "apply --auto-approve", "apply --auto-approve --json", "apply --auto-approve"]
    let first = try await plumb.run(look + apply + look)
    #expect(first.contains("Apply complete!") && first.contains("(sensitive value)"), "\(first)")
    #expect(first.contains("PLB6050"), "a saved plan with secrets cannot be applied")
    plumb.write(SecretEstate.manifests(suffix: "two"))
    let second = try await plumb.run(look + apply + look)
    #expect(second.contains("Apply complete!"), "\(second)")
    let empty = try await plumb.run(["plan"])
    #expect(empty.contains("No changes."), "\(empty)")
    let last = try await plumb.run(["plan --destroy", "destroy --auto-approve --allow-stateful *"] + look)
    #expect(last.contains("Destroy complete!") || last.contains("destroyed."), "\(last)")
    plumb.expectNothing(of: Self.canaries, beside: first + second + last)
  }

  @Test("manifests that are wrong inside a secret are refused without repeating it", arguments: SecretEstate.wrong)
  func wrongManifests(_ wrong: SecretEstate.Wrong) async throws {
    let plumb = SecretCommands(SecretEstate.manifest("Vault", "main", wrong.spec))
    let text = try await plumb.run(["validate", "validate --json", "plan", "plan --json", "apply --auto-approve"])
    #expect(text.contains("error"), "\(text)")
    plumb.expectNothing(of: Self.canaries, beside: text)
  }

  @Test("the output of all tests is searched for secrets, too", arguments: 0..<4)
  func suiteOutput(index: Int) async throws {
    let folder = TemporaryDirectory()
    for (text, code) in [("all is well", 0), ("it is \(Self.canaries[index])!", 1)] {
      folder.write("a line\n\(text)\nanother\n", to: "output")
      let answer = try await ProcessGate.run(
        [
          "/bin/sh", "-c", "exec \"$1../../.ci/without-canaries\" <output", "sh",
          #filePath.replacing(/[^\/]*$/, with: ""),
        ],
        environment: Environment(["PATH": "/usr/bin:/bin"]), directory: folder.path)
      #expect(answer.code == code)
      #expect(answer.text == TextFile.read(folder.file("output")))
    }
  }
}

/// Commands run in this process on a catalog with secrets of every shape.
struct SecretCommands {
  private let folder = TemporaryDirectory()
  private let sandbox: Sandbox

  var environment: Environment

  init(
    _ manifests: String, faults: FaultPlan = FaultPlan(), settings: String = SampleEstate.settings,
    environment: [String: String] = [:]
  ) {
    self.environment = Environment(["USER": "ana", "PATH": "/usr/bin:/bin"].merging(environment) { $1 })
    folder.write(settings, to: "plumb.yaml")
    sandbox = Sandbox(
      .directory(folder.file("cloud")), time: SystemTime(), random: SystemRandom(), faults: faults,
      log: CallLog(path: folder.file("calls.jsonl")))
    write(manifests)
  }

  func write(_ text: String, to name: String = "manifests/a.yaml") { folder.write(text, to: name) }

  /// Everything that was written to standard output and error, with the command lines.
  func run(_ lines: [String]) async throws -> String {
    var text = ""
    for line in lines {
      let output = Collected()
      let nowhere = Terminal(isTerminal: false)
      var host = Host(
        environment: environment, files: LocalFiles(), time: SystemTime(), random: SystemRandom(),
        streams: Streams(
          output: { output.add($0) }, errorOutput: { output.add($0) }, readLine: { nil }, input: nowhere,
          outputTerminal: nowhere, errorTerminal: nowhere))
      host.folder = folder.path
      let sandbox = sandbox
      host.providers = { [sandbox.provider(standingFor: "aws", catalog: SecretEstate.catalog)] }
      let words = line.split(separator: " ").map { String($0).replacing("FOLDER", with: folder.path) }
      let code = await Entry.run(words, host: host)
      text += "$ plumb \(line)\n\(output.text)[exit \(code.rawValue)]\n"
    }
    return text
  }

  /// No canary in the text, and none in any file but the manifests.
  func expectNothing(of canaries: [String], beside text: String) {
    let files = DirectoryFiles.all(below: folder.path).filter { !$0.hasPrefix("manifests/") && $0 != "secret.txt" }
    #expect(files.contains { $0.hasSuffix(".db") } || text.contains("[exit 1]"))
    for canary in canaries {
      for line in text.split(separator: "\n") where line.contains(canary) { Issue.record("shown: \(line)") }
      for file in files where TextFile.read(folder.file(file))?.contains(canary) ?? true {
        Issue.record("\(canary) in \(file)")
      }
    }
  }
}
