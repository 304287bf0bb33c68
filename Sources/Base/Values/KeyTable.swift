/// Interns keys by open addressing: dense ids, one multiplication per 8 bytes.
@usableFromInline struct KeyTable {
  @usableFromInline var entries: ContiguousArray<KeyEntry> = [KeyEntry(offset: 0, length: 0, hash: 0)]
  /// For finding duplicates: in which round a key was last met, and at which node.
  @usableFromInline var stamps: ContiguousArray<(generation: UInt32, node: UInt32)> = [(0, 0)]
  @usableFromInline var generation: UInt32 = 0
  @usableFromInline var slots = ContiguousArray<UInt32>(repeating: 0, count: 16)

  /// Not the same in every process, so that keys chosen by a stranger cannot be made to collide.
  private static let processSeed = UInt64.random(in: .min ... .max)
  private let seed = KeyTable.processSeed

  @usableFromInline init() {}

  @usableFromInline mutating func intern(
    _ key: UnsafeBufferPointer<UInt8>, into bytes: inout ContiguousArray<UInt8>
  ) -> UInt32 {
    let hash = hash(key)
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

  @inline(__always) private func matches(
    _ entry: KeyEntry, _ key: UnsafeBufferPointer<UInt8>, _ bytes: ContiguousArray<UInt8>
  ) -> Bool {
    guard Int(entry.length) == key.count else { return false }
    guard let wanted = key.baseAddress else { return true }
    return bytes.withUnsafeBufferPointer { all in
      guard let base = all.baseAddress else { return false }
      return Self.same(base + Int(entry.offset), wanted, key.count)
    }
  }

  /// Word by word, the last word overlapping the one before.
  @inline(__always) private static func same(
    _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int
  ) -> Bool {
    guard count >= 8 else {
      for index in 0..<count where left[index] != right[index] { return false }
      return true
    }
    var index = 0
    while index &+ 8 < count {
      if WordScan.load(left, index) != WordScan.load(right, index) { return false }
      index &+= 8
    }
    return WordScan.load(left, count &- 8) == WordScan.load(right, count &- 8)
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

  @inline(__always) private func hash(_ key: UnsafeBufferPointer<UInt8>) -> UInt32 {
    guard let base = key.baseAddress else { return 1 }
    var hash = seed ^ UInt64(key.count) &* 0x9E37_79B9_7F4A_7C15
    var index = 0
    while index &+ 8 <= key.count {
      hash = Self.mix(hash, WordScan.load(base, index))
      index &+= 8
    }
    if index < key.count {
      var word: UInt64 = 0
      while index < key.count {
        word = word &<< 8 | UInt64(base[index])
        index &+= 1
      }
      hash = Self.mix(hash, word)
    }
    return UInt32(truncatingIfNeeded: hash ^ (hash &>> 29)) | 1
  }

  @inline(__always) private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let mixed = (hash ^ word) &* 0xff51_afd7_ed55_8ccd
    return mixed ^ mixed &>> 32
  }
}
