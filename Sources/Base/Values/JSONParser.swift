import Diagnostics

/// Recursive descent over bytes straight into a tape.
struct JSONParser: ~Copyable {
  private let base: UnsafePointer<UInt8>
  private let end: Int
  private let limits: JSONLimits
  private let isPositioned: Bool
  /// Byte offsets of the keys of the objects being read; kept only while looking for a duplicate.
  private let keepsKeyOffsets: Bool
  private var keyOffsets: [Int: Int] = [:]

  private var offset = 0
  private var depth = 0
  private var nodeCount = 0
  private var line = 1
  /// Columns are counted onwards from the last place asked for.
  private var columnOffset = 0
  private var column = 1
  private var scratch = ByteBuffer(capacity: 64)

  init(
    _ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits, isPositioned: Bool, keepsKeyOffsets: Bool = false
  ) {
    // An empty text is never read through the pointer, so any address will do.
    base = bytes.baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped
    end = bytes.count
    self.limits = limits
    self.isPositioned = isPositioned
    self.keepsKeyOffsets = keepsKeyOffsets
  }

  mutating func document(into builder: inout TapeBuilder) throws(JSONFailure) {
    if end >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF {
      offset = 3
      columnOffset = 3
    }
    skipSpace()
    try value(into: &builder)
    skipSpace()
    guard offset == end else { throw unexpected("the end of the text") }
  }

  // MARK: Values

  private mutating func value(into builder: inout TapeBuilder) throws(JSONFailure) {
    nodeCount &+= 1
    guard nodeCount <= limits.nodes else {
      throw JSONFailure(.jsonLimit, "the text has more than \(limits.nodes) values", at: offset)
    }
    if isPositioned { place(in: &builder) }
    guard offset < end else { throw unexpected("a value") }
    switch base[offset] {
    case 0x22:  // "
      let text = try string()
      builder.string(utf8: text)
    case 0x7B: try object(into: &builder)
    case 0x5B: try array(into: &builder)
    case 0x2D, 0x30...0x39: try number(into: &builder)
    case 0x74:
      try literal("true")
      builder.bool(true)
    case 0x66:
      try literal("false")
      builder.bool(false)
    case 0x6E:
      try literal("null")
      builder.null()
    default: throw unexpected("a value")
    }
  }

  private mutating func object(into builder: inout TapeBuilder) throws(JSONFailure) {
    try enter()
    builder.beginMap()
    skipSpace()
    if offset < end, base[offset] == 0x7D {
      offset &+= 1
    } else {
      try entries(into: &builder)
    }
    depth &-= 1
    if let duplicate = builder.endMap() { throw repeated(duplicate, builder) }
  }

  private mutating func entries(into builder: inout TapeBuilder) throws(JSONFailure) {
    while true {
      guard offset < end, base[offset] == 0x22 else { throw unexpected("a key in double quotes") }
      if keepsKeyOffsets { keyOffsets[builder.count] = offset }
      if isPositioned { placeKey(in: &builder) }
      let key = try string()
      builder.key(utf8: key)
      skipSpace()
      guard offset < end, base[offset] == 0x3A else { throw unexpected("`:`") }
      offset &+= 1
      skipSpace()
      try value(into: &builder)
      skipSpace()
      guard offset < end else { throw unexpected("`,` or `}`") }
      let byte = base[offset]
      guard byte == 0x2C || byte == 0x7D else { throw unexpected("`,` or `}`") }
      offset &+= 1
      if byte == 0x7D { return }
      skipSpace()
    }
  }

  private mutating func array(into builder: inout TapeBuilder) throws(JSONFailure) {
    try enter()
    builder.beginList()
    skipSpace()
    if offset < end, base[offset] == 0x5D {
      offset &+= 1
    } else {
      while true {
        try value(into: &builder)
        skipSpace()
        guard offset < end else { throw unexpected("`,` or `]`") }
        let byte = base[offset]
        guard byte == 0x2C || byte == 0x5D else { throw unexpected("`,` or `]`") }
        offset &+= 1
        if byte == 0x5D { break }
        skipSpace()
      }
    }
    depth &-= 1
    builder.endList()
  }

  private mutating func enter() throws(JSONFailure) {
    depth &+= 1
    guard depth <= limits.depth else {
      throw JSONFailure(.jsonLimit, "the text is nested more than \(limits.depth) deep", at: offset)
    }
    offset &+= 1
  }

  // MARK: Scalars

  private mutating func literal(_ word: StaticString) throws(JSONFailure) {
    guard offset &+ word.utf8CodeUnitCount <= end else { throw unexpected("a value") }
    for index in 0..<word.utf8CodeUnitCount where base[offset &+ index] != word.utf8Start[index] {
      throw unexpected("a value")
    }
    offset &+= word.utf8CodeUnitCount
  }

  private mutating func number(into builder: inout TapeBuilder) throws(JSONFailure) {
    let start = offset
    var isDouble = false
    if base[offset] == 0x2D { offset &+= 1 }
    if offset < end, base[offset] == 0x30 { offset &+= 1 } else { try digits() }
    if offset < end, base[offset] == 0x2E {
      isDouble = true
      offset &+= 1
      try digits()
    }
    if offset < end, base[offset] | 0x20 == 0x65 {
      isDouble = true
      offset &+= 1
      if offset < end, base[offset] == 0x2B || base[offset] == 0x2D { offset &+= 1 }
      try digits()
    }
    let spelling = UnsafeBufferPointer(start: base + start, count: offset &- start)
    if isDouble { builder.double(spelling: spelling) } else { builder.int(spelling: spelling) }
  }

  private mutating func digits() throws(JSONFailure) {
    let start = offset
    while offset < end, base[offset] &- 0x30 < 10 { offset &+= 1 }
    guard offset > start else { throw unexpected("a digit") }
  }

  /// The text of the string at `offset`; it lies in the input or, unescaped, in `scratch` until the next
  /// call.
  private mutating func string() throws(JSONFailure) -> UnsafeBufferPointer<UInt8> {
    offset &+= 1
    let start = offset
    try scanPlain()
    if base[offset] == 0x22 {
      defer { offset &+= 1 }
      return UnsafeBufferPointer(start: base + start, count: offset &- start)
    }
    scratch.removeAll()
    var copied = start
    while base[offset] == 0x5C {
      scratch.append(base + copied, count: offset &- copied)
      try escape()
      copied = offset
      try scanPlain()
    }
    scratch.append(base + copied, count: offset &- copied)
    offset &+= 1
    return scratch.written
  }

  /// Moves to the next `"` or `\`, checking UTF-8 and control characters on the way.
  @inline(__always) private mutating func scanPlain() throws(JSONFailure) {
    while true {
      while offset &+ 8 <= end {
        let mask = WordScan.stopMask(WordScan.load(base, offset))
        if mask != 0 {
          offset &+= mask.trailingZeroBitCount &>> 3
          break
        }
        offset &+= 8
      }
      guard offset < end else { throw unexpected("the closing `\"` of the string") }
      let byte = base[offset]
      if byte == 0x22 || byte == 0x5C { return }
      if byte < 0x20 { throw JSONFailure(.jsonSyntax, "a control character must be escaped", at: offset) }
      if byte < 0x80 {
        offset &+= 1
      } else {
        try multibyte()
      }
    }
  }

  private mutating func multibyte() throws(JSONFailure) {
    while offset < end, base[offset] >= 0x80 {
      let length = UTF8Check.sequenceLength(base, at: offset, end: end)
      guard length > 0 else { throw JSONFailure(.jsonSyntax, "the text is not UTF-8", at: offset) }
      offset &+= length
    }
  }

  private mutating func escape() throws(JSONFailure) {
    let start = offset
    offset &+= 1
    guard offset < end else { throw unexpected("an escape") }
    let byte = base[offset]
    offset &+= 1
    switch byte {
    case 0x22, 0x5C, 0x2F: scratch.append(byte)
    case 0x62: scratch.append(0x08)
    case 0x66: scratch.append(0x0C)
    case 0x6E: scratch.append(0x0A)
    case 0x72: scratch.append(0x0D)
    case 0x74: scratch.append(0x09)
    case 0x75: try unicodeEscape(from: start)
    default: throw JSONFailure(.jsonSyntax, "unknown escape in a string", at: start)
    }
  }

  private mutating func unicodeEscape(from start: Int) throws(JSONFailure) {
    var code = try hexadecimal(from: start)
    if code & 0xFC00 == 0xD800, offset &+ 1 < end, base[offset] == 0x5C, base[offset &+ 1] == 0x75 {
      offset &+= 2
      let low = try hexadecimal(from: start)
      guard low & 0xFC00 == 0xDC00 else {
        throw JSONFailure(.jsonSyntax, "half of a surrogate pair", at: start)
      }
      code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw JSONFailure(.jsonSyntax, "half of a surrogate pair", at: start)
    }
    for byte in scalar.utf8 { scratch.append(byte) }
  }

  private mutating func hexadecimal(from start: Int) throws(JSONFailure) -> UInt32 {
    guard offset &+ 4 <= end else { throw unexpected("four hexadecimal digits") }
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Hexadecimal.value(of: base[offset]) else { throw unexpected("a hexadecimal digit") }
      code = code << 4 | UInt32(digit)
      offset &+= 1
    }
    return code
  }

  // MARK: Space and places

  @inline(__always) private mutating func skipSpace() {
    while offset < end {
      switch base[offset] {
      case 0x20, 0x09, 0x0D: offset &+= 1
      case 0x0A:
        offset &+= 1
        line &+= 1
        column = 1
        columnOffset = offset
      default: return
      }
    }
  }

  private mutating func countColumn() {
    while columnOffset < offset {
      if base[columnOffset] & 0xC0 != 0x80 { column &+= 1 }
      columnOffset &+= 1
    }
  }

  private mutating func place(in builder: inout TapeBuilder) {
    countColumn()
    builder.setPosition(line: line, column: column)
  }

  private mutating func placeKey(in builder: inout TapeBuilder) {
    countColumn()
    builder.setKeyPosition(line: line, column: column)
  }

  // MARK: Problems

  private func unexpected(_ wanted: String) -> JSONFailure {
    guard offset < end else {
      return JSONFailure(.jsonSyntax, "the text ends where \(wanted) should stand", at: end)
    }
    return JSONFailure(.jsonSyntax, "expected \(wanted)", at: offset)
  }

  /// Reads the text once more to find where the two keys stand: offsets are not kept in the usual case.
  private func repeated(_ pair: (first: Int, second: Int), _ builder: borrowing TapeBuilder) -> JSONFailure {
    let message = "the key `\(builder.keyText(of: pair.second))` stands twice in one object"
    if keepsKeyOffsets {
      return JSONFailure(
        .jsonDuplicateKey, message, at: keyOffsets[pair.second] ?? offset, first: keyOffsets[pair.first])
    }
    let bytes = UnsafeBufferPointer(start: base, count: end)
    var again = JSONParser(bytes, limits: limits, isPositioned: false, keepsKeyOffsets: true)
    var scrap = TapeBuilder()
    do throws(JSONFailure) {
      try again.document(into: &scrap)
      return JSONFailure(.jsonDuplicateKey, message, at: offset)
    } catch {
      return error
    }
  }
}

package enum Hexadecimal {
  /// The value of one hexadecimal digit, nil for any other byte.
  package static func value(of byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}
