import CLinux
import Glibc

/// A request to end, from the terminal or the system.
package enum StopSignal: Hashable, Sendable {
  case interrupt, terminate

  package var number: Int32 {
    switch self {
    case .interrupt: SIGINT
    case .terminate: SIGTERM
    }
  }
}

/// Signals of this process; used once, by the composition root.
package enum Signals {
  /// Writes to closed pipes and sockets fail with `EPIPE` from now on.
  package static func ignoreBrokenPipes() { plumb_ignore_sigpipe() }

  /// Each SIGINT and SIGTERM as it comes, instead of ending the process. Ending the iteration restores the defaults.
  package static func stops() -> AsyncStream<StopSignal> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: StopSignal.self, bufferingPolicy: .bufferingOldest(16))
    var ends: [Int32] = [-1, -1]
    guard plumb_pipe(&ends) == 0, plumb_set_nonblocking(ends[1]) == 0, plumb_signals_watch(ends[1]) == 0
    else {
      continuation.finish()
      return stream
    }
    let (reading, writing) = (ends[0], ends[1])
    continuation.onTermination = { _ in
      plumb_signals_restore()
      close(writing)
    }
    NativeThread.start("plumb-signals") {
      var byte: UInt8 = 0
      while true {
        let count = Glibc.read(reading, &byte, 1)
        if count < 0 && errno == EINTR { continue }
        guard count == 1 else { break }
        continuation.yield(Int32(byte) == SIGINT ? .interrupt : .terminate)
      }
      close(reading)
    }
    return stream
  }
}
