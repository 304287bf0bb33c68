import Glibc
import Synchronization

/// An open file, closed with its owner; never inherited by children.
struct Descriptor: ~Copyable {
  let number: Int32

  init(_ operation: FileError.Operation, _ path: String, _ flags: Int32, mode: UInt32 = 0) throws(FileError) {
    var opened: Int32
    repeat { opened = open(path, flags | O_CLOEXEC, mode) } while opened < 0 && errno == EINTR
    guard opened >= 0 else { throw FileError(operation, path, code: errno) }
    number = opened
  }

  deinit { close(number) }

  /// Gives the open file to another owner.
  consuming func take() -> Int32 {
    let number = number
    discard self
    return number
  }

  /// Up to `count` bytes; empty at the end.
  borrowing func readChunk(_ path: String, _ count: Int) throws(FileError) -> [UInt8] {
    var failure: Int32 = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let result = Glibc.read(number, buffer.baseAddress.map { $0 + filled }, count - filled)
        if result == 0 { return }
        if result > 0 {
          filled += result
        } else if errno != EINTR {
          failure = errno
          return
        }
      }
    }
    if failure != 0 { throw FileError(.read, path, code: failure) }
    return chunk
  }

  borrowing func writeAll(_ bytes: [UInt8], _ operation: FileError.Operation, _ path: String)
    throws(FileError)
  {
    var written = 0
    while written < bytes.count {
      let result = bytes.withUnsafeBytes {
        Glibc.write(number, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if result >= 0 {
        written += result
      } else if errno != EINTR {
        throw FileError(operation, path, code: errno)
      }
    }
  }

  borrowing func flush(_ operation: FileError.Operation, _ path: String) throws(FileError) {
    guard fsync(number) == 0 else { throw FileError(operation, path, code: errno) }
  }
}

/// An advisory `flock`: the kernel frees it when the descriptor goes, also when the process is killed.
final class LocalLock: FileLock {
  private let number: Mutex<Int32?>

  init(_ number: Int32) { self.number = Mutex(number) }

  deinit { release() }

  func release() {
    number.withLock { number in
      if let open = number { close(open) }
      number = nil
    }
  }
}
