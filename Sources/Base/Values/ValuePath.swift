/// A way into a value: `spec.ingress[0].fromPort`; an item of a keyed list is named by its key:
/// `routes["0.0.0.0/0"]`.
package struct ValuePath: Hashable, Sendable {
  package enum Segment: Hashable, Sendable {
    case key(String)
    case index(Int)
  }

  package var segments: [Segment]

  package init(_ segments: [Segment] = []) { self.segments = segments }

  package static let root = ValuePath()

  package func appending(_ key: String) -> ValuePath { ValuePath(segments + [.key(key)]) }
  package func appending(_ index: Int) -> ValuePath { ValuePath(segments + [.index(index)]) }

  package func hasPrefix(_ other: ValuePath) -> Bool {
    segments.count >= other.segments.count && zip(segments, other.segments).allSatisfy { $0 == $1 }
  }

  /// The first segment when it is a key: the field of a resource.
  package var field: String? {
    guard case .key(let name)? = segments.first else { return nil }
    return name
  }
}

extension ValuePath: CustomStringConvertible {
  package var description: String {
    var text = ""
    for segment in segments {
      switch segment {
      case .index(let index): text += "[\(index)]"
      case .key(let key) where Self.isPlain(key): text += text.isEmpty ? key : ".\(key)"
      case .key(let key): text += "[\"\(key)\"]"
      }
    }
    return text
  }

  private static func isPlain(_ key: String) -> Bool {
    !key.isEmpty
      && key.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || byte == 0x5F
      }
  }
}

extension ValuePath {
  /// Reads `a.b[0]["c d"]`; nil where the text has no such form.
  package init?(_ text: String) {
    var segments: [Segment] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first == "[" {
        guard let close = rest.firstIndex(of: "]") else { return nil }
        let inner = rest[rest.index(after: rest.startIndex)..<close]
        rest = rest[rest.index(after: close)...]
        if let index = Int(inner) {
          segments.append(.index(index))
        } else {
          guard inner.count >= 2, inner.first == "\"", inner.last == "\"" else { return nil }
          segments.append(.key(String(inner.dropFirst().dropLast())))
        }
      } else {
        if first == "." { rest = rest.dropFirst() }
        let name = rest.prefix { $0 != "." && $0 != "[" }
        guard !name.isEmpty else { return nil }
        segments.append(.key(String(name)))
        rest = rest[name.endIndex...]
      }
    }
    self.segments = segments
  }
}

extension Value {
  /// The value at a path; nil where a step is missing.
  package subscript(path: ValuePath) -> Value? {
    var current = self
    for segment in path.segments {
      let next: Value? =
        switch segment {
        case .key(let key): current[key]
        case .index(let index): current[index]
        }
      guard let next else { return nil }
      current = next
    }
    return current
  }
}
