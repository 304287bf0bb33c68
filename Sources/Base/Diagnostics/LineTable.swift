/// Byte offsets of a text to lines and columns and back. Lines and columns count from 1, columns in code
/// points.
///
/// A line ends at LF, CR LF or a lone CR. Bytes that are no UTF-8 count as one code point each.
package struct LineTable: Sendable {
  private let bytes: [UInt8]
  /// The offset at which each line begins.
  private let starts: [Int]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() {
      if byte == 0x0A || byte == 0x0D && !(offset + 1 < bytes.count && bytes[offset + 1] == 0x0A) {
        starts.append(offset + 1)
      }
    }
    self.starts = starts
  }

  /// Number of lines; a text that ends with a line break has an empty last line.
  package var lineCount: Int { starts.count }

  /// The line and column of a byte offset; offsets beyond the end give the end.
  package func place(of offset: Int) -> (line: Int, column: Int) {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0, high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return (low + 1, 1 + Self.codePoints(bytes[starts[low]..<offset]))
  }

  /// The byte offset of a line and column, clamped to that line's end; nil where there is no such line.
  package func offset(line: Int, column: Int) -> Int? {
    guard let range = range(ofLine: line) else { return nil }
    var offset = range.lowerBound, left = column - 1
    while left > 0, offset < range.upperBound {
      offset += 1
      while offset < range.upperBound, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      left -= 1
    }
    return offset
  }

  /// The bytes of a line without its line break; nil where there is no such line.
  package func range(ofLine line: Int) -> Range<Int>? {
    guard line >= 1, line <= starts.count else { return nil }
    let start = starts[line - 1]
    var end = line < starts.count ? starts[line] : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }

  /// The text of a line without its line break; nil where there is no such line.
  package func text(ofLine line: Int) -> String? {
    range(ofLine: line).map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  /// Code points in well-formed UTF-8: every byte that continues none.
  private static func codePoints(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
  }
}
