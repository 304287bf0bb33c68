/// Header fields in the order they were written; names compare without case, values keep theirs.
package struct HTTPHeaders: Hashable, Sendable {
  package struct Field: Hashable, Sendable {
    package var name: String
    package var value: String
  }

  package var fields: [Field]

  package init() { fields = [] }
  package init(_ pairs: [(String, String)]) { fields = pairs.map { Field(name: $0.0, value: $0.1) } }

  /// The first value with this name; setting replaces all of that name, nil removes them.
  package subscript(name: String) -> String? {
    get { fields.first { Self.isSame($0.name, name) }?.value }
    set {
      let index = fields.firstIndex { Self.isSame($0.name, name) }
      fields.removeAll { Self.isSame($0.name, name) }
      if let newValue { fields.insert(Field(name: name, value: newValue), at: index ?? fields.endIndex) }
    }
  }

  package func values(_ name: String) -> [String] {
    fields.filter { Self.isSame($0.name, name) }.map(\.value)
  }

  package mutating func append(_ name: String, _ value: String) {
    fields.append(Field(name: name, value: value))
  }

  /// Whether a line break or NUL stands in a name or value, which would forge other fields.
  var hasLineBreaks: Bool {
    fields.contains { field in
      field.name.isEmpty || field.name.utf8.contains { $0 <= 32 || $0 == 58 }
        || field.value.utf8.contains { $0 == 10 || $0 == 13 || $0 == 0 }
    }
  }

  private static func isSame(_ left: String, _ right: String) -> Bool {
    let (left, right) = (left.utf8, right.utf8)
    return left.count == right.count && zip(left, right).allSatisfy { lowercase($0) == lowercase($1) }
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 32 : byte }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral pairs: (String, String)...) { self.init(pairs) }
}
