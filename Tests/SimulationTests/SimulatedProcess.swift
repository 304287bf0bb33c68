import ProviderKit
import Synchronization

/// One run's process: where it dies or stops, and what of it is dead afterwards. From its end on it reaches
/// neither its inventory nor any service.
final class SimulatedProcess: Sendable {
  enum Side: String, Sendable, CaseIterable { case before, after }

  enum Point: Sendable, Equatable, CustomStringConvertible {
    /// At a call that writes, counted from 1.
    case write(Int, Side)
    /// At a commit of the inventory, counted from 1.
    case commit(Int, Side)

    var description: String {
      switch self {
      case .write(let number, let side): "\(side.rawValue) write \(number)"
      case .commit(let number, let side): "\(side.rawValue) commit \(number)"
      }
    }
  }

  enum Event: Sendable { case write, commit }

  private struct State {
    var isDead = false
    var writes = 0
    var commits = 0
    var reads: [String: Int] = [:]
  }

  private let state = Mutex(State())
  let crash: Point?
  /// The point at which the process is stopped while `meanwhile` happens.
  let pause: Point?
  let meanwhile: @Sendable () async -> Void

  init(crash: Point? = nil, pause: Point? = nil, meanwhile: @escaping @Sendable () async -> Void = {}) {
    self.crash = crash
    self.pause = pause
    self.meanwhile = meanwhile
  }

  var isDead: Bool { state.withLock { $0.isDead } }
  /// How many writes and commits were begun.
  var counts: (writes: Int, commits: Int) { state.withLock { ($0.writes, $0.commits) } }

  /// Begins a read: an error where the process is dead, or the weather is bad.
  func read(_ call: String, _ weather: Weather) throws(ProviderError) {
    let number = state.withLock { state -> Int? in
      guard !state.isDead else { return nil }
      state.reads[call, default: 0] += 1
      return state.reads[call]
    }
    guard let number else { throw Self.dead }
    if let fault = weather.readFault(call, number) { throw fault }
  }

  /// Counts an event; false where the process is dead already.
  private func count(_ event: Event) -> Int? {
    state.withLock { state in
      guard !state.isDead else { return nil }
      switch event {
      case .write:
        state.writes += 1
        return state.writes
      case .commit:
        state.commits += 1
        return state.commits
      }
    }
  }

  private func point(_ event: Event, _ number: Int, _ side: Side) -> Point {
    switch event {
    case .write: .write(number, side)
    case .commit: .commit(number, side)
    }
  }

  /// Begins a write or a commit: its number, nil where the process is dead or dies now.
  func begin(_ event: Event) async -> Int? {
    guard let number = count(event) else { return nil }
    await reach(point(event, number, .before))
    return isDead ? nil : number
  }

  /// Ends it: false where the process dies before it hears the answer.
  func end(_ event: Event, _ number: Int) async -> Bool {
    await reach(point(event, number, .after))
    return !isDead
  }

  private func reach(_ point: Point) async {
    if point == crash { state.withLock { $0.isDead = true } }
    if point == pause { await meanwhile() }
  }

  static let dead = ProviderError(.cancelled, effect: .unknown, "the process is dead")
}
