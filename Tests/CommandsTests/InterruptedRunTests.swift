import Platform
import TestSupport
import Testing

/// The built program, interrupted by SIGINT in the middle of an apply, on the sandbox and the inventory on disk.
@Suite("interrupted runs of the built program")
struct InterruptedRunTests {
  /// Runs `$@` and interrupts it when its first call leaves, and again, where `$TWICE` says so, once it has heard that.
  private static let script = #"""
    { echo "$BASHPID" > process; exec "$@"; } | while IFS= read -r line; do
      printf '%s\n' "$line"
      case "$line" in
        *'"type":"apply_start"'*) [ -e interrupted ] || kill -INT "$(cat process)"; : > interrupted ;;
        *'"type":"interrupted"'*)
          if [ -n "$TWICE" ] && [ ! -e twice ]; then : > twice; kill -INT "$(cat process)"; fi ;;
      esac
    done
    exit "${PIPESTATUS[0]}"
    """#

  private func interrupt(twice: Bool, readiness: Int) async throws -> (BuiltBinary, ProcessGate.Answer) {
    let binary = BuiltBinary(
      [:],
      [
        "PLUMB_SANDBOX_FAULTS": #"{"readinessMilliseconds": \#(readiness)}"#, "TWICE": twice ? "yes" : "",
      ])
    let apply = [BuiltProgram.path, "apply"] + Self.place(binary) + ["--auto-approve", "--json"]
    let answer = try await ProcessGate.run(
      ["/bin/bash", "-c", Self.script, "bash"] + apply, environment: binary.environment,
      directory: binary.folder.path)
    return (binary, answer)
  }

  private static func place(_ binary: BuiltBinary) -> [String] {
    let top = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    return ["--chdir=\(top)/examples/quickstart", "--sandbox=\(binary.folder.file("sandbox"))"]
  }

  private func converges(_ interrupted: BuiltBinary) async throws {
    var binary = interrupted
    binary.environment = Environment(["PATH": "/usr/bin:/bin", "USER": "ana"])
    let place = Self.place(binary).joined(separator: " ")
    let second = try await binary.run("apply \(place) --auto-approve")
    #expect(second.code == 0, "\(second.text)\(second.errorText)")
    let plan = try await binary.run("plan \(place) --detailed-exitcode --json")
    #expect(plan.code == 0, "\(plan.text)\(plan.errorText)")
    let records = try await binary.run("inventory list \(place)")
    #expect(records.text.split(separator: "\n").filter { $0.hasPrefix("aws.") }.count == 30)
    #expect(!(plan.text + plan.errorText).contains("PLB2202"), "no object with our marker is unrecorded")
  }

  @Test("the first SIGINT lets what runs finish and starts nothing more; the next run goes on")
  func once() async throws {
    let (binary, answer) = try await interrupt(twice: false, readiness: 300)
    #expect(answer.code == 130, "\(answer.text)\(answer.errorText)")
    let lines = answer.text.split(separator: "\n")
    let starts = lines.filter { $0.contains(#""type":"apply_start""#) }.count
    let ends = lines.filter { $0.contains(#""type":"apply_complete""#) }.count
    #expect(starts == ends && (1..<30).contains(ends), "\(answer.text)")
    try await converges(binary)
  }

  @Test("the second SIGINT ends calls that would go on for long; the next run finds what they have made")
  func twice() async throws {
    // Longer than a child of a test may live.
    let (binary, answer) = try await interrupt(twice: true, readiness: 600_000)
    #expect(answer.code == 130, "\(answer.text)\(answer.errorText)")
    #expect(!answer.text.contains(#""type":"apply_complete""#), "\(answer.text)")
    try await converges(binary)
  }
}
