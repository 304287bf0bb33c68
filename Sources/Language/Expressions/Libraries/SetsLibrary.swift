extension FunctionLibrary {
  /// Lists taken as sets: without order and repetition.
  /// https://github.com/google/cel-go/tree/master/ext#sets
  package static let sets = FunctionLibrary(
    name: "sets",
    overloads: [
      .function(
        "sets.contains", [.list(.parameter("T")), .list(.parameter("T"))], .bool, cost: .product,
        .binary { .bool(isCovered($1.items ?? [], by: $0.items ?? [])) }),
      .function(
        "sets.equivalent", [.list(.parameter("T")), .list(.parameter("T"))], .bool, cost: .product,
        .binary { left, right in
          let left = left.items ?? [], right = right.items ?? []
          return .bool(isCovered(left, by: right) && isCovered(right, by: left))
        }),
      .function(
        "sets.intersects", [.list(.parameter("T")), .list(.parameter("T"))], .bool, cost: .product,
        .binary { left, right in
          let right = right.items ?? []
          return .bool((left.items ?? []).contains { item in right.contains { item.isSame(as: $0) } })
        }),
    ])

  private static func isCovered(_ items: [Operand], by others: [Operand]) -> Bool {
    items.allSatisfy { item in others.contains { item.isSame(as: $0) } }
  }
}
