import Expressions
import Planning
import Reports
import Resources
import TestSupport
import Testing
import Values

@Suite("a plan as text")
struct PlanTextTests {
  private func text(_ plan: Plan, _ palette: Palette = .plain, _ filter: PlanText.Filter = PlanText.Filter())
    -> String
  {
    TextSink.text { PlanText(palette, filter: filter).write(plan, to: $0) }
  }

  @Test("destructive changes come first, each with its causes; no control character gets through")
  func mixed() {
    let report = text(SamplePlan.mixed)
    expectSnapshot(report)
    #expect(!report.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    #expect(!report.contains("hunter2"))
  }

  @Test("colours add nothing but escapes")
  func colored() {
    let colored = text(SamplePlan.mixed, Palette(isColored: true))
    expectSnapshot(colored.replacing("\u{1B}", with: "ESC"))
  }

  @Test("equal changes share one block with a count")
  func collapsed() {
    let changes = (1...25).map { number in
      var change = SamplePlan.change("Subnet", "s\(number)", .update, .manifestChanged)
      change.fields = [
        FieldChange(path: ValuePath([.key("tags"), .key("owner")]), before: "ana", after: "ben")
      ]
      change.causes = [Cause(.manifest, "`tags.owner` is written so", origin: SamplePlan.position(number))]
      return change
    }
    let deletions = (1...25).map { SamplePlan.change("NatGateway", "n\($0)", .delete, .noManifest) }
    expectSnapshot(text(SamplePlan.plan(changes + deletions)))
  }

  @Test("an unknown names what it awaits; changes that await different objects still share a block")
  func awaited() {
    func subnet(_ number: Int, slot: Int, _ kind: String = "Subnet") -> Change {
      var change = SamplePlan.change(kind, "s\(number)", .create, .notRecorded)
      change.after = ["vpcId": .unknown(Slot(index: UInt32(slot)))]
      return change
    }
    let vpcs = (0..<4).map { SamplePlan.change("Vpc", "v\($0)", .create, .notRecorded) }
    var plan = SamplePlan.plan(
      vpcs + (0..<4).map { subnet($0, slot: 0) } + (0..<4).map { subnet($0, slot: $0, "RouteTable") }
        + [subnet(0, slot: 4, "Role"), subnet(1, slot: 5, "Role"), subnet(2, slot: 6, "Role")])
    let texts =
      (0..<4).map { "${aws.Vpc.v\($0).id}" } + ["${aws.Vpc.v0.id}${aws.Vpc.v1.id}"]
      + ["${aws.Vpc.v0.id}${aws.Vpc.v1.id}${aws.Vpc.v2.id}${aws.Vpc.v3.id}", "${aws.Vpc.elsewhere.id}"]
    plan.slots = texts.map {
      Deferred(template: Template(source: $0), owner: Address("aws.X/x"), path: ValuePath([.key("vpcId")]), origin: nil)
    }
    expectSnapshot(text(plan))
  }

  @Test("three equal changes are still shown one by one")
  func few() {
    let changes = (1...3).map { SamplePlan.change("NatGateway", "n\($0)", .delete, .noManifest) }
    let report = text(SamplePlan.plan(changes))
    #expect(changes.allSatisfy { report.contains("# \($0.address) will be destroyed") })
  }

  @Test("nothing to do is said in Terraform's words")
  func empty() {
    var plan = SamplePlan.plan([SamplePlan.change("Vpc", "main", .noop, .none)])
    #expect(text(plan) == "No changes. Your infrastructure matches the configuration.\n")
    plan.coverage.unreadable = ["aws.Vpc/main": "not allowed: ec2:DescribeVpcs"]
    plan.coverage.notCompared = 1
    expectSnapshot(text(plan))
  }

  @Test("a filter shows some changes and says of how many")
  func filtered() {
    var filter = PlanText.Filter(actions: [.delete, .replace])
    expectSnapshot(text(SamplePlan.mixed, .plain, filter), named: "filteredByAction")
    filter = PlanText.Filter(addresses: ["aws.Vpc/*"])
    #expect(text(SamplePlan.mixed, .plain, filter).contains("Shown: 2 of 8 addresses."))
  }

  @Test("counts other than add, change and destroy appear only when they are not zero")
  func summary() {
    func line(_ actions: [Action]) -> String {
      PlanSummary(actions.map { SamplePlan.change("Vpc", "x", $0, .none) }).line
    }
    #expect(line([]) == "Plan: 0 to add, 0 to change, 0 to destroy.")
    #expect(
      line([.adopt, .create, .create, .update]) == "Plan: 1 to adopt, 2 to add, 1 to change, 0 to destroy.")
    #expect(
      line([.replace, .createThenDelete, .delete])
        == "Plan: 2 to add, 0 to change, 3 to destroy (2 by replacement).")
    #expect(
      line([.move, .forget, .noop]) == "Plan: 0 to add, 0 to change, 0 to destroy, 1 to move, 1 to forget.")
  }

  @Test("a large report is handed on in chunks")
  func streaming() {
    let changes = (0..<20_000).map { number in
      var change = SamplePlan.change("Subnet", "s\(number)", .create, .notRecorded)
      change.after = .map([("cidrBlock", .string("10.0.\(number).0/24"))])
      return change
    }
    var largest = 0, total = 0
    let sink = TextSink { bytes in
      largest = max(largest, bytes.count)
      total += bytes.count
    }
    PlanText().write(SamplePlan.plan(changes), to: sink)
    sink.flush()
    #expect(total > 1_000_000 && largest < 40_000)
  }
}
