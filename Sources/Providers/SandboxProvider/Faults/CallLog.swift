import Glibc
import Resources
import Synchronization
import Values

/// One call as the sandbox saw it.
package struct CallRecord: Sendable, Equatable {
  /// Counted from 1 over the sandbox's life.
  package var number: Int
  package var operation: Operation
  package var type: TypeName
  package var address: Address?
  package var remote: RemoteID?
  /// True where something was written.
  package var hasEffect: Bool
  /// The fault that struck, or the code of the refusal.
  package var problem: String?

  var line: [UInt8] {
    var entries: [(String, Value)] = [
      ("call", .int(number)), ("operation", .string(operation.rawValue)), ("type", .string(type.text)),
      ("effect", .bool(hasEffect)),
    ]
    if let address { entries.append(("address", .string(address.text))) }
    if let remote { entries.append(("id", .string(remote.text))) }
    if let problem { entries.append(("problem", .string(problem))) }
    return JSONWriter().bytes(.map(entries)) + [0x0A]
  }
}

/// Remembers the calls, for tests; and appends each to a file of JSON lines where one is given.
///
/// A line is written when the effect is, before the answer, so that a process killed at that point has left
/// it.
package final class CallLog: Sendable {
  private let kept = Mutex<[CallRecord]>([])
  private let descriptor: Int32?
  private let limit: Int

  /// `limit`: how many calls are kept in memory; later ones go to the file alone.
  package init(path: String? = nil, limit: Int = 100_000) {
    self.limit = limit
    descriptor = path.flatMap { path in
      let opened = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
      return opened < 0 ? nil : opened
    }
  }

  deinit { if let descriptor { close(descriptor) } }

  package var records: [CallRecord] { kept.withLock { $0 } }
  /// Those that wrote something.
  package var effects: [CallRecord] { records.filter(\.hasEffect) }

  func add(_ record: CallRecord) {
    kept.withLock { if $0.count < limit { $0.append(record) } }
    guard let descriptor else { return }
    let line = record.line
    // One write of a short line to a file opened for appending is not torn by other processes. A log that
    // cannot be written must not change what the sandbox does.
    _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  }
}
