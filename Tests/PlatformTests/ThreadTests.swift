import Glibc
import Platform
import Testing

@Suite("Threads and environment")
struct ThreadTests {
  private actor Library {
    private let executor = ThreadExecutor("test-library")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private var count = 0
    func touch() -> pthread_t {
      count += 1
      return pthread_self()
    }
    func total() -> Int { count }

    /// Asks from a plain function, as a callback of a C library does.
    func totalFromCallback() -> Int {
      let callback: @Sendable () -> Int = { self.assumeIsolated { $0.count } }
      return callback()
    }
  }

  @Test("an actor on a thread executor always runs on its one thread")
  func executor() async {
    let library = Library()
    let threads = await withTaskGroup(of: pthread_t.self) { group in
      for _ in 0..<100 { group.addTask { await library.touch() } }
      return await group.reduce(into: Set<pthread_t>()) { $0.insert($1) }
    }
    #expect(threads.count == 1)
    #expect(await library.total() == 100)
    #expect(await library.totalFromCallback() == 100)
  }

  @Test("blocking work runs on few threads and its errors come back")
  func pool() async throws {
    let pool = BlockingPool(threadLimit: 2)
    let threads = await withTaskGroup(of: pthread_t.self) { group in
      for _ in 0..<50 { group.addTask { await pool.run { () throws(Never) in pthread_self() } } }
      return await group.reduce(into: Set<pthread_t>()) { $0.insert($1) }
    }
    #expect((1...2).contains(threads.count))
    await #expect(throws: CancellationError.self) { try await pool.run { throw CancellationError() } }
  }

  @Test(
    "colour follows the flag, then NO_COLOR, FORCE_COLOR, and at last the stream",
    arguments: [
      (ColorChoice.always, ["NO_COLOR": "1"], false, true), (.never, ["FORCE_COLOR": "1"], true, false),
      (.auto, ["NO_COLOR": "1", "FORCE_COLOR": "1"], true, false), (.auto, ["NO_COLOR": ""], true, true),
      (.auto, ["FORCE_COLOR": "1"], false, true), (.auto, ["CLICOLOR_FORCE": "0"], true, false),
      (.auto, [:], false, false), (.auto, ["TERM": "dumb"], true, false),
    ])
  func color(choice: ColorChoice, variables: [String: String], isTerminal: Bool, expected: Bool) {
    #expect(Environment(variables).usesColor(choice, on: Terminal(isTerminal: isTerminal)) == expected)
  }

  @Test("ids are as long as said, and a seed repeats them")
  func ids() {
    #expect(SystemRandom().hexID().utf8.count == 32)
    #expect(SystemRandom().hexID() != SystemRandom().hexID())
    #expect(SeededRandom(seed: 7).base32ID() == SeededRandom(seed: 7).base32ID())
  }
}
