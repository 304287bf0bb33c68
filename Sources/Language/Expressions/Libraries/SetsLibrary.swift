extension FunctionLibrary {
  /// Lists taken as sets: without order and repetition.
  /// https://github.com/google/cel-go/tree/master/ext#sets
  package static let sets = FunctionLibrary(
    name: "sets",
    overloads: [
      .function(
        "sets.contains", [list, list], .bool, cost: .linear,
        .binary { (left, right) throws(EvaluationError) in .bool(try isCovered(right, by: left)) }),
      .function(
        "sets.equivalent", [list, list], .bool, cost: .linear,
        .binary { (left, right) throws(EvaluationError) in
          guard try isCovered(left, by: right) else { return .bool(false) }
          return .bool(try isCovered(right, by: left))
        }),
      .function(
        "sets.intersects", [list, list], .bool, cost: .linear,
        .binary { (left, right) throws(EvaluationError) in
          var set = try OperandSet(right.items ?? [])
          for item in left.items ?? [] where try set.contains(item) { return .bool(true) }
          return .bool(false)
        }),
    ])

  private static let list = ExpressionType.list(.parameter("T"))

  private static func isCovered(_ items: Operand, by others: Operand) throws(EvaluationError) -> Bool {
    var set = try OperandSet(others.items ?? [])
    for item in items.items ?? [] where try !set.contains(item) { return false }
    return true
  }
}
