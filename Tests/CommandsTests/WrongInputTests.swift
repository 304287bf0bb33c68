import TestSupport
import Testing

@Suite("wrong inputs")
struct WrongInputTests {
  @Test("command lines that make no sense exit with 64 and a hint")
  func commandLines() async throws {
    let lines = [
      "paln", "state list", "plan extra", "plan --nosuch", "plan --target", "plan --max-deletes many",
      "plan --max-deletes -1",
      "plan --parallelism 3", "plan --refresh", "plan --var x", "plan --env prod", "plan --workspace prod",
      "plan ---out x", "plan --json=maybe",
      "plan --color purple",
      "plan --out=", "apply a b", "apply --resume", "apply x.plan --only aws.*", "apply --parallelism 0",
      "apply --lock-timeout soon", "destroy everything", "show", "show x.plan --action vanish", "explain", "inventory",
      "inventory lsit", "inventory show", "inventory forget aws.Vpc/main", "inventory forget --reason x",
      "inventory forget aws.Vpc/main --target main --reason x", "inventory move aws.Vpc/main", "inventory lock",
      "inventory lock break", "completion tcsh", "completion", "provider", "help nothing", "version --verbose",
      "validate --chdir nowhere", "init -x", "fmt --chek",
    ]
    let plumb = BuiltBinary(SampleEstate.files)
    let text = try await plumb.transcript(lines)
    expectSnapshot(text)
    #expect(text.split(separator: "\n").filter { $0 == "[exit 64]" }.count == lines.count)
  }

  @Test("command lines that make sense and cannot be done exit with 1")
  func impossible() async throws {
    let plumb = BuiltBinary(
      SampleEstate.files.merging(["empty.plan": "", "new.plan": "{\"format_version\":\"7.0\"}", "list.plan": "[1]"]) {
        $1
      })
    let text = try await plumb.transcript([
      "show none.plan", "show empty.plan", "show new.plan", "show list.plan", "show manifests",
      "apply none.plan --sandbox",
      "explain aws.Vcp", "explain aws.Vpc.cidr", "explain aws.Vpc/mian --sandbox", "output aws.Vpc/main --sandbox",
      "inventory show aws.Vpc/main --sandbox", "inventory move aws.Vpc/x aws.Vpc/y --sandbox",
      "inventory forget aws.Vpc/x --reason r --sandbox", "plan --sandbox --out /nowhere/x.plan", "destroy --sandbox",
      "plan --sandbox --only aws.Nothing/*", "plan --sandbox --target other",
    ])
    expectSnapshot(text)
  }

  @Test("of a great many mistakes the first hundred are shown and all are counted; event lines tell each")
  func many() async throws {
    let names = (0..<150).map { "net-\($0)" }
    let manifests = names.map { "apiVersion: aws.plumb.dev/v1\nkind: Vcp\nmetadata: {name: \($0)}\nspec: {}\n" }
    let plumb = BuiltBinary(SampleEstate.with(manifests.joined(separator: "---\n")))
    let shown = try await plumb.run("validate").errorText
    #expect(shown.split(separator: "\n").count { $0.hasPrefix("error[PLB1108]") } == 100)
    #expect(shown.hasSuffix("\n150 errors; 100 are shown, `--json` tells all\n"))
    let told = try await plumb.run("validate --json").text
    #expect(told.split(separator: "\n").count { $0.contains("PLB1108") } == 150)
  }

  @Test("estates that are wrong", arguments: WrongEstate.all)
  func estates(_ wrong: WrongEstate) async throws {
    let plumb = BuiltBinary(wrong.files)
    let text = try await plumb.transcript([wrong.line])
    expectSnapshot(text, named: "estate-\(wrong.name)")
    #expect(text.contains("[exit 1]"))
  }
}

struct WrongEstate: Sendable, CustomTestStringConvertible {
  let name: String
  let files: [String: String]
  var line = "validate"
  var testDescription: String { name }

  private static func manifest(_ name: String, _ text: String) -> WrongEstate {
    WrongEstate(name: name, files: SampleEstate.with(text))
  }

  private static let vpc =
    "apiVersion: aws.plumb.dev/v1\nkind: Vpc\nmetadata: {name: main}\nspec: {cidrBlock: 10.0.0.0/16}\n"

  static let all: [WrongEstate] = [
    WrongEstate(name: "missing", files: [:]),
    WrongEstate(name: "plan-without-estate", files: [:], line: "plan --sandbox"),
    WrongEstate(name: "no-id", files: ["plumb.yaml": "apiVersion: plumb.dev/v1\nkind: Estate\nmetadata: {name: x}\n"]),
    WrongEstate(name: "not-yaml", files: ["plumb.yaml": "kind: [Estate\n"]),
    manifest("unknown-kind", vpc.replacing("Vpc", with: "Vcp")),
    manifest("unknown-field", vpc.replacing("cidrBlock", with: "cidrBlok")),
    manifest("wrong-type", vpc.replacing("10.0.0.0/16", with: "[1]")),
    manifest("unknown-target", vpc.replacing("name: main", with: "name: main, target: mian")),
    manifest("unknown-reference", vpc.replacing("10.0.0.0/16", with: "\"${aws.Vpc.other.cidrBlock}\"")),
    manifest("cycle", vpc.replacing("10.0.0.0/16", with: "\"${aws.Vpc.main.id}\"")),
    manifest("twice", vpc + "---\n" + vpc),
    manifest("duplicate-key", vpc + "kind: Vpc\n"),
    manifest("tab", "apiVersion: v1\n\tkind: x\n"),
    manifest("no-spec", "apiVersion: aws.plumb.dev/v1\nkind: Vpc\nmetadata: {name: main}\n"),
    manifest("old-version", vpc.replacing("plumb.dev/v1", with: "plumb.dev/v0")),
    WrongEstate(name: "fmt-broken", files: SampleEstate.with("a: 'x\n"), line: "fmt"),
    WrongEstate(
      name: "plan-broken", files: SampleEstate.with(vpc.replacing("cidrBlock", with: "cidr")), line: "plan --sandbox"),
    WrongEstate(
      name: "apply-broken", files: SampleEstate.with(vpc.replacing("cidrBlock", with: "cidr")),
      line: "apply --sandbox --auto-approve --json"),
  ]
}
