/// JSON Lines: one text a line; empty lines are skipped.
package enum JSONLines {
  /// Reads every line into values that share a tape. Errors name the line of the whole input.
  package static func parse(
    _ bytes: [UInt8], file: String? = nil, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> [Value] {
    var builder = TapeBuilder(textCount: bytes.count)
    for range in ranges(of: bytes) where bytes[range].contains(where: { $0 > 0x20 }) {
      let failure = bytes.withUnsafeBufferPointer { all in
        JSONReader.attempt(UnsafeBufferPointer(rebasing: all[range]), &builder, file: nil, limits)
      }
      guard var failure else { continue }
      failure.offset += range.lowerBound
      failure.first = failure.first.map { $0 + range.lowerBound }
      throw bytes.withUnsafeBufferPointer { JSONError(diagnostic: failure.diagnostic($0, file: file)) }
    }
    return builder.finishAll()
  }

  /// The lines of a text, without their line breaks.
  package static func ranges(of bytes: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      ranges.append(start..<end)
      start = end + 1
    }
    return ranges
  }
}
