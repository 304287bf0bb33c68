/// The spelling of JSON's scalars.
enum JSONText {
  static func quote(_ text: String, to buffer: inout ByteBuffer) {
    var text = text
    text.withUTF8 { quote($0, to: &buffer) }
  }

  static func quote(_ text: UnsafeBufferPointer<UInt8>, to buffer: inout ByteBuffer) {
    guard let base = text.baseAddress else { return buffer.append("\"\"" as StaticString) }
    let end = text.count
    buffer.reserve(end &+ 2)
    buffer.append(0x22)
    var offset = 0, copied = 0
    while true {
      while offset &+ 8 <= end {
        let mask = WordScan.escapeMask(WordScan.load(base, offset))
        if mask != 0 {
          offset &+= mask.trailingZeroBitCount &>> 3
          break
        }
        offset &+= 8
      }
      guard offset < end else { break }
      let byte = base[offset]
      if byte == 0x22 || byte == 0x5C || byte < 0x20 {
        buffer.append(base + copied, count: offset &- copied)
        escape(byte, to: &buffer)
        copied = offset &+ 1
      }
      offset &+= 1
    }
    buffer.append(base + copied, count: end &- copied)
    buffer.append(0x22)
  }

  private static func escape(_ byte: UInt8, to buffer: inout ByteBuffer) {
    switch byte {
    case 0x22: buffer.append("\\\"" as StaticString)
    case 0x5C: buffer.append("\\\\" as StaticString)
    case 0x08: buffer.append("\\b" as StaticString)
    case 0x0C: buffer.append("\\f" as StaticString)
    case 0x0A: buffer.append("\\n" as StaticString)
    case 0x0D: buffer.append("\\r" as StaticString)
    case 0x09: buffer.append("\\t" as StaticString)
    default:
      buffer.append("\\u00" as StaticString)
      for digit in [byte >> 4, byte & 15] { buffer.append(digit < 10 ? digit + 0x30 : digit + 0x57) }
    }
  }

  /// As written where that is JSON, else the shortest form that is.
  static func number(_ spelling: UnsafeBufferPointer<UInt8>, isDouble: Bool, to buffer: inout ByteBuffer) {
    if Number.isJSON(spelling) { return buffer.append(spelling) }
    let text = String(decoding: spelling, as: UTF8.self)
    if !isDouble { return buffer.append(Number.decimal(text)) }
    guard let value = Number.double(text), value.isFinite else { return quote(text, to: &buffer) }
    buffer.append(value.description)
  }
}
