import CLinux
import Glibc

/// Threads of the operating system, for code that blocks.
package enum NativeThread {
  /// Enough for C libraries and shallow Swift; threads that run deep recursion ask for more.
  package static let defaultStackSize = 512 * 1024

  private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts a detached thread; `name` (at most 15 bytes) shows in process listings.
  package static func start(
    _ name: StaticString, stackSize: Int = defaultStackSize, _ body: @escaping @Sendable () -> Void
  ) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let start = Unmanaged.passRetained(
      Start {
        name.withUTF8Buffer { plumb_begin_thread(String(decoding: $0, as: UTF8.self)) }
        body()
      })
    let result = pthread_create(
      &thread, &attributes,
      { argument in
        if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, start.toOpaque())
    precondition(result == 0, "the system refuses another thread")
  }
}
