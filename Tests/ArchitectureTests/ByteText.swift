import Glibc

/// Text as bytes with its line ends, searched with the C library: these tests run unoptimized over the whole project.
struct ByteText: Sendable {
  let bytes: [UInt8]
  /// The offset of each line end.
  let lineEnds: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    lineEnds = Self.offsets(of: [UInt8(ascii: "\n")], in: bytes)
  }

  /// The line, counted from 1, of the byte at `offset`.
  func line(of offset: Int) -> Int {
    var low = 0
    var high = lineEnds.count
    while low < high {
      let middle = (low + high) / 2
      if lineEnds[middle] < offset { low = middle + 1 } else { high = middle }
    }
    return low + 1
  }

  /// The bytes of `line`, counted from 1, without its end.
  func range(ofLine line: Int) -> Range<Int> {
    let start = line == 1 ? 0 : lineEnds[line - 2] + 1
    return start..<(line - 1 < lineEnds.count ? lineEnds[line - 1] : bytes.count)
  }

  /// Lines, an end at the end of the text starting none.
  var lineCount: Int { lineEnds.count + (bytes.last.map { $0 == UInt8(ascii: "\n") ? 0 : 1 } ?? 0) }

  /// Where `word` stands, as a whole word on the sides where it begins or ends with a letter.
  func occurrences(of word: String) -> [Int] {
    let wanted = Array(word.utf8)
    return Self.offsets(of: wanted, in: bytes).filter { start in
      let end = start + wanted.count
      if Self.isWordPart(wanted[0]), start > 0, Self.isWordPart(bytes[start - 1]) { return false }
      return !(Self.isWordPart(wanted[wanted.count - 1]) && end < bytes.count && Self.isWordPart(bytes[end]))
    }
  }

  func contains(_ word: String) -> Bool { !occurrences(of: word).isEmpty }

  static func isWordPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...: true
    default: false
    }
  }

  static func offsets(of wanted: [UInt8], in bytes: [UInt8]) -> [Int] {
    guard let first = wanted.first, wanted.count <= bytes.count else { return [] }
    return bytes.withUnsafeBytes { text in
      guard let base = text.baseAddress else { return [] }
      var found: [Int] = []
      var start = 0
      let last = text.count - wanted.count
      while start <= last, let hit = memchr(base + start, Int32(first), last - start + 1) {
        let offset = UnsafeRawPointer(hit) - base
        if memcmp(hit, wanted, wanted.count) == 0 { found.append(offset) }
        start = offset + 1
      }
      return found
    }
  }
}
