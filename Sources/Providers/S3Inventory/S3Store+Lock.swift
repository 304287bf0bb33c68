import Inventory
import Platform
import Resources

extension S3Store {
  package func lock(_ holder: LockHolder, timeout: Duration) async throws(StoreError) -> Lease {
    let deadline = time.elapsed + timeout
    var watch = LeaseWatch()
    var attempts = 0
    while true {
      let found = try await reader.lease()
      switch watch.judge(found, elapsed: time.elapsed) {
      case .free:
        if let lease = try await take(found, holder) { return lease }
        attempts += 1
        guard attempts < S3Limits.takeAttempts else { throw StoreError.locked(by: nil) }
      case .held(let other):
        let rest = deadline - time.elapsed
        guard rest > .zero else { throw StoreError.locked(by: other) }
        do throws(CancellationError) { try await time.sleep(for: min(rest, settings.poll)) } catch {
          throw StoreError.locked(by: other)
        }
      }
    }
  }

  /// nil where somebody else was quicker.
  private func take(_ found: FoundLease?, _ holder: LockHolder) async throws(StoreError) -> Lease? {
    let loaded = try await reader.load(found)
    let newest = max(found?.document.fence ?? Fence(0), loaded.state.fence)
    let document = LeaseDocument(
      fence: Fence(newest.number + 1), head: loaded.state.head, length: settings.lease, holder: holder)
    let asked = time.elapsed
    let condition = found.map { PutCondition.matches($0.etag) } ?? .absent
    guard let etag = try await put(document, condition) else { return nil }
    let mine = Held(
      lease: Lease(fence: document.fence, holder: holder), document: document, etag: etag, confirmed: asked,
      log: loaded.state, snapshots: loaded.index.snapshots, listing: loaded.listing)
    guard let announced = try await announce(mine) else { return nil }
    if loaded.state.serial == 0 { try await probe(announced) }
    held = announced
    return announced.lease
  }

  /// A service that ignores preconditions would let two writers overwrite each other: asked until a first commit is
  /// there, by writing what is there already under conditions that do not hold.
  private func probe(_ mine: Held) async throws(StoreError) {
    let key = layout.segment(mine.log.head)
    guard let there = try await objects.get(key) else { return }
    let attempts = [
      (key: key, bytes: there.bytes, condition: PutCondition.absent),
      (key: layout.lock, bytes: mine.document.bytes, condition: .matches("\"00000000000000000000000000000000\"")),
    ]
    for attempt in attempts {
      let outcome = try await objects.put(attempt.key, attempt.bytes, attempt.condition)
      guard case .done = outcome else { continue }
      throw StoreError(
        .unwritable, "the bucket's service ignores `If-None-Match` or `If-Match` on writes, so it cannot be shared")
    }
  }

  /// Writes the segment that shuts out whoever held the lock before. Segments that came in between are taken along.
  private func announce(_ mine: Held) async throws(StoreError) -> Held? {
    var mine = mine
    for _ in 0..<S3Limits.takeAttempts {
      let segment = try mine.log.next(
        .lock, Batch(), fence: mine.lease.fence, run: mine.lease.holder.run, at: time.now)
      switch try await writer.append(segment.number, SegmentCodec.encode(segment)) {
      case .done:
        try mine.log.apply(segment)
        return mine
      case .unsettled(let text):
        throw StoreError(.unwritable, "the lock was taken and could not be announced: \(text)")
      case .taken(let bytes):
        try mine.log.apply(try SegmentCodec.decode(bytes, number: segment.number))
      }
      guard mine.log.fence >= mine.lease.fence else { continue }
      // Only a lock that was taken away leaves a fence as new as ours: ours has to be newer.
      mine.document = LeaseDocument(
        fence: Fence(mine.log.fence.number + 1), head: mine.log.head, length: settings.lease,
        holder: mine.lease.holder)
      mine.lease = Lease(fence: mine.document.fence, holder: mine.lease.holder)
      mine.confirmed = time.elapsed
      guard let etag = try await put(mine.document, .matches(mine.etag)) else { return nil }
      mine.etag = etag
    }
    throw StoreError(.unwritable, "others write to the inventory all the time")
  }

  /// Writes the lock's object; nil where the condition did not hold. A lost answer is settled by reading.
  private func put(_ document: LeaseDocument, _ condition: PutCondition) async throws(StoreError) -> String? {
    var text = ""
    for _ in 0..<S3Limits.putAttempts {
      switch try await objects.put(layout.lock, document.bytes, condition) {
      case .done(let etag): return etag
      case .refused: break
      case .unknown(let what): text = what
      }
      let there = try await objects.get(layout.lock)
      if let there, there.bytes == document.bytes { return there.etag }
      // Unchanged, the same put may go out once more; it carries its condition.
      let isUnchanged =
        switch condition {
        case .absent: there == nil
        case .matches(let etag): there?.etag == etag
        }
      guard isUnchanged else { return nil }
    }
    throw StoreError(.unwritable, "it is not known whether the lock was written: \(text)")
  }

  package func renew(_ lease: Lease) async throws(StoreError) {
    await leaseTurn.enter()
    defer { leaseTurn.leave() }
    guard let mine = held, mine.lease.fence == lease.fence else { throw StoreError.lost }
    do throws(StoreError) {
      guard try await rewrite(lease, lease.holder) else {
        held = nil
        throw StoreError.lost
      }
    } catch {
      // While the lease lasts a fault of the network takes nothing from us; the next renewal tells.
      let isFault = error.reason == .unwritable || error.reason == .unreadable
      guard isFault, time.elapsed - mine.confirmed < settings.lease * 2 / 3 else { throw error }
    }
  }

  package func unlock(_ lease: Lease) async throws(StoreError) {
    await logTurn.enter()
    defer { logTurn.leave() }
    await leaseTurn.enter()
    defer { leaseTurn.leave() }
    guard let mine = held, mine.lease.fence == lease.fence else { return }
    // A log without commits of ours is read with one request more, which is less than a snapshot costs.
    if mine.log.head - (mine.snapshots.last ?? 0) > 1 { await takeSnapshot() }
    await collectGarbage()
    defer { held = nil }
    _ = try await rewrite(lease, nil)
  }

  /// Writes our lock's object anew; false where it is not ours any more.
  private func rewrite(_ lease: Lease, _ holder: LockHolder?) async throws(StoreError) -> Bool {
    for _ in 0..<S3Limits.putAttempts {
      guard let mine = held else { return false }
      let document = mine.document.renewed(head: mine.log.head, holder: holder)
      let asked = time.elapsed
      if let etag = try await put(document, .matches(mine.etag)) {
        held?.document = document
        held?.etag = etag
        held?.confirmed = asked
        return true
      }
      // A renewal of ours that was given up for lost may have arrived after all.
      guard let found = try await reader.lease(), found.document.fence == lease.fence,
        found.document.holder == lease.holder
      else { return false }
      held?.document = found.document
      held?.etag = found.etag
    }
    return false
  }

  /// Deletes what two later snapshots have made needless. It may be refused, or wait for the next run.
  private func collectGarbage() async {
    guard let mine = held, time.elapsed - mine.confirmed < settings.lease else { return }
    let keys = LogIndex.garbage(mine.listing, layout, snapshots: mine.snapshots, retention: settings.retention)
    guard !keys.isEmpty else { return }
    do throws(StoreError) { try await objects.delete(keys) } catch { return }
  }

  package func lockHolder() async throws(StoreError) -> LockHolder? {
    var watch = LeaseWatch()
    switch watch.judge(try await reader.lease(), elapsed: time.elapsed) {
    case .free: return nil
    case .held(let holder): return holder
    }
  }

  /// The log first, so that the holder is shut out at once; its lock's object then.
  package func breakLock(reason: String, by holder: LockHolder) async throws(StoreError) {
    for _ in 0..<S3Limits.takeAttempts {
      let found = try await reader.lease()
      let loaded = try await reader.load(found)
      if found == nil, loaded.state.head == 0 { return }
      let fence = Fence(max(found?.document.fence ?? Fence(0), loaded.state.fence).number + 1)
      let batch = Batch(events: [.lockBroken(reason: reason, by: holder.name)])
      let segment = try loaded.state.next(.broken, batch, fence: fence, run: holder.run, at: time.now)
      switch try await writer.append(segment.number, SegmentCodec.encode(segment)) {
      case .done: return try await free(fence, head: segment.number)
      case .taken: continue
      case .unsettled(let text): throw StoreError(.unwritable, "the lock was not broken: \(text)")
      }
    }
    throw StoreError(.unwritable, "others write to the inventory all the time")
  }

  private func free(_ fence: Fence, head: UInt64) async throws(StoreError) {
    for _ in 0..<S3Limits.takeAttempts {
      guard let found = try await reader.lease(), found.document.fence < fence else { return }
      let document = LeaseDocument(fence: fence, head: head, length: settings.lease, holder: nil)
      if try await put(document, .matches(found.etag)) != nil { return }
    }
    throw StoreError(.unwritable, "the lock changes all the time")
  }
}
