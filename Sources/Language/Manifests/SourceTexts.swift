import Diagnostics
import Values

/// The files of an estate as they were read, so that a problem inside a text stands under the right
/// character.
package struct SourceTexts: Sendable {
  private var files: [String: [UInt8]] = [:]

  package init() {}

  /// Adds a text that is no file of the estate, such as an embedded blueprint.
  package mutating func add(_ bytes: [UInt8], file: String) { files[file] = bytes }

  package mutating func merge(_ other: SourceTexts) { files.merge(other.files) { first, _ in first } }

  /// The bytes of a file, for the renderer of diagnostics.
  package func bytes(of file: String) -> [UInt8]? { files[file] }

  /// Where byte `offset` of a string stands: YAML's quotes, escapes, folds and indentation are undone.
  package func position(of offset: Int, in value: Value) -> SourcePosition? {
    guard let origin = value.origin, let bytes = files[origin.file] else { return value.origin }
    let lines = LineTable(bytes)
    guard let start = lines.offset(line: origin.line, column: origin.column) else { return origin }
    let raw = ScalarLocator(bytes: bytes, start: start).rawOffset(of: offset)
    let place = lines.place(of: raw)
    return SourcePosition(file: origin.file, line: place.line, column: place.column)
  }
}

/// Walks a YAML scalar as written beside the text it stands for.
struct ScalarLocator {
  let bytes: [UInt8]
  let start: Int

  private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  /// The offset in the file of byte `offset` of the text.
  func rawOffset(of offset: Int) -> Int {
    let content = afterProperties(start)
    switch byte(content) {
    case UInt8(ascii: "|"): return block(content, offset, isFolded: false)
    case UInt8(ascii: ">"): return block(content, offset, isFolded: true)
    case UInt8(ascii: "\""): return flow(content + 1, offset, .double)
    case UInt8(ascii: "'"): return flow(content + 1, offset, .single)
    default: return flow(content, offset, .plain)
    }
  }

  /// Skips an anchor and a tag before the scalar.
  private func afterProperties(_ start: Int) -> Int {
    var index = start
    while byte(index) == UInt8(ascii: "&") || byte(index) == UInt8(ascii: "!") {
      while index < bytes.count, !Self.isSpace(byte(index)) { index += 1 }
      while Self.isSpace(byte(index)) { index += 1 }
    }
    return index
  }

  private enum Style { case plain, single, double }

  /// Line breaks fold: one becomes a space, more become one fewer.
  private func flow(_ start: Int, _ offset: Int, _ style: Style) -> Int {
    var raw = start, decoded = 0
    while raw < bytes.count, decoded < offset {
      let current = byte(raw)
      if Self.isSpace(current), let fold = fold(raw) {
        decoded += fold.length
        raw = fold.end
      } else if style == .single, current == UInt8(ascii: "'"), byte(raw + 1) == UInt8(ascii: "'") {
        raw += 2
        decoded += 1
      } else if style == .double, current == UInt8(ascii: "\\") {
        let escape = escape(raw)
        raw = escape.end
        decoded += escape.length
      } else {
        raw += 1
        decoded += 1
      }
    }
    return raw
  }

  /// White space with line breaks in it; nil for spaces within a line.
  private func fold(_ start: Int) -> (end: Int, length: Int)? {
    var end = start, breaks = 0
    while Self.isSpace(byte(end)) {
      if byte(end) == 0x0A { breaks += 1 }
      end += 1
    }
    return breaks == 0 ? nil : (end, max(1, breaks - 1))
  }

  /// Where an escape ends and how many bytes of UTF-8 it stands for.
  private func escape(_ start: Int) -> (end: Int, length: Int) {
    let digits: Int
    switch byte(start + 1) {
    case UInt8(ascii: "x"): digits = 2
    case UInt8(ascii: "u"): digits = 4
    case UInt8(ascii: "U"): digits = 8
    case UInt8(ascii: "N"), UInt8(ascii: "_"): return (start + 2, 2)
    case UInt8(ascii: "L"), UInt8(ascii: "P"): return (start + 2, 3)
    case 0x0A:
      var end = start + 2
      while byte(end) == 0x20 || byte(end) == 0x09 { end += 1 }
      return (end, 0)
    default: return (start + 2, 1)
    }
    let end = min(start + 2 + digits, bytes.count)
    let scalar = UInt32(String(decoding: bytes[start + 2..<end], as: UTF8.self), radix: 16).flatMap(
      Unicode.Scalar.init)
    return (end, scalar.map { UTF8.width($0) } ?? 1)
  }

  /// Block scalars: the first line with text gives the indentation.
  private func block(_ start: Int, _ offset: Int, isFolded: Bool) -> Int {
    var raw = lineEnd(start) + 1
    let indentation = declaredIndentation(start) ?? indentation(from: raw)
    var decoded = 0
    while raw < bytes.count {
      let end = lineEnd(raw)
      let text = min(raw + indentation, end)
      if offset <= decoded + (end - text) { return text + (offset - decoded) }
      decoded += end - text
      raw = end + 1
      // A folded break before further text is a space, and the first of several counts for nothing.
      decoded += isFolded && end > text && byte(raw) == 0x0A ? 0 : 1
    }
    return max(start, bytes.count - 1)
  }

  /// `|2`: two more than the line that the scalar belongs to.
  private func declaredIndentation(_ start: Int) -> Int? {
    guard
      let digit = bytes[start..<lineEnd(start)].first(where: { (0x31...0x39).contains($0) || $0 == 0x23 }),
      digit != 0x23
    else {
      return nil
    }
    let lineStart = bytes[..<start].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return bytes[lineStart..<start].prefix { $0 == 0x20 }.count + Int(digit - 0x30)
  }

  private func indentation(from start: Int) -> Int {
    var line = start
    while line < bytes.count {
      let end = lineEnd(line)
      let spaces = bytes[line..<end].prefix { $0 == 0x20 }.count
      if spaces < end - line { return spaces }
      line = end + 1
    }
    return 0
  }

  private func lineEnd(_ start: Int) -> Int {
    bytes[min(start, bytes.count)...].firstIndex(of: 0x0A) ?? bytes.count
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }
}
