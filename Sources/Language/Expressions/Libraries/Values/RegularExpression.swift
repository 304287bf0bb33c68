import CRE2
import Synchronization

/// A pattern in RE2's syntax, matched in time linear in the text.
/// https://github.com/google/re2/wiki/Syntax
package final class RegularExpression: Sendable {
  /// Memory that one compiled pattern may use, in bytes.
  package static let memory: Int64 = 1 << 21
  /// The longest pattern, in bytes.
  package static let patternBytes = 4_096
  /// Compiled patterns that are kept for the next use.
  static let cached = 256

  package struct Problem: Error {
    package let message: String
  }

  /// How many parts of the pattern capture.
  package let groups: Int
  private let pattern: Pattern

  /// The library's own promise: a compiled pattern is constant and may be matched from any thread.
  private struct Pattern: @unchecked Sendable {
    let pointer: OpaquePointer
  }

  private static let cache = Mutex<[String: RegularExpression]>([:])

  /// The compiled pattern, from the cache where it has been used before.
  package static func compiled(_ pattern: String) throws(Problem) -> RegularExpression {
    if let found = cache.withLock({ $0[pattern] }) { return found }
    let expression = try RegularExpression(pattern)
    cache.withLock { cache in
      if cache.count >= cached { cache.removeAll() }
      cache[pattern] = expression
    }
    return expression
  }

  package init(_ pattern: String) throws(Problem) {
    var pattern = pattern
    guard pattern.utf8.count <= Self.patternBytes else {
      throw Problem(message: "the pattern is longer than \(Self.patternBytes) bytes")
    }
    var message = [CChar](repeating: 0, count: 256)
    let compiled = pattern.withUTF8 { bytes in
      // An empty text may have no address, which the library would not take.
      bytes.withMemoryRebound(to: CChar.self) { characters in
        plumb_re2_compile(
          characters.baseAddress ?? Self.nothing, characters.count, Self.memory, &message, message.count)
      }
    }
    guard let compiled else {
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw Problem(message: String(decoding: text, as: UTF8.self))
    }
    self.pattern = Pattern(pointer: compiled)
    groups = Int(plumb_re2_group_count(compiled))
  }

  deinit { plumb_re2_free(pattern.pointer) }

  /// Somewhere in the text, unless the pattern is anchored.
  package func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        plumb_re2_find(pattern.pointer, characters.baseAddress ?? Self.nothing, characters.count, 0, nil, 0) == 1
      }
    }
  }

  /// A match, and the spans of its groups; nil for one without part in it.
  package struct Match {
    package let spans: [Range<Int>?]
    package var whole: Range<Int> { spans[0] ?? 0..<0 }
  }

  /// The matches from left to right, none in another, at most `limit`. A match of nothing right behind another is none.
  /// `groups` says how many are wanted, at most 9.
  package func matches(in bytes: [UInt8], groups: Int, limit: Int = .max) -> [Match] {
    precondition(groups < Int(PLUMB_RE2_SPANS), "more groups than are kept")
    var found: [Match] = []
    var start = 0
    var previousEnd = -1
    while found.count < limit, start <= bytes.count, let match = first(in: bytes, from: start, groups: groups) {
      if !match.whole.isEmpty || match.whole.lowerBound != previousEnd { found.append(match) }
      previousEnd = match.whole.upperBound
      start = match.whole.isEmpty ? Self.characterEnd(bytes, match.whole.upperBound) : match.whole.upperBound
    }
    return found
  }

  private func first(in bytes: [UInt8], from start: Int, groups: Int) -> Match? {
    var offsets = [Int](repeating: -1, count: 2 * (groups + 1))
    let isFound = bytes.withUnsafeBytes { raw in
      raw.withMemoryRebound(to: CChar.self) { characters in
        plumb_re2_find(
          pattern.pointer, characters.baseAddress ?? Self.nothing, characters.count, start, &offsets,
          CInt(groups + 1))
      }
    }
    guard isFound == 1 else { return nil }
    return Match(
      spans: (0...groups).map { offsets[2 * $0] < 0 ? nil : offsets[2 * $0]..<offsets[2 * $0 + 1] })
  }

  private static func characterEnd(_ bytes: [UInt8], _ place: Int) -> Int {
    var end = place + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    return end
  }

  /// Where a text without bytes begins. It is never read; the address is not null, so it unwraps.
  private static var nothing: UnsafePointer<CChar> { UnsafePointer(bitPattern: 8)! }
}
