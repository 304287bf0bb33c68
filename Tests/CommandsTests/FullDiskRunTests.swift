import Glibc
import Platform
import TestSupport
import Testing

/// The built program with its embedded inventory on a disk that is full.
@Suite("the built program on a full disk")
struct FullDiskRunTests {
  /// Mounts need a namespace of their own, which some machines do not give; the same is proven without them in the
  /// simulation.
  private static let mayMount = access("/usr/bin/unshare", X_OK) == 0 && geteuid() == 0

  @Test(
    "a disk that is really full is told as such, and with more room the next run goes on", .enabled(if: mayMount),
    arguments: [16, 40, 64, 96, 120, 160])
  func fullDisk(kilobytes: Int) async throws {
    let estate = BuiltBinary(SampleEstate.files)
    // The pretend cloud lies elsewhere: it has room.
    let script = """
      set -e; cd "$1"; mkdir -p box cloud; mount -t tmpfs -o size=\(kilobytes)k tmpfs box
      ln -s ../cloud/sandbox.db box/sandbox.db
      code=0; "$2" apply --sandbox="$1/box" --auto-approve >first 2>&1 || code=$?; echo $code >code
      mount -o remount,size=32m box
      "$2" apply --sandbox="$1/box" --auto-approve >second 2>&1
      "$2" plan --sandbox="$1/box" --detailed-exitcode >plan 2>&1
      "$2" inventory list --sandbox="$1/box" >list 2>&1
      """
    let answer = try await ProcessGate.run(
      ["/usr/bin/unshare", "-m", "/bin/sh", "-c", script, "sh", estate.folder.path, BuiltProgram.path],
      environment: estate.environment, directory: estate.folder.path)
    func text(_ name: String) -> String { TextFile.read(estate.folder.file(name)) ?? "" }
    #expect(answer.code == 0, "\(answer.errorText)\(text("first"))\(text("second"))\(text("plan"))")
    if text("code") != "0\n" {
      let first = text("first")
      #expect(first.contains("full") || first.contains("No space left"), "\(first)")
    }
    #expect(text("plan").contains("No changes.") && !text("plan").contains("PLB2202"), "\(text("plan"))")
    #expect(text("list").split(separator: "\n").count { $0.hasPrefix("aws.") } == 3, "\(text("list"))")
  }

  @Test("a folder that is mounted read-only is planned with, and an apply there says so", .enabled(if: mayMount))
  func readOnly() async throws {
    let estate = BuiltBinary(SampleEstate.files)
    let results = TemporaryDirectory()
    // The pretend cloud lies elsewhere: it can be written.
    let script = """
      set -e; cd "$1"; mkdir box; ln -s "$3/sandbox.db" box/sandbox.db
      "$2" apply --sandbox="$1/box" --auto-approve >"$3/first" 2>&1
      mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; cd "$1"
      if touch here 2>/dev/null; then exit 7; fi
      code=0; "$2" plan --sandbox="$1/box" --detailed-exitcode >"$3/plan" 2>&1 || code=$?; echo $code >>"$3/plan"
      code=0; "$2" apply --sandbox="$1/box" --auto-approve >"$3/apply" 2>&1 || code=$?; echo $code >>"$3/apply"
      """
    let answer = try await ProcessGate.run(
      ["/usr/bin/unshare", "-m", "/bin/sh", "-c", script, "sh", estate.folder.path, BuiltProgram.path, results.path],
      environment: estate.environment, directory: estate.folder.path)
    func text(_ name: String) -> String { TextFile.read(results.file(name)) ?? "" }
    #expect(answer.code == 0, "\(answer.code) \(answer.errorText) \(text("first"))")
    #expect(text("plan").contains("No changes.") && text("plan").hasSuffix("\n0\n"), "\(text("plan"))")
    #expect(text("apply").contains("Read-only file system") && text("apply").hasSuffix("\n1\n"), "\(text("apply"))")
  }
}
