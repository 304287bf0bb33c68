import Values

/// The fields of an object while they are put together.
package struct Fields {
  private var entries: [(String, Value)] = []

  package init() {}

  package subscript(name: String) -> Value? {
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

  package var value: Value { .map(entries) }
}

extension Value {
  /// The same map without some of its keys.
  package func without(_ keys: Set<String>) -> Value {
    .map(entries.filter { !keys.contains($0.key) }.map { ($0.key, $0.value) })
  }
}
