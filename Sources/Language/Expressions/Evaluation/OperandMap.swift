/// A map made by an expression: entries in written order, keys found by hash.
package final class OperandMap: Sendable {
  package let keys: [Operand]
  package let values: [Operand]
  private let index: [MapKey: Int]

  /// Below this many entries a search costs less than a hash table.
  private static let searchLimit = 8

  /// - Returns: nil and the position of the second of two equal keys, or of a key that can be none.
  package static func make(_ keys: [Operand], _ values: [Operand]) -> Result<OperandMap, KeyProblem> {
    var index: [MapKey: Int] = [:]
    index.reserveCapacity(keys.count)
    for (position, key) in keys.enumerated() {
      guard let mapKey = MapKey(key) else { return .failure(.notAKey(position)) }
      guard index.updateValue(position, forKey: mapKey) == nil else { return .failure(.repeated(position)) }
    }
    return .success(OperandMap(keys, values, keys.count > searchLimit ? index : [:]))
  }

  /// A key that can be none, or that repeats another; with its position.
  package enum KeyProblem: Error {
    case notAKey(Int)
    case repeated(Int)
  }

  private init(_ keys: [Operand], _ values: [Operand], _ index: [MapKey: Int]) {
    self.keys = keys
    self.values = values
    self.index = index
  }

  /// A map of entries whose keys are strings and differ.
  package convenience init(_ entries: [(String, Operand)]) {
    var index: [MapKey: Int] = [:]
    for (position, entry) in entries.enumerated() { index[.text(TextKey(text: entry.0))] = position }
    precondition(index.count == entries.count, "the keys of a map must differ")
    self.init(entries.map { .string($0.0) }, entries.map(\.1), index)
  }

  package var count: Int { keys.count }

  /// The value of a key; numbers are compared by value, so `1`, `1u` and `1.0` are one key.
  package subscript(key: Operand) -> Operand? {
    guard let wanted = MapKey(looking: key) else { return nil }
    if !index.isEmpty { return index[wanted].map { values[$0] } }
    return keys.firstIndex { MapKey($0) == wanted }.map { values[$0] }
  }
}

/// What may be a key of a map. Signed and unsigned integers of the same value are the same key.
enum MapKey: Hashable {
  case bool(Bool)
  case int(Int64)
  /// Above what fits a signed integer.
  case large(UInt64)
  case text(TextKey)

  /// The key that an operand makes; nil for what can be none.
  init?(_ operand: Operand) {
    switch operand.loaded {
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .uint(let value): self = Int64(exactly: value).map(MapKey.int) ?? .large(value)
    case .string(let value): self = .text(TextKey(text: value))
    case .null, .double, .bytes, .list, .map, .type, .timestamp, .duration, .optional, .opaque, .value, .unknown,
      .failed:
      return nil
    }
  }

  /// The key that is looked for: a whole double finds an integer.
  init?(looking operand: Operand) {
    guard case .double(let number) = operand.loaded else {
      self.init(operand)
      return
    }
    if let whole = Int64(exactly: number) {
      self = .int(whole)
    } else if let whole = UInt64(exactly: number) {
      self = .large(whole)
    } else {
      return nil
    }
  }
}

/// A string compared by its bytes: to CEL, differently composed letters are different texts.
struct TextKey: Hashable {
  let text: String

  static func == (left: TextKey, right: TextKey) -> Bool { Text.areEqual(left.text, right.text) }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// Comparisons of strings by bytes, which is the order of code points.
package enum Text {
  package static func areEqual(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    var left = left, right = right
    return left.withUTF8 { a in right.withUTF8 { b in a.elementsEqual(b) } }
  }

  package static func isLess(_ left: String, _ right: String) -> Bool {
    var left = left, right = right
    return left.withUTF8 { a in right.withUTF8 { b in a.lexicographicallyPrecedes(b) } }
  }

  package static func starts(_ text: String, with prefix: String) -> Bool {
    guard text.utf8.count >= prefix.utf8.count else { return false }
    var text = text, prefix = prefix
    return text.withUTF8 { a in prefix.withUTF8 { b in a[..<b.count].elementsEqual(b) } }
  }

  package static func ends(_ text: String, with suffix: String) -> Bool {
    guard text.utf8.count >= suffix.utf8.count else { return false }
    var text = text, suffix = suffix
    return text.withUTF8 { a in suffix.withUTF8 { b in a[(a.count - b.count)...].elementsEqual(b) } }
  }

  /// The offset in bytes of the first place where `part` stands; nil where it does not.
  package static func offset(of part: String, in text: String, from start: Int = 0) -> Int? {
    var text = text, part = part
    return text.withUTF8 { a in
      part.withUTF8 { b in
        guard !b.isEmpty else { return start <= a.count ? start : nil }
        guard a.count >= b.count else { return nil }
        var position = start
        while position <= a.count - b.count {
          if a[position] == b[0], a[position..<position + b.count].elementsEqual(b) { return position }
          position += 1
        }
        return nil
      }
    }
  }
}
