import Inventory
import Platform
import Resources
import Values

/// The lock's object: who holds it, and how far the log had come.
///
/// No two contents are alike (fence and renewal grow), so that an entity tag stands for exactly one of them.
package struct LeaseDocument: Sendable, Equatable {
  package static let version: Int64 = 1

  package var fence: Fence
  /// Counts the writes under one fence.
  package var renewal: UInt64
  /// Number of a segment that existed when this was written: a log that ends before it was cut.
  package var head: UInt64
  /// How long it holds from when the service stored it.
  package var length: Duration
  /// nil: the lock is free.
  package var holder: LockHolder?

  package init(fence: Fence, renewal: UInt64 = 0, head: UInt64, length: Duration, holder: LockHolder?) {
    self.fence = fence
    self.renewal = renewal
    self.head = head
    self.length = length
    self.holder = holder
  }

  package func renewed(head: UInt64, holder: LockHolder?) -> LeaseDocument {
    LeaseDocument(fence: fence, renewal: renewal + 1, head: head, length: length, holder: holder)
  }

  package var bytes: [UInt8] {
    JSONWriter().bytes(
      Value.build { builder in
        builder.beginMap()
        builder.field("version", Self.version)
        builder.field("fence", Int64(clamping: fence.number))
        builder.field("renewal", Int64(clamping: renewal))
        builder.field("head", Int64(clamping: head))
        builder.field("leaseMilliseconds", length.wholeMilliseconds)
        if let holder {
          builder.field("name", holder.name)
          builder.field("process", Int64(holder.process))
          builder.field("command", holder.command)
          builder.field("since", holder.since.nanoseconds)
          builder.field("run", holder.run.text)
        }
        builder.endMap()
      })
  }

  package init(_ bytes: [UInt8]) throws(StoreError) {
    let reader = try ObjectReader.open(bytes, "the lock's object", version: Self.version)
    var holder: LockHolder?
    if let name = try reader.optionalText("name") {
      holder = LockHolder(
        name: name, process: Int32(clamping: try reader.int("process")), command: try reader.text("command"),
        since: Instant(nanoseconds: try reader.int("since")), run: RunID(try reader.text("run")))
    }
    self.init(
      fence: Fence(try reader.number("fence")), renewal: try reader.number("renewal"), head: try reader.number("head"),
      length: .milliseconds(try reader.int("leaseMilliseconds")), holder: holder)
  }
}

/// The lock's object as it was found.
package struct FoundLease: Sendable {
  package var document: LeaseDocument
  package var etag: String
  /// By the server's clock, in whole seconds.
  package var age: Duration?

  package init(document: LeaseDocument, etag: String, age: Duration?) {
    self.document = document
    self.etag = etag
    self.age = age
  }
}

/// Judges from the outside whether a lease still holds. No wall clock of any machine takes part: only the server's own,
/// and how long this one has seen the same lease.
///
/// | Found | Verdict |
/// |---|---|
/// | no object, or one without a holder | free |
/// | stored at least the lease and a second ago, both by the server's clock | free |
/// | unchanged for the lease's length, by our monotonic clock | free |
/// | anything else | held |
package struct LeaseWatch: Sendable {
  package enum Verdict: Sendable, Equatable {
    case free
    case held(LockHolder)
  }

  /// Dates of HTTP have whole seconds: an age may be told up to one too long.
  package static let resolution = Duration.seconds(1)

  private var seen: (etag: String, at: Duration)?

  package init() {}

  package mutating func judge(_ found: FoundLease?, elapsed: Duration) -> Verdict {
    guard let found, let holder = found.document.holder else { return .free }
    if let age = found.age, age >= found.document.length + Self.resolution { return .free }
    guard let seen, seen.etag == found.etag else {
      seen = (found.etag, elapsed)
      return .held(holder)
    }
    return elapsed - seen.at >= found.document.length ? .free : .held(holder)
  }
}
