import Values

extension Value {
  /// What XML may hold any number of: a list's items, a single value alone, nothing for an empty element.
  package var items: [Value] {
    switch kind {
    case .list: Array(elements)
    case .null: []
    case .string: spelling.isEmpty ? [] : [self]
    case .bool, .int, .double, .map, .unknown: [self]
    }
  }

  /// The value below a dotted path such as `vpc.vpcId`; nil where a step is missing.
  package func at(_ path: String) -> Value? {
    var current = self
    for step in path.split(separator: ".") {
      guard let next = current[String(step)] else { return nil }
      current = next
    }
    return current
  }

  /// The text below a dotted path; nil where it is missing or empty.
  package func text(_ path: String) -> String? {
    guard let text = at(path)?.scalarText, !text.isEmpty else { return nil }
    return text
  }

  /// The items below a dotted path; none where it is missing.
  package func items(_ path: String) -> [Value] { at(path)?.items ?? [] }
}
