import Planning
import Reports
import Resources
import TestSupport
import Testing

@Suite("the progress of an apply")
struct ProgressTests {
  private let plan = SamplePlan.plan([SamplePlan.creation, SamplePlan.deletion])

  private func subject(_ step: Int, _ operation: Step.Operation) -> ApplyProgress.Subject {
    var changed = plan.steps[step]
    changed.operation = operation
    return ApplyProgress.Subject(changed, of: plan)
  }

  @Test("start, heartbeat, end and failure in the words people look for")
  func lines() {
    var progress = ApplyProgress(total: 2)
    var lines: [ApplyProgress.Line?] = []
    lines.append(progress.take(0, subject(0, .delete), .started, at: .seconds(0)))
    lines.append(progress.take(1, subject(1, .create), .started, at: .seconds(1)))
    lines += progress.beat(at: .seconds(9))
    lines += progress.beat(at: .seconds(10))
    lines.append(progress.take(1, subject(1, .create), .waiting("state is pending\u{1B}[2J"), at: .seconds(10)))
    lines += progress.beat(at: .seconds(71))
    lines.append(progress.take(0, subject(0, .delete), .failed("DependencyViolation\n\u{7}"), at: .seconds(72)))
    lines.append(progress.take(1, subject(1, .create), .finished(RemoteID("subnet-1")), at: .seconds(3_672)))
    expectSnapshot(lines.compactMap { $0?.text(.plain) }.map { $0 + "\n" }.joined())
    let events = lines.compactMap { $0?.event.bytes(timestamp: "2026-01-31T09:30:00.000Z") }
    expectSnapshot(events.map { String(decoding: $0, as: UTF8.self) }.joined(), named: "events")
    #expect(progress.finished == 1 && progress.failures == 1)
  }

  @Test("the live view goes back over what it drew and leaves nothing behind")
  func live() {
    var progress = ApplyProgress(total: 9)
    var view = LiveView(.plain, width: 40)
    for step in 0..<8 { _ = progress.take(step, subject(1, .create), .started, at: .seconds(step)) }
    let first = view.text(["aws.Subnet/a: Creating..."], progress, at: .seconds(10))
    let rows = first.split(separator: "\n")
    #expect(rows.count == 1 + 6 + 2)
    #expect(rows.dropFirst().allSatisfy { $0.count < 40 })
    let second = view.text([], progress, at: .seconds(11))
    #expect(second.hasPrefix("\u{1B}[8A\r\u{1B}[J"))
    #expect(view.finish() == "\u{1B}[8A\r\u{1B}[J")
    #expect(view.finish().isEmpty)
  }
}
