import CLinux
import Glibc
import Synchronization

/// A started program. One thread of its own feeds it, drains it and waits for it.
///
/// A child nobody waits for is stopped when the last reference goes.
package final class RunningChild: Sendable {
  private struct State {
    var result: ChildResult?
    var waiters: [Int: CheckedContinuation<ChildResult?, Never>] = [:]
    var lastWaiter = 0
    var closesInput = false
    var stops = false
  }

  /// The process id, for messages; signals go through `stop`.
  package let id: Int32
  private let state: SharedState
  private let events: ChildEvents

  private final class SharedState: Sendable {
    let value = Mutex(State())
  }

  /// `onOutput` sees each chunk of the standard output on the child's thread, as it comes.
  package init(_ command: ChildCommand, onOutput: (@Sendable ([UInt8]) -> Void)? = nil) throws(ChildError) {
    let loop = try ChildLoop(command, onOutput)
    id = loop.pid
    events = loop.events
    let state = SharedState()
    self.state = state
    NativeThread.start("plumb-child") {
      let result = loop.run {
        state.value.withLock { (closesInput: $0.closesInput, stops: $0.stops) }
      }
      let waiters = state.value.withLock { state in
        state.result = result
        defer { state.waiters = [:] }
        return Array(state.waiters.values)
      }
      for waiter in waiters { waiter.resume(returning: result) }
    }
  }

  deinit { stop() }

  /// Ends the child's input, where it is `open`.
  package func closeInput() {
    state.value.withLock { $0.closesInput = true }
    events.signal()
  }

  /// Sends SIGTERM to the child's process group, and SIGKILL after the command's grace. Harmless after its end.
  package func stop() {
    state.value.withLock { $0.stops = true }
    events.signal()
  }

  /// What came of the child; a cancelled task stops it and gets `cancelled` once it is gone.
  package func wait() async throws(ChildError) -> ChildResult {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<ChildResult?, Never>) in
        let result = state.value.withLock { state -> ChildResult? in
          if let result = state.result { return result }
          state.lastWaiter += 1
          state.waiters[state.lastWaiter] = continuation
          return nil
        }
        if let result { continuation.resume(returning: result) }
      }
    } onCancel: {
      stop()
    }
    guard let result, !Task.isCancelled else { throw .cancelled }
    return result
  }
}

/// Wakes a child's thread; the descriptor lives as long as anybody may signal it.
final class ChildEvents: Sendable {
  let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }
  deinit { close(descriptor) }

  func signal() { plumb_event_signal(descriptor) }

  func drain() {
    var count: UInt64 = 0
    _ = Glibc.read(descriptor, &count, 8)
  }
}
