import Glibc
import Platform
import Synchronization

/// Standard input, output and error as the commands see them.
package struct Streams: Sendable {
  package var output: @Sendable ([UInt8]) -> Void
  package var errorOutput: @Sendable ([UInt8]) -> Void
  /// One line from standard input without its line break; nil at the end. Blocks.
  package var readLine: @Sendable () -> String?
  package var input: Terminal
  package var outputTerminal: Terminal
  package var errorTerminal: Terminal

  /// The process's own.
  package static func standard() -> Streams {
    Streams(
      output: { write($0, to: STDOUT_FILENO) }, errorOutput: { write($0, to: STDERR_FILENO) },
      readLine: { Swift.readLine(strippingNewline: true) }, input: .descriptor(STDIN_FILENO),
      outputTerminal: .descriptor(STDOUT_FILENO), errorTerminal: .descriptor(STDERR_FILENO))
  }

  /// A reader that has gone (`plumb show | head`) must not end an apply half-way, so what it misses is dropped.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count >= 0 {
        written += count
      } else if errno == EAGAIN {
        var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&state, 1, -1)
      } else if errno != EINTR {
        return
      }
    }
  }
}
