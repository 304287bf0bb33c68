import Platform
import TestSupport
import Testing

/// Processes of the built program that start together on one folder, with the embedded inventory on disk.
@Suite("racing runs of the built program")
struct RacingRunsTests {
  private static let script = """
    cd "$1"; plumb=$2
    for number in 1 2 3 4; do
      [ $number -gt 2 ] && wait='--lock-timeout 120s' || wait=
      { "$plumb" apply --sandbox --auto-approve $wait >"run$number" 2>&1; echo $? >>"run$number"; } &
    done
    wait
    "$plumb" plan --sandbox --detailed-exitcode >plan 2>&1; echo $? >>plan
    "$plumb" inventory list --sandbox >list
    """

  @Test("of runs that start together one at a time writes; who does not wait is refused, and everything stands once")
  func race() async throws {
    let estate = BuiltBinary(SampleEstate.files)
    _ = try await ProcessGate.run(
      ["/bin/sh", "-c", Self.script, "sh", estate.folder.path, BuiltProgram.path], environment: estate.environment,
      directory: estate.folder.path)
    func text(_ name: String) -> String { TextFile.read(estate.folder.file(name)) ?? "" }
    for number in 1...4 {
      let said = text("run\(number)")
      let isServed = said.hasSuffix("\n0\n")
      #expect(isServed || number < 3 && said.hasSuffix("\n7\n"), "\(said)")
    }
    let made = (1...4).filter { text("run\($0)").contains("Resources: 3 added") }
    #expect(made.count == 1)
    #expect(text("plan").contains("No changes.") && text("plan").hasSuffix("\n0\n"), "\(text("plan"))")
    #expect(text("list").split(separator: "\n").count { $0.hasPrefix("aws.") } == 3)
  }
}
