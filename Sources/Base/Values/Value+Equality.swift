extension Value: Equatable {
  @usableFromInline package static func == (left: Value, right: Value) -> Bool {
    if left.tape === right.tape, left.index == right.index { return true }
    let a = left.node, b = right.node
    guard a.kind == b.kind else { return false }
    switch a.kind {
    case .null: return true
    case .bool, .unknown: return a.a == b.a
    case .string: return sameSpelling(left, right)
    case .int, .double: return sameSpelling(left, right) || sameNumber(left, right)
    case .list: return a.a == b.a && zip(left.elements, right.elements).allSatisfy { $0 == $1 }
    case .map: return a.a == b.a && sameEntries(left, right)
    }
  }

  private static func sameSpelling(_ left: Value, _ right: Value) -> Bool {
    left.withUTF8 { a in right.withUTF8 { b in a.elementsEqual(b) } }
  }

  private static func sameNumber(_ left: Value, _ right: Value) -> Bool {
    if left.kind == .int, let a = left.int, let b = right.int { return a == b }
    return left.kind == .double && left.double == right.double
  }

  private static func sameEntries(_ left: Value, _ right: Value) -> Bool {
    for entry in left.entries {
      guard let other = entry.withKeyUTF8({ right.child(named: $0) }), entry.value == other else {
        return false
      }
    }
    return true
  }
}
