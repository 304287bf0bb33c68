import Synchronization

/// Collections for which credentials refuse dry runs, and why: asked once.
final class Refusals: Sendable {
  private let known = Mutex<[String: String]>([:])

  subscript(path: String) -> String? { known.withLock { $0[path] } }
  func note(_ why: String, of path: String) { known.withLock { $0[path] = why } }
}
