import Values

/// The fields of an object while they are put together.
struct Fields {
  private var entries: [(String, Value)] = []

  subscript(name: String) -> Value? {
    get { entries.first { $0.0 == name }?.1 }
    set {
      let index = entries.firstIndex { $0.0 == name }
      switch (index, newValue) {
      case (let index?, let value?): entries[index].1 = value
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?): entries.append((name, value))
      case (nil, nil): break
      }
    }
  }

  var value: Value { .map(entries) }
}

extension Value {
  /// The same map without some of its keys.
  func without(_ keys: Set<String>) -> Value {
    .map(entries.filter { !keys.contains($0.key) }.map { ($0.key, $0.value) })
  }

  /// The texts of a list of strings; empty for nil.
  static func texts(_ list: Value?) -> [String] { list?.elements.compactMap(\.string) ?? [] }

  /// A policy as text: what was written as text stays as it is.
  var policyText: String {
    string ?? String(decoding: JSONWriter(secrets: .revealed).bytes(self), as: UTF8.self)
  }

  /// A policy as a value, where the text is JSON.
  static func policy(_ text: String) -> Value {
    // What is not JSON is kept as it came.
    (try? JSONReader.parse(text)) ?? .string(text)
  }
}
