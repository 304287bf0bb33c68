import Glibc
import Platform
import Synchronization

/// Runs child processes for tests: never more than twice the cores at once in the whole test process, and never
/// waited for on the cooperative pool.
package enum ProcessGate {
  package struct Answer: Sendable {
    package var code: Int32
    package var output: [UInt8]
    package var errorOutput: [UInt8]

    package var text: String { String(decoding: output, as: UTF8.self) }
    package var errorText: String { String(decoding: errorOutput, as: UTF8.self) }
  }

  private static let gate = Gate(width: 2 * max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// A hanging child fails its test instead of the whole run.
  package static let defaultTimeout = Duration.seconds(120)

  /// Runs `arguments` (program first) and collects both outputs; the environment is this process's unless given.
  package static func run(
    _ arguments: [String], environment: Environment = .current(), directory: String? = nil,
    input: [UInt8] = [],
    timeout: Duration = defaultTimeout
  ) async throws -> Answer {
    var command = ChildCommand(arguments, environment: environment, directory: directory)
    command.input = .bytes(input)
    command.timeout = timeout
    await gate.enter()
    defer { gate.leave() }
    let result = try await SystemChildren().run(command)
    return Answer(code: result.status.code, output: result.output, errorOutput: result.errorOutput)
  }

  /// The same for a program that begins only once `prepare` has been told the id of its process. One that is to be
  /// stopped for a while is not counted, since others must go on meanwhile.
  package static func run(
    _ arguments: [String], environment: Environment, directory: String, timeout: Duration = defaultTimeout,
    isCounted: Bool = true, prepare: (Int32) async throws -> Void
  ) async throws -> Answer {
    let waiting = ["/bin/sh", "-c", "read -r _; exec \"$@\"", "sh"] + arguments
    var command = ChildCommand(waiting, environment: environment, directory: directory)
    command.input = .open
    command.timeout = timeout
    if isCounted { await gate.enter() }
    defer { if isCounted { gate.leave() } }
    let child = try RunningChild(command)
    try await prepare(child.id)
    child.closeInput()
    let result = try await child.wait()
    return Answer(code: result.status.code, output: result.output, errorOutput: result.errorOutput)
  }
}

/// A counting semaphore that suspends tasks instead of blocking threads; first come, first served.
final class Gate: Sendable {
  private struct State {
    var free: Int
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  init(width: Int) { state = Mutex(State(free: width)) }

  func enter() async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let isOpen = state.withLock { state in
        if state.free > 0 {
          state.free -= 1
          return true
        }
        state.waiters.append(continuation)
        return false
      }
      if isOpen { continuation.resume() }
    }
  }

  func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if !state.waiters.isEmpty { return state.waiters.removeFirst() }
      state.free += 1
      return nil
    }
    next?.resume()
  }
}
