import AWSClient
import Inventory
import Platform
import Resources

/// The shared store: a log of numbered segments in a bucket of an S3-compatible service, and a lock with a lease.
///
/// A segment is put with `If-None-Match: *` and never overwritten, so each number is written once. A run that takes the
/// lock first writes a segment of its own: the next put of whoever held the lock before is refused, however long it
/// slept. Snapshots only make reading short; the log is the truth.
package actor S3Store: InventoryStore {
  /// What the holder of the lock works with.
  struct Held {
    var lease: Lease
    var document: LeaseDocument
    var etag: String
    /// When the service was last known to hold our lease, by the monotonic clock, as of when that was asked.
    var confirmed: Duration
    var log: LogState
    /// Snapshots that exist, ascending.
    var snapshots: [UInt64]
    /// What stood in the bucket when the lock was taken.
    var listing: ObjectListing
    /// Segments of ours that may stand, or come to stand, under the next number.
    var pending: [[UInt8]] = []
  }

  let objects: any ObjectStore
  let layout: LogLayout
  let settings: S3StoreSettings
  let time: any TimeSource
  let reader: LogReader
  let writer: LogWriter
  /// Commits follow one another; renewals do not wait for them.
  let logTurn = TurnQueue()
  let leaseTurn = TurnQueue()
  var held: Held?

  /// Two renewals may fail before the lease ends.
  package nonisolated var renewal: Duration { settings.lease / 3 }

  /// `prefix` may be empty.
  package init(
    objects: any ObjectStore, prefix: String = "", scope: ScopeID, settings: S3StoreSettings = S3StoreSettings(),
    time: any TimeSource = SystemTime()
  ) {
    self.objects = objects
    self.settings = settings
    self.time = time
    layout = LogLayout(prefix: prefix, scope: scope)
    reader = LogReader(objects: objects, layout: layout)
    writer = LogWriter(objects: objects, layout: layout)
  }

  /// A bucket that exists; the client's keys read, write and list in it, or only read and list where nothing is to be
  /// written. `owner` is the account the bucket must belong to.
  package init(
    bucket: String, prefix: String = "", scope: ScopeID, owner: String? = nil, client: AWSClient,
    settings: S3StoreSettings = S3StoreSettings(), time: any TimeSource = SystemTime()
  ) {
    self.init(
      objects: S3Bucket(bucket, owner: owner, client: client, encryption: settings.encryption), prefix: prefix,
      scope: scope, settings: settings, time: time)
  }

  package func load() async throws(StoreError) -> InventorySnapshot { try await reader.load().state.snapshot }

  package func history(of address: Address) async throws(StoreError) -> [JournalEntry] {
    JournalQuery.history(of: address, in: try await entries())
  }

  package func stepsDone(of plan: PlanID) async throws(StoreError) -> [Int] {
    let state = try await reader.load().state
    guard state.journal.plans[plan] != nil else { return [] }
    return JournalQuery.stepsDone(of: plan, in: try await reader.entries(state))
  }

  private func entries() async throws(StoreError) -> [JournalEntry] {
    try await reader.entries(try await reader.load().state)
  }

  /// Reads everything, archives included, and folds the journal from its first entry.
  package func verify() async throws(StoreError) {
    let state = try await reader.load().state
    var journal = JournalFold()
    for entry in try await reader.entries(state) {
      do throws(JournalFold.Problem) { try journal.apply(entry) } catch {
        throw StoreError(.corrupt, error.description)
      }
    }
    guard journal.nextSequence == state.journal.nextSequence, journal.openIntents == state.journal.openIntents else {
      throw StoreError(.corrupt, "the inventory's history and its log differ")
    }
  }

  package func commit(_ batch: Batch, _ lease: Lease) async throws(StoreError) {
    await logTurn.enter()
    defer { logTurn.leave() }
    try await write(batch, lease)
    try await confirmIfOld(lease)
    guard let held, held.log.head - (held.snapshots.last ?? 0) >= UInt64(settings.segmentsPerSnapshot) else { return }
    await takeSnapshot()
  }

  private func write(_ batch: Batch, _ lease: Lease) async throws(StoreError) {
    while true {
      guard held?.lease.fence == lease.fence,
        let segment = try held?.log.next(.commit, batch, fence: lease.fence, run: lease.holder.run, at: time.now)
      else { throw StoreError.lost }
      let bytes = SegmentCodec.encode(segment)
      switch try await writer.append(segment.number, bytes) {
      case .done:
        // A renewal may have found meanwhile that the lock is lost: then the batch is not to be relied on.
        guard held != nil else { throw StoreError.lost }
        try held?.log.apply(segment)
        held?.pending = []
        return
      case .taken(let other):
        guard held?.pending.contains(other) == true else {
          held = nil
          throw StoreError.lost
        }
        // An earlier batch of ours, given up for lost, has arrived after all.
        try held?.log.apply(try SegmentCodec.decode(other, number: segment.number))
        held?.pending = []
      case .unsettled(let text):
        held?.pending.append(bytes)
        throw StoreError(.unwritable, "it is not known whether a batch was written: \(text)")
      }
    }
  }

  /// A number that was collected long ago is free again. A writer that slept past its lease may have put its segment
  /// there, and asks whether the lock is still its own before it believes that the batch counts.
  private func confirmIfOld(_ lease: Lease) async throws(StoreError) {
    guard let held, time.elapsed - held.confirmed >= settings.lease else { return }
    let asked = time.elapsed
    let found = try await reader.lease()
    guard let found, found.document.fence == lease.fence, found.document.holder == lease.holder else {
      self.held = nil
      throw StoreError.lost
    }
    self.held?.confirmed = asked
  }

  /// Makes reading shorter. Without it the log is as good, so a failure is left for the next try.
  func takeSnapshot() async {
    guard let log = held?.log else { return }
    do throws(StoreError) {
      let state = try await writer.snapshot(log, entriesPerArchive: settings.entriesPerArchive)
      guard held?.log.head == state.head else { return }
      held?.log = state
      held?.snapshots.append(state.head)
    } catch {
      return
    }
  }
}
