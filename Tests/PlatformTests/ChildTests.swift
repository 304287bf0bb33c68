import Platform
import TestSupport
import Testing

@Suite("Child processes")
struct ChildTests {
  private func shell(_ script: String) -> ChildCommand {
    ChildCommand(["sh", "-c", script], environment: Environment(["PATH": "/usr/bin:/bin", "WHO": "plumb"]))
  }

  @Test("a child gets its input, environment and folder, and both outputs and the code come back")
  func everything() async throws {
    let folder = TemporaryDirectory()
    var command = shell("cat; pwd; echo $WHO $HOME >&2; exit 3")
    command.directory = folder.path
    command.input = .bytes(Array("in\n".utf8))
    let result = try await SystemChildren().run(command)
    #expect(result.status == .exited(3))
    #expect(String(decoding: result.output, as: UTF8.self) == "in\n\(folder.path)\n")
    #expect(String(decoding: result.errorOutput, as: UTF8.self) == "plumb\n")
  }

  @Test("a megabyte through both pipes at once does not block")
  func bigPipes() async throws {
    var command = shell("tee /dev/stderr")
    command.input = .bytes([UInt8](repeating: 120, count: 1 << 20))
    let result = try await SystemChildren().run(command)
    #expect(result.output.count == 1 << 20 && result.errorOutput.count == 1 << 20)
  }

  @Test("a child that never reads its input is no error")
  func unreadInput() async throws {
    var command = shell("exec <&-; echo done")
    command.input = .bytes([UInt8](repeating: 120, count: 1 << 20))
    #expect(try await SystemChildren().run(command).output == Array("done\n".utf8))
  }

  @Test("output over its limit is cut off and said so", arguments: [(5, false), (4, true)])
  func outputLimit(limit: Int, isTruncated: Bool) async throws {
    var command = shell("printf 12345")
    command.output = .capture(limit: limit)
    let result = try await SystemChildren().run(command)
    #expect(result.output.count == min(limit, 5) && result.isTruncated == isTruncated)
  }

  @Test("descriptors of ours are not inherited")
  func descriptors() async throws {
    let result = try await SystemChildren().run(shell("ls /proc/self/fd | wc -l"))
    // 0, 1, 2 and the folder that ls reads.
    #expect(String(decoding: result.output, as: UTF8.self) == "4\n")
  }

  @Test("a timeout stops the child and its descendants, also where they ignore SIGTERM")
  func timeout() async throws {
    var command = shell("trap '' TERM; sleep 1000 & wait; sleep 1000")
    command.timeout = .milliseconds(20)
    command.grace = .milliseconds(20)
    let result = try await SystemChildren().run(command)
    #expect(result.didTimeOut && result.status == .signalled(9))
  }

  @Test("cancelling the task stops the child")
  func cancellation() async throws {
    let started = AsyncStream.makeStream(of: Void.self)
    let child = try RunningChild(shell("echo up; exec sleep 1000")) { _ in started.continuation.finish() }
    for await _ in started.stream {}
    let task = Task { try await child.wait() }
    task.cancel()
    await #expect(throws: ChildError.cancelled) { try await task.value }
  }

  @Test("a program that does not exist is named")
  func missing() async {
    let command = ChildCommand(["no-such-program"], environment: Environment(["PATH": "/usr/bin"]))
    await #expect(throws: ChildError.notFound("no-such-program")) { try await SystemChildren().run(command) }
  }

  @Test("the gate runs many children at once")
  func gate() async throws {
    let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
      for code in 0..<20 { group.addTask { try await ProcessGate.run(["sh", "-c", "exit \(code)"]).code } }
      return try await group.reduce(into: Set<Int32>()) { $0.insert($1) }
    }
    #expect(codes == Set(0..<20))
  }
}
