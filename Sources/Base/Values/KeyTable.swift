/// Interns keys by open addressing: dense ids, one multiplication per 8 bytes.
@usableFromInline struct KeyTable {
  @usableFromInline var entries: ContiguousArray<KeyEntry> = [KeyEntry(offset: 0, length: 0, hash: 0)]
  /// For finding duplicates: in which round a key was last met, and at which node.
  @usableFromInline var stamps: ContiguousArray<(generation: UInt32, node: UInt32)> = [(0, 0)]
  @usableFromInline var generation: UInt32 = 0
  @usableFromInline var slots = ContiguousArray<UInt32>(repeating: 0, count: 16)

  @usableFromInline init() {}

  @usableFromInline mutating func intern(_ key: UnsafeBufferPointer<UInt8>, into bytes: inout ContiguousArray<UInt8>) -> UInt32 {
    let hash = Self.hash(key)
    let mask = UInt32(slots.count - 1)
    var slot = hash & mask
    while slots[Int(slot)] != 0 {
      let id = slots[Int(slot)]
      if entries[Int(id)].hash == hash, matches(entries[Int(id)], key, bytes) { return id }
      slot = (slot &+ 1) & mask
    }
    let id = UInt32(entries.count)
    entries.append(KeyEntry(offset: UInt32(bytes.count), length: UInt32(key.count), hash: hash))
    stamps.append((0, 0))
    bytes.append(contentsOf: key)
    slots[Int(slot)] = id
    if entries.count * 2 > slots.count { grow() }
    return id
  }

  private func matches(_ entry: KeyEntry, _ key: UnsafeBufferPointer<UInt8>, _ bytes: ContiguousArray<UInt8>) -> Bool {
    guard Int(entry.length) == key.count else { return false }
    return bytes.withUnsafeBufferPointer { $0[Int(entry.offset)..<Int(entry.offset) + key.count].elementsEqual(key) }
  }

  private mutating func grow() {
    slots = ContiguousArray(repeating: 0, count: slots.count * 2)
    let mask = UInt32(slots.count - 1)
    for id in 1..<entries.count {
      var slot = entries[id].hash & mask
      while slots[Int(slot)] != 0 { slot = (slot &+ 1) & mask }
      slots[Int(slot)] = UInt32(id)
    }
  }

  static func hash(_ key: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hash = UInt64(key.count) &* 0x9E37_79B9_7F4A_7C15
    var index = 0
    while index < key.count {
      var word: UInt64 = 0
      let stop = min(index + 8, key.count)
      for position in index..<stop { word = word << 8 | UInt64(key[position]) }
      hash = (hash ^ word) &* 0xff51_afd7_ed55_8ccd
      hash ^= hash >> 32
      index = stop
    }
    return UInt32(truncatingIfNeeded: hash ^ (hash >> 29)) | 1
  }
}
