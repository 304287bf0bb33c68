import Diagnostics
import Planning
import Reports
import TestSupport
import Testing
import Values

@Suite("event lines")
struct EventTests {
  private func lines(_ events: [EventLine]) -> String {
    events.map { String(decoding: $0.bytes(timestamp: "2026-01-31T09:30:00.000Z"), as: UTF8.self) }.joined()
  }

  @Test("a plan is one line a change and a summary; secrets stay out")
  func plan() {
    var events = [EventLine.version("1.2.3")]
    EventLine.plan(SamplePlan.mixed) { events.append($0) }
    let text = lines(events)
    expectSnapshot(text)
    #expect(!text.contains("hunter2"))
  }

  @Test("a diagnostic carries its place, notes and hints")
  func diagnostic() {
    let position = SamplePlan.position(4)
    let diagnostic = Diagnostic.error(
      DiagnosticCode(1203), "unknown field `cidr`", at: position, length: 4,
      notes: [DiagnosticNote("first here", at: position)], hint: "did you mean `cidrBlock`?")
    expectSnapshot(lines([.diagnostic(diagnostic)]))
  }

  @Test("what could not be compared is a line of its own")
  func coverage() {
    var plan = SamplePlan.plan([])
    plan.coverage.unreadable = ["aws.Vpc/main": "denied"]
    var types: [String] = []
    EventLine.plan(plan) { types.append($0.type) }
    #expect(types == ["change_summary", "coverage"])
  }
}
