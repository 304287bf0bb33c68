import Glibc
import Platform
import TestSupport
import Testing

@Suite("Files")
struct FileTests {
  @Test("a write replaces the whole file, keeps its mode and leaves nothing beside it")
  func atomicWrite() throws {
    let folder = TemporaryDirectory()
    let files = LocalFiles()
    try files.write(Array("one, the longer text".utf8), to: folder.file("a"), mode: 0o600)
    try files.write(Array("two".utf8), to: folder.file("a"))
    #expect(try files.read(folder.file("a")) == Array("two".utf8))
    #expect(try files.status(folder.file("a"))?.mode == 0o600)
    #expect(try files.list(folder.path) == ["a"])
  }

  @Test("writing through a symbolic link changes its target and keeps the link")
  func writeThroughLink() throws {
    let folder = TemporaryDirectory()
    let files = LocalFiles()
    folder.write("old", to: "real/a")
    symlink("real/a", folder.file("link"))
    try files.write(Array("new".utf8), to: folder.file("link"), mode: nil, durability: .fast)
    #expect(try files.read(folder.file("real/a")) == Array("new".utf8))
    #expect(try files.status(folder.file("link"), .inspect)?.kind == .link)
  }

  @Test("a failed write leaves the old content and no temporary file")
  func failedWrite() throws {
    let folder = TemporaryDirectory()
    folder.write("x", to: "d/inside")
    #expect(throws: FileError.self) { try LocalFiles().write([1], to: folder.file("d")) }
    #expect(try LocalFiles().list(folder.path) == ["d"])
  }

  @Test("the read limit holds exactly", arguments: [(10, true), (9, false)])
  func readLimit(limit: Int, isRead: Bool) throws {
    let folder = TemporaryDirectory()
    let path = folder.write("0123456789", to: "a")
    if isRead {
      #expect(try LocalFiles().read(path, limit: limit).count == 10)
    } else {
      let error = #expect(throws: FileError.self) { try LocalFiles().read(path, limit: limit) }
      #expect(error?.code == EFBIG)
    }
  }

  @Test("real and simulated files answer alike")
  func twins() throws {
    let folder = TemporaryDirectory()
    #expect(try story(LocalFiles(), folder.path) == story(SimulatedFiles(["/r/keep": ""]), "/r"))
  }

  private func story(_ files: any FileSystem, _ root: String) throws -> [String] {
    var log: [String] = []
    func note(_ step: () throws -> Any) {
      do { log.append("\(try step())") } catch { log.append("errno \((error as? FileError)?.code ?? 0)") }
    }
    note { try files.read(root + "/none") }
    note { try files.makeDirectory(root + "/a/b") }
    note { try files.write([104, 105], to: root + "/a/b/c") }
    note { try files.append([33], to: root + "/a/b/c") }
    note { try files.read(root + "/a/./b/c") }
    note { try files.read(root + "/a/b/c", limit: 2) }
    note { try files.list(root + "/a") }
    note { try files.list(root + "/a/b/c") }
    note { try files.status(root + "/a")?.kind as Any }
    note { try files.status(root + "/a/b/c")?.size as Any }
    note { try files.status(root + "/zz") as Any }
    note { try files.remove(root + "/a/b") }
    note { try files.write([1], to: root + "/no/such") }
    note { try files.read(root + "/a") }
    let lock = try files.lock(root + "/a/lock")
    note { lock != nil }
    note { try files.lock(root + "/a/lock") != nil }
    lock?.release()
    note { try files.lock(root + "/a/lock") != nil }
    note { try files.remove(root + "/a/b/c") }
    note { try files.remove(root + "/a/b") }
    note { try files.list(root + "/a") }
    return log
  }

  @Test("a lock dies with the process that holds it")
  func lockDies() async throws {
    let folder = TemporaryDirectory()
    let path = folder.file("lock")
    let ready = AsyncStream.makeStream(of: Void.self)
    var command = ChildCommand(
      ["flock", "--no-fork", path, "sh", "-c", "echo locked; read line"], environment: .current())
    command.input = .open
    let child = try RunningChild(command) { _ in ready.continuation.finish() }
    for await _ in ready.stream {}
    #expect(try LocalFiles().lock(path) == nil)
    child.closeInput()
    _ = try await child.wait()
    #expect(try LocalFiles().lock(path) != nil)
  }
}
