import Platform
import TestSupport
import Testing
import Values

/// The built program, killed by SIGKILL in the middle of an apply, on the sandbox and the embedded inventory on disk.
@Suite("killed runs of the built program")
struct KilledRunTests {
  static let points = (1...12).flatMap { write in ["before", "after"].map { (write * 3 - 2, $0) } }

  @Test("one re-run finishes what a killed run began, and nothing is made twice", arguments: points)
  func killed(write: Int, side: String) async throws {
    let top = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    let quickstart = top + "/examples/quickstart"
    let killed = BuiltBinary(
      [:], ["PLUMB_SANDBOX_FAULTS": #"{"crash":{"write":\#(write),"side":"\#(side)"}}"#])
    let sandbox = killed.folder.file("sandbox")
    let line = "apply --chdir=\(quickstart) --sandbox=\(sandbox) --auto-approve"
    let first = try await killed.run(line)
    #expect(first.code == 128 + 9)
    var again = killed
    again.environment = Environment(["PATH": "/usr/bin:/bin", "USER": "ana"])
    let second = try await again.run(line)
    #expect(second.code == 0, "\(second.text)\(second.errorText)")
    let plan = try await again.run("plan --chdir=\(quickstart) --sandbox=\(sandbox) --detailed-exitcode --json")
    #expect(plan.code == 0, "\(plan.text)\(plan.errorText)")
    let records = try await again.run("inventory list --chdir=\(quickstart) --sandbox=\(sandbox)")
    #expect(records.text.split(separator: "\n").filter { $0.hasPrefix("aws.") }.count == 30)
    #expect(!(plan.text + plan.errorText).contains("PLB2202"), "no object with our marker is unrecorded")
  }
}
