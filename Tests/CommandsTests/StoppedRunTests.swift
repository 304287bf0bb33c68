import Glibc
import Platform
import TestSupport
import Testing

/// The built program, stopped by SIGSTOP in the middle of an apply, on the sandbox and the embedded inventory on disk.
@Suite("stopped runs of the built program")
struct StoppedRunTests {
  /// A process that is stopped holds its lock, unlike one that was killed. Where it stands outside a write of the
  /// inventory, the lock is broken, and it goes on only afterwards; within a write it is ended, as the hint says.
  private static let script = """
    cd "$1"; plumb=$2
    PLUMB_SANDBOX_FAULTS=$3 "$plumb" apply --sandbox --auto-approve --parallelism 1 >first 2>&1 & first=$!
    tries=0
    until grep -q '^State:.T' /proc/$first/status; do
      tries=$((tries + 1)); [ $tries -lt 600 ] || exit 90; sleep 0.1
    done
    echo $first >process
    "$plumb" apply --sandbox --auto-approve >refused 2>&1; echo $? >>refused
    "$plumb" inventory lock show --sandbox >show 2>&1
    "$plumb" inventory lock break --reason 'it hangs' --sandbox >break 2>&1 || kill -KILL $first
    "$plumb" apply --sandbox --auto-approve >second 2>&1; echo $? >>second
    kill -CONT $first 2>&1; wait $first; echo $? >>first
    "$plumb" plan --sandbox --detailed-exitcode >plan 2>&1; echo $? >>plan
    """

  @Test(
    "a stopped run is named, its lock is broken or it is ended, the next run finishes, and it writes nothing more",
    arguments: [(1, "before"), (1, "after"), (2, "before"), (2, "after"), (3, "after")])
  func stopped(write: Int, side: String) async throws {
    let estate = BuiltBinary(SampleEstate.files)
    let faults = #"{"stop":{"write":\#(write),"side":"\#(side)"}}"#
    let answer = try await ProcessGate.run(
      ["/bin/sh", "-c", Self.script, "sh", estate.folder.path, BuiltProgram.path, faults],
      environment: estate.environment, directory: estate.folder.path)
    func text(_ name: String) -> String { TextFile.read(estate.folder.file(name)) ?? "" }
    let process = text("process").split(separator: "\n").first ?? "none"
    let point = "\(side) write \(write): "
    #expect(answer.code == 0, "\(point)\(answer.errorText)")
    #expect(text("refused").contains("process \(process)") && text("refused").hasSuffix("\n7\n"), "\(text("refused"))")
    #expect(text("show").contains("process \(process)"), "\(point)\(text("show"))")
    #expect(text("second").hasSuffix("\n0\n"), "\(point)\(text("second"))")
    if text("break").contains("The lock is free.") {
      #expect(text("first").contains("lost") && text("first").hasSuffix("\n7\n"), "\(point)\(text("first"))")
    } else {
      #expect(text("break").contains("in the middle of a write by"), "\(point)\(text("break"))")
      #expect(text("break").contains("`kill -KILL \(process)`"), "\(point)\(text("break"))")
      #expect(text("first").hasSuffix("137\n"), "\(point)\(text("first"))")
    }
    #expect(text("plan").contains("No changes.") && text("plan").hasSuffix("\n0\n"), "\(point)\(text("plan"))")
  }
}
