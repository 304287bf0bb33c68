import Diagnostics
import Manifests
import Platform
import TestSupport
import Testing
import Values

@Suite("Variables")
struct VariableTests {
  private func estate(_ variables: String) -> [String: String] {
    ["plumb.yaml": EstateFiles.head + "spec:\n  variables:\n" + variables]
  }

  private func values(_ loaded: LoadedEstate) -> Value { loaded.variableValues }

  @Test("the strongest giver wins: default, declared source, environment, file, flag")
  func precedence() {
    var files = estate("    nat: {type: string, default: '1', from: {env: NAT}}\n")
    func given(_ environment: String?, _ inputs: [VariableInput], _ process: [String: String]) -> String? {
      values(EstateFiles.load(files, environment, inputs, process: process))["nat"]?.string
    }
    files["v.yaml"] = "nat: '4'\n"
    files["w.yaml"] = "nat: '5'\n"
    let first = VariableInput.file(path: "/e/v.yaml", shown: "v.yaml")
    let second = VariableInput.file(path: "/e/w.yaml", shown: "w.yaml")
    #expect(given(nil, [], [:]) == "1")
    #expect(given(nil, [], ["NAT": "2"]) == "2")
    files["environments/prod.yaml"] = EstateFiles.environment + "spec: {variables: {nat: '3'}}\n"
    #expect(given("prod", [], ["NAT": "2"]) == "3")
    #expect(given("prod", [first], ["NAT": "2"]) == "4")
    #expect(given("prod", [first, second], [:]) == "5")
    #expect(given("prod", [.flag(name: "nat", text: "6"), first], [:]) == "6")
    #expect(given("prod", [.flag(name: "nat", text: "6"), .flag(name: "nat", text: "7")], [:]) == "7")
    #expect(given("prod", [.flag(name: "nat", text: "6"), .plan(["nat": "8"])], [:]) == "8")
  }

  @Test("a flag's text is read as the declared type says")
  func typing() {
    let declared = estate(
      "    text: {type: string}\n    count: {type: integer}\n    on: {type: boolean}\n"
        + "    zones: {type: array, items: {type: string}}\n"
        + "    any: {}\n")
    let loaded = EstateFiles.load(
      declared, nil,
      [
        .flag(name: "text", text: "007"), .flag(name: "count", text: "007"), .flag(name: "on", text: "true"),
        .flag(name: "zones", text: "[a, b]"), .flag(name: "any", text: "{a: 1}"),
      ])
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
    let expected: Value = ["text": "007", "count": 7, "on": true, "zones": ["a", "b"], "any": ["a": 1]]
    #expect(values(loaded) == expected, "\(values(loaded))")
    #expect(loaded.variables.first?.origin?.description == "--var text:1:1")
  }

  @Test("values come from the process's environment and from files only where a variable says so")
  func declaredSources() {
    var files = estate(
      "    a: {type: string, from: {env: A}}\n    b: {type: string, from: {file: b.txt}}\n"
        + "    c: {type: string, default: x}\n")
    files["b.txt"] = "from a file\n"
    let loaded = EstateFiles.load(files, process: ["A": "one", "c": "ignored", "PLUMB_VAR_c": "ignored"])
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
    #expect(values(loaded) == ["a": "one", "b": "from a file", "c": "x"])
    #expect(loaded.variables.map(\.giver.phrase) == ["the environment variable A", "the file b.txt", "its default"])
  }

  @Test("a sensitive variable's value is marked, and no message shows it")
  func sensitive() {
    let declared = estate("    password: {type: string, sensitive: true, maxLength: 8, enum: [abc]}\n")
    let fine = EstateFiles.load(declared, nil, [.flag(name: "password", text: "abc")])
    #expect(values(fine)["password"]?.isSensitive == true)
    let wrong = EstateFiles.load(declared, nil, [.flag(name: "password", text: "canary-canary")])
    #expect(wrong.diagnostics.hasErrors)
    #expect(!EstateFiles.text(wrong).contains("canary"))
  }

  @Test("a file of a variable does not lead out of the estate")
  func outside() {
    let system = SimulatedFiles([
      "/e/plumb.yaml": EstateFiles.head + "spec: {variables: {a: {type: string, from: {file: link}}}}\n",
      "/secret": "canary",
    ])
    system.addLink(at: "/e/link", to: "/secret")
    let loaded = EstateFiles.load(system)
    #expect(loaded.diagnostics.map(\.code) == [.variableValue], "\(loaded.diagnostics)")
    #expect(loaded.variables.isEmpty)
  }

  @Test("a value and the number of variables have limits; at the limit is fine")
  func limits() {
    func codes(bytes: Int) -> [DiagnosticCode] {
      let text = String(repeating: "x", count: bytes)
      return EstateFiles.load(estate("    a: {type: string}\n"), nil, [.flag(name: "a", text: text)])
        .diagnostics.map(\.code)
    }
    #expect(codes(bytes: ManifestLimits.variableBytes) == [])
    #expect(codes(bytes: ManifestLimits.variableBytes + 1) == [.variableValue])
    func codes(count: Int) -> [DiagnosticCode] {
      EstateFiles.load(estate((0..<count).map { "    v\($0): {default: 1}\n" }.joined())).diagnostics.map(\.code)
    }
    #expect(codes(count: ManifestLimits.variables) == [])
    #expect(codes(count: ManifestLimits.variables + 1) == [.variableDeclaration])
  }

  @Test("what is wrong with a declaration stands where it is written")
  func wrongDeclarations() {
    let loaded = EstateFiles.load(
      estate(
        "    a-b: {type: string}\n    kind: {type: text, default: x}\n    words: {typ: string, default: x}\n"
          + "    standard: {type: integer, default: many}\n    source: {from: {env: A, file: b}, default: 1}\n"
          + "    place: {from: {file: ../x}, default: 1}\n    other: {from: {url: x}, default: 1}\n"
          + "    rules: {default: 1, validations: [{rule: value > 0}]}\n    list: {default: 1, validations: x}\n"
          + "    secret: {sensitive: true, default: hunter2}\n    flag: {sensitive: 'yes', default: 1}\n"
          + "    bounds: {minimum: low, enum: x, default: 1}\n    nothing: {type: string}\n"))
    expectSnapshot(EstateFiles.text(loaded))
  }

  @Test("what is wrong with a value names its giver")
  func wrongValues() {
    var files = estate(
      "    nat: {type: string, enum: [single, perZone]}\n    count: {type: integer, minimum: 1, maximum: 9}\n"
        + "    zones: {type: array, items: {type: string, format: cidr}, minItems: 1}\n"
        + "    sizes: {type: object, properties: {cpu: {type: number}}, required: [cpu]}\n"
        + "    few: {type: array, items: {type: integer}, minItems: 2}\n    long: {type: string, maxLength: 2}\n"
        + "    same: {type: array, items: {type: integer}, uniqueItems: true}\n"
        + "    env: {type: string, from: {env: NAME}}\n    file: {type: string, from: {file: x.txt}}\n")
    files["environments/prod.yaml"] =
      EstateFiles.environment + "spec:\n  variables:\n    nat: perZon\n    cuont: 2\n    zones: [10.0.0.0/99]\n"
      + "    sizes: {gpu: 1}\n    few: [1]\n    long: abc\n    same: [1, 1]\n"
    files["v.yaml"] = "coutn: 1\n"
    files["w.yaml"] = "- 1\n"
    let loaded = EstateFiles.load(
      files, "prod",
      [
        .flag(name: "count", text: "12"), .flag(name: "nta", text: "x"), .file(path: "/e/v.yaml", shown: "v.yaml"),
        .file(path: "/e/w.yaml", shown: "w.yaml"), .file(path: "/e/none.yaml", shown: "none.yaml"),
      ])
    expectSnapshot(EstateFiles.text(loaded))
  }

  @Test("rules read the value and other variables, and stand under their own characters when they are wrong")
  func rules() {
    let loaded = EstateFiles.load(
      estate(
        "    low: {type: integer, default: 5, validations: [{rule: value < var.high, message: low is above high}]}\n"
          + "    high: {type: integer, default: 9, pattern: x}\n"
          + "    typo: {type: string, default: x, validations: [{rule: vale != '', message: m}]}\n"
          + "    kind: {type: string, default: x, validations: [{rule: size(value), message: m}]}\n"
          + "    secret: {type: string, sensitive: true, validations: [{rule: int(value) > 1, message: too small}]}\n"
          + "    bad: {type: string, default: x, pattern: '['}\n"), nil,
      [.flag(name: "low", text: "12"), .flag(name: "secret", text: "c4n4ry")])
    let text = EstateFiles.text(loaded)
    #expect(!text.contains("c4n4ry"))
    expectSnapshot(text)
  }

  @Test("targets, settings and metadata are made from variables, and read nothing else")
  func constantText() {
    let settings =
      "spec:\n  defaults: {tags: {stage: '${var.stage}'}}\n  variables: {stage: {type: string, default: dev}}\n---\n"
    let target =
      "apiVersion: plumb.dev/v1\nkind: Target\nmetadata: {name: t}\nspec: {aws: {region: '${var.stage}-1'}}\n"
    let fine = EstateFiles.load([
      "plumb.yaml": EstateFiles.head + settings + target,
      "manifests/a.yaml": EstateFiles.manifest("Vpc", "'${var.stage}-net'", "{cidr: '${aws.Vpc.x.id}'}"),
      "manifests/k.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {a: '${plain'}}\n",
    ])
    #expect(fine.diagnostics.isEmpty, "\(fine.diagnostics)")
    #expect(fine.estate.targets.first?.settings["aws"]?["region"] == "dev-1")
    #expect(fine.estate.defaultTags == ["stage": "dev"])
    #expect(fine.documents.map(\.address) == ["aws.Vpc/dev-net", "kubernetes.ConfigMap/c"])
    #expect(fine.documents[0].spec?["cidr"] == "${aws.Vpc.x.id}")
    let wrong = EstateFiles.load([
      "plumb.yaml": EstateFiles.head + settings + target.replacingOccurrence("${var.stage}-1", "${aws.Vpc.a.id}")
        + "---\n" + target.replacingOccurrence("name: t", "name: u").replacingOccurrence("var.stage", "var.stge")
    ])
    expectSnapshot(EstateFiles.text(wrong))
  }
}
