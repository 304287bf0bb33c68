import Diagnostics
import Expressions
import Planning
import Platform
import Resources
import TestSupport
import Testing
import Values

@Suite("a saved plan")
struct PlanFileTests {
  /// A plan with everything a plan can hold.
  static var plan: Plan {
    var world = PlanningWorld()
    world.have("Vpc", "main", id: "vpc-1", ["cidrBlock": "10.0.0.0/16", "tags": ["a": "1"]])
    world.have("Vpc", "gone", id: "vpc-2", ["cidrBlock": "10.9.0.0/16"])
    world.want("Vpc", "main", ["cidrBlock": "10.1.0.0/16", "tags": ["a": "2"]]) { lifecycle in
      lifecycle.ignore = [ValuePath([.key("tags"), .key("kubernetes.io/x]\"")])]
      lifecycle.createBeforeDestroy = false
      lifecycle.adopt = .id(RemoteID("vpc-1"))
    }
    world.want(
      "Subnet", "a",
      ["vpcId": "${aws.Vpc.main.id}", "cidrBlock": "10.1.0.0/20", "tags": ["vpc": "${aws.Vpc.main.id}"]])
    world.want(
      "SecurityGroup", "web",
      [
        "vpcId": "${aws.Vpc.main.id}", "groupName": "web",
        "ipPermissions": [["group": "${aws.SecurityGroup.web.id}"]],
      ])
    var plan = world.plan()
    plan.id = PlanID("0123456789abcdef")
    plan.createdAt = "2026-01-31T09:30:00Z"
    plan.commit = "abc"
    plan.coverage.unreadable = ["aws/Role in main": "denied"]
    plan.diagnostics.append(
      .warning(
        DiagnosticCode(2001), "look", at: SourcePosition(file: "a.yaml", line: 1, column: 2),
        notes: [DiagnosticNote("here")], hint: "do this"))
    return plan
  }

  private func refusal(_ bytes: [UInt8]) -> Diagnostic? {
    do throws(PlanFileError) {
      _ = try PlanFile.read(bytes, file: "x.plan")
      return nil
    } catch {
      return error.diagnostic
    }
  }

  @Test("what is read back is what was written")
  func roundTrip() throws {
    let plan = Self.plan
    let bytes = PlanFile.bytes(plan, version: "1.2.3")
    let read = try PlanFile.read(bytes, file: "x.plan")
    #expect(PlanFile.bytes(read, version: "1.2.3") == bytes)
    #expect(
      read.id == plan.id && read.createdAt == plan.createdAt && read.commit == "abc"
        && read.scope == plan.scope)
    #expect(read.steps.count == plan.steps.count && plan.steps.count > 5)
    #expect(
      read.coverage == plan.coverage && read.diagnostics == plan.diagnostics && read.targets == plan.targets)
    #expect(read.slots.map(\.template.source) == plan.slots.map(\.template.source))
    for (left, right) in zip(read.changes, plan.changes) {
      #expect(left.before == right.before && left.after == right.after && left.fields == right.fields)
      #expect(
        left.causes == right.causes && left.lifecycle == right.lifecycle
          && left.expectation == right.expectation)
      #expect(left.reads == right.reads && left.lateFields == right.lateFields && left.origin == right.origin)
      #expect(left.dependencies == right.dependencies && left.lateDependencies == right.lateDependencies)
    }
  }

  @Test("unknowns keep their slots, and Terraform's readers see `after_unknown`")
  func unknowns() throws {
    let json = try JSONReader.parse(PlanFile.bytes(Self.plan, version: "1"))
    let subnet = json["resource_changes"]?.elements.first { $0["address"]?.string == "aws.Subnet/a" }?[
      "change"]
    #expect(subnet?["actions"] == ["create"])
    #expect(subnet?["after"]?["vpcId"]?.isNull == true)
    #expect(subnet?["after_unknown"] == ["vpcId": true, "tags": ["vpc": true]])
    #expect(subnet?["after_slots"]?["vpcId"]?.kind == .int)
  }

  @Test("a secret is never written; its place comes back as a secret that is not known")
  func secrets() throws {
    var plan = Self.plan
    plan.changes[0].after = .map([
      ("password", Value.string("hunter2").markedSensitive), ("list", Value.list(["a"])),
    ])
    plan.changes[0].fields = [
      FieldChange(
        path: ValuePath([.key("password")]), before: Value.string("hunter1").markedSensitive,
        after: plan.changes[0].after?["password"])
    ]
    plan.steps = [Step(id: 0, change: 0, operation: .create, incarnation: 1)]
    let bytes = PlanFile.bytes(plan, version: "1")
    #expect(!String(decoding: bytes, as: UTF8.self).contains("hunter"))
    let read = try PlanFile.read(bytes, file: "x.plan")
    #expect(read.changes[0].after?["password"]?.isSensitive == true)
    #expect(read.changes[0].after?["list"] == Value.list(["a"]))
    #expect(read.withheldAddresses == [plan.changes[0].address])
    #expect(Self.plan.withheldAddresses.isEmpty)
  }

  @Test("a file cut off anywhere is refused")
  func truncated() {
    let bytes = PlanFile.bytes(Self.plan, version: "1")
    for count in stride(from: 0, to: bytes.count - 2, by: 97) {
      #expect(refusal(Array(bytes[..<count]))?.code == .planDamaged)
    }
  }

  @Test(
    "what does not fit is refused with its place",
    arguments: [
      ("\"format_version\":\"1.0\"", "\"format_version\":\"2.0\"", 2902),
      ("\"format_version\":\"1.0\"", "\"format_version\":\"x\"", 2901),
      ("\"format_version\":\"1.0\",", "", 2901),
      ("\"mode\":\"apply\"", "\"mode\":\"wish\"", 2901),
      ("\"operation\":\"create\"", "\"operation\":\"shout\"", 2901),
      ("\"change\":0,", "\"change\":99,", 2901),
      ("\"id\":1,", "\"id\":7,", 2901),
      ("\"vpcId\":0", "\"vpcId\":12", 2901),
      ("\"stateful\":false", "\"stateful\":1", 2901),
      ("\"inventory_serial\":0", "\"inventory_serial\":-1", 2901),
    ])
  func damaged(old: String, new: String, code: Int) {
    let text = String(decoding: PlanFile.bytes(Self.plan, version: "1"), as: UTF8.self)
    let changed = text.replacing(old, with: new, maxReplacements: 1)
    #expect(changed != text)
    #expect(refusal(Array(changed.utf8))?.code == DiagnosticCode(code))
  }

  @Test("bytes, changes, steps and depth have limits; at the limit is fine")
  func limits() {
    let plan = Self.plan
    let bytes = PlanFile.bytes(plan, version: "1")
    func code(_ change: (inout PlanFileLimits) -> Void) -> DiagnosticCode? {
      var limits = PlanFileLimits()
      change(&limits)
      do throws(PlanFileError) {
        _ = try PlanFile.read(bytes, file: "x.plan", limits: limits)
        return nil
      } catch {
        return error.diagnostic.code
      }
    }
    #expect(code { $0.bytes = bytes.count } == nil && code { $0.bytes = bytes.count - 1 } == .planTooLarge)
    #expect(code { $0.changes = plan.changes.count } == nil)
    #expect(code { $0.changes = plan.changes.count - 1 } == .planTooLarge)
    #expect(code { $0.steps = plan.steps.count } == nil && code { $0.steps = plan.steps.count - 1 } == .planTooLarge)
    let depth = (1...20).first { depth in code { $0.depth = depth } == nil }
    #expect(depth.map { depth in code { $0.depth = depth - 1 } } == .planDamaged)
  }

  @Test("the text of a secret that waits for an id is left out, and the secret comes back as not known yet")
  func secretTemplates() throws {
    var plan = Self.plan
    let position = try #require(plan.changes.firstIndex { $0.after?.containsUnknown == true })
    let unknown = try #require(plan.changes[position].after?.unknownSlots.first)
    plan.slots[Int(unknown.index)].template = Template(source: "hunter2-${aws.Vpc.main.id}")
    plan.changes[position].after = .map([("password", Value.unknown(unknown).markedSensitive)])
    plan.changes[position].fields = []
    let bytes = PlanFile.bytes(plan, version: "1")
    #expect(!String(decoding: bytes, as: UTF8.self).contains("hunter"))
    let read = try PlanFile.read(bytes, file: "x.plan")
    #expect(read.changes[position].after?["password"]?.isSensitive == true)
    #expect(read.changes[position].after?["password"]?.unknown == unknown)
    #expect(
      read.slots[Int(unknown.index)].evaluate(EstateNames(variables: .map([]), environment: nil)) { _ in "x" }.isUnknown
    )
    // Its text comes from the manifests that the plan was made from, and what is known is never in the file.
    #expect(!read.withheldAddresses.contains(plan.changes[position].address))
    #expect(read.takingTexts(from: plan.slots).slots[Int(unknown.index)].template.source.hasPrefix("hunter2"))
    plan.changes[position].after = .map([("password", Value.string("hunter2").markedSensitive)])
    let known = try PlanFile.read(PlanFile.bytes(plan, version: "1"), file: "x.plan")
    #expect(known.withheldAddresses.contains(plan.changes[position].address))
  }

  @Test("a diagnostic about a secret stays one")
  func secretDiagnostics() throws {
    var plan = Self.plan
    plan.diagnostics[0].isSecret = true
    let read = try PlanFile.read(PlanFile.bytes(plan, version: "1"), file: "x.plan")
    #expect(read.diagnostics == plan.diagnostics)
  }

  @Test("a newer minor version may bring fields this one does not know")
  func minorVersion() {
    let text = String(decoding: PlanFile.bytes(Self.plan, version: "1"), as: UTF8.self)
    let newer = text.replacing(
      "\"format_version\":\"1.0\"", with: "\"format_version\":\"1.9\",\"novelty\":[1]", maxReplacements: 1)
    #expect(refusal(Array(newer.utf8)) == nil)
  }

  @Test("the file agrees with schemas/plan.schema.json")
  func schema() async throws {
    let folder = TemporaryDirectory()
    let root = String(#filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined())
    let path = folder.write(
      String(decoding: PlanFile.bytes(Self.plan, version: "1"), as: UTF8.self), to: "x.plan")
    let script = """
      import json, sys
      try:
          from jsonschema import Draft202012Validator
      except ImportError:
          sys.exit(77)
      schema = json.load(open(sys.argv[1])); Draft202012Validator.check_schema(schema)
      for error in Draft202012Validator(schema).iter_errors(json.load(open(sys.argv[2]))):
          print(error.json_path, error.message[:200])
      """
    let schemaPath = "\(root)/schemas/plan.schema.json"
    let local = "\(root)/.venv/bin/python3"
    let python = LocalFiles().exists(local) ? local : "python3"
    let answer = try await ProcessGate.run([python, "-c", script, schemaPath, path])
    if answer.code == 77 {
      // Without the validator: at least every field of the file is described, and every required one is there.
      return try structure(schemaPath)
    }
    #expect(answer.code == 0 && answer.text.isEmpty, "\(answer.text)\(answer.errorText)")
  }

  private func structure(_ schemaPath: String) throws {
    let schema = try JSONReader.parse(try LocalFiles().read(schemaPath))
    let file = try JSONReader.parse(PlanFile.bytes(Self.plan, version: "1"))
    let known = Set(schema["properties"]?.keys ?? [])
    #expect(Set(file.keys).isSubset(of: known))
    #expect(schema["required"]?.elements.allSatisfy { $0.string.map { file[$0] != nil } == true } == true)
  }
}

extension TemplateResult {
  fileprivate var isUnknown: Bool { if case .unknown = self { true } else { false } }
}
