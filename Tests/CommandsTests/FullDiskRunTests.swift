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
}
