import Glibc
import Platform
import Testing

@Suite("Signals")
struct SignalTests {
  @Test("SIGINT and SIGTERM arrive as values, and end the process again once nobody listens")
  func stops() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      var seen: [StopSignal] = []
      do {
        let stream = Signals.stops()
        kill(getpid(), SIGINT)
        for await signal in stream {
          seen.append(signal)
          if signal == .terminate { break }
          kill(getpid(), SIGTERM)
        }
      }
      guard seen == [.interrupt, .terminate] else { return }
      // The stream has gone with its iteration: the default action is back.
      alarm(5)
      kill(getpid(), SIGTERM)
      while true { pause() }
    }
  }
}
