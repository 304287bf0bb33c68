import Inventory
import Planning
import ProviderKit
import Reports
import Resources
import TestSupport
import Testing

@testable import Applying

@Suite("the progress of an apply")
struct ProgressTests {
  private func facts(_ step: Int, _ name: String, _ operation: Step.Operation) -> StepFacts {
    StepFacts(
      step: step, address: Address("aws.Subnet/\(name)"), type: TypeName("aws/Subnet"),
      target: TargetName("aws-prod"),
      operation: operation, action: .create, incarnation: 1)
  }

  private var problem: StepProblem {
    StepProblem(
      ProviderError(
        .conflict, effect: .none, "the subnet has\ndependencies\u{7}",
        request: RequestFacts(
          service: "ec2", operation: "DeleteSubnet", code: "DependencyViolation", requestID: "r-1")))
  }

  private var events: [ApplyEvent] {
    let (one, two) = (facts(0, "a", .delete), facts(1, "b", .create))
    return [
      .began(steps: 3), .started(one), .started(two), .stillGoing(one, elapsed: .seconds(10), message: nil),
      .stillGoing(two, elapsed: .seconds(70), message: "state is pending\u{1B}[2J"),
      .retrying(one, attempt: 1, after: .milliseconds(2_500), problem),
      .throttled(target: TargetName("aws-prod"), service: "ec2", perSecond: 2.5),
      .interrupted(isSecond: false),
      .failed(one, elapsed: .seconds(72), problem), .skipped(facts(2, "c", .setLate), because: one),
      .finished(two, elapsed: .seconds(3_671), remote: RemoteID("subnet-1")), .interrupted(isSecond: true),
      .inventoryLost(StoreError(.full, "no space is left")),
    ]
  }

  @Test("start, heartbeat, end and failure in the words people look for")
  func lines() {
    let text = events.compactMap { ApplyText.line($0, .plain) }.map { $0 + "\n" }.joined()
    expectSnapshot(text)
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    let lines = events.compactMap { EventLine.apply($0)?.bytes(timestamp: "2026-01-31T09:30:00.000Z") }
    expectSnapshot(lines.map { String(decoding: $0, as: UTF8.self) }.joined(), named: "events")
  }

  @Test("a complete run is one line, a partial one says what failed and how to go on")
  func summary() {
    var summary = ApplySummary(outcome: .complete)
    summary.created = 2
    summary.updated = 1
    func text(_ mode: PlanMode) -> String {
      TextSink.text {
        ApplyText.write(summary, mode: mode, next: "plumb apply x.plan --resume", .plain, to: $0)
      }
    }
    #expect(text(.apply) == "\nApply complete! Resources: 2 added, 1 changed, 0 destroyed.\n")
    summary.outcome = .partial
    summary.adopted = 1
    summary.failures = [(step: facts(0, "a", .delete), problem: problem)]
    summary.skipped = [facts(2, "c", .setLate)]
    summary.left = 1
    expectSnapshot(text(.destroy))
  }

  @Test("the live view goes back over what it drew and leaves nothing behind")
  func live() {
    var progress = ApplyProgress()
    var view = LiveView(.plain, width: 40)
    progress.take(.began(steps: 9), at: .zero)
    for step in 0..<8 {
      progress.take(.started(facts(step, "with-a-long-name", .create)), at: .seconds(step))
    }
    let first = view.text(["aws.Subnet/a: Creating..."], progress, at: .seconds(10))
    let rows = first.split(separator: "\n")
    #expect(rows.count == 1 + 6 + 2)
    #expect(rows.dropFirst().allSatisfy { $0.count < 40 })
    #expect(rows.last == "  0 of 9 steps done")
    progress.take(.finished(facts(0, "a", .create), elapsed: .seconds(1), remote: nil), at: .seconds(11))
    let second = view.text([], progress, at: .seconds(11))
    #expect(second.hasPrefix("\u{1B}[8A\r\u{1B}[J"))
    #expect(view.finish() == "\u{1B}[8A\r\u{1B}[J")
    #expect(view.finish().isEmpty)
  }
}
