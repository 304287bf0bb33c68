/// Scanning text eight bytes at a time in a plain 64-bit word.
enum WordScan {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs: UInt64 = 0x8080_8080_8080_8080

  /// The high bit of each byte that is `"`, `\`, below 0x20 or above 0x7F; exact for the lowest byte that is
  /// set.
  @inline(__always) static func stopMask(_ word: UInt64) -> UInt64 {
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    let special =
      ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- (ones &* 0x20)) & ~word)
    return (special | word) & highs
  }

  /// As `stopMask`, but bytes above 0x7F are ordinary.
  @inline(__always) static func escapeMask(_ word: UInt64) -> UInt64 {
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    let special =
      ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- (ones &* 0x20)) & ~word)
    return special & highs
  }

  /// Eight bytes, the first in the lowest place.
  @inline(__always) static func load(_ base: UnsafePointer<UInt8>, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self))
  }
}

/// Checks UTF-8 one sequence at a time (Unicode 15, table 3-7).
@usableFromInline package enum UTF8Check {
  /// The length of the well-formed sequence at `offset`, or 0 where there is none.
  @usableFromInline package static func sequenceLength(
    _ bytes: UnsafePointer<UInt8>, at offset: Int, end: Int
  ) -> Int {
    let first = bytes[offset]
    if first < 0x80 { return 1 }
    func continues(_ distance: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      offset + distance < end && range.contains(bytes[offset + distance])
    }
    switch first {
    case 0xC2...0xDF: return continues(1) ? 2 : 0
    case 0xE0: return continues(1, 0xA0...0xBF) && continues(2) ? 3 : 0
    case 0xED: return continues(1, 0x80...0x9F) && continues(2) ? 3 : 0
    case 0xE1...0xEF: return continues(1) && continues(2) ? 3 : 0
    case 0xF0: return continues(1, 0x90...0xBF) && continues(2) && continues(3) ? 4 : 0
    case 0xF1...0xF3: return continues(1) && continues(2) && continues(3) ? 4 : 0
    case 0xF4: return continues(1, 0x80...0x8F) && continues(2) && continues(3) ? 4 : 0
    default: return 0
    }
  }

  /// The offset of the first byte that belongs to no well-formed sequence; nil where all is UTF-8.
  package static func firstInvalid(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var offset = 0
    while offset < bytes.count {
      if offset &+ 8 <= bytes.count, WordScan.load(base, offset) & 0x8080_8080_8080_8080 == 0 {
        offset &+= 8
        continue
      }
      let length = sequenceLength(base, at: offset, end: bytes.count)
      if length == 0 { return offset }
      offset &+= length
    }
    return nil
  }
}
