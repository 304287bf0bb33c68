extension FunctionLibrary {
  /// Maps.
  /// https://github.com/google/cel-go/tree/master/ext#maps
  package static let maps = FunctionLibrary(
    name: "maps",
    overloads: [
      .method(
        "merge", [map, map], map, cost: .linear,
        .binary { (left, right) throws(EvaluationError) in try merged(left, right) })
    ])

  private static let map = ExpressionType.map(.parameter("K"), .parameter("V"))

  /// Entries of the second map win.
  private static func merged(_ left: Operand, _ right: Operand) throws(EvaluationError) -> Operand {
    var entries = (left.entries ?? []).filter { right.member($0.key) == nil }
    entries += right.entries ?? []
    guard case .success(let map) = OperandMap.make(entries.map(\.key), entries.map(\.value)) else {
      throw EvaluationError("the maps cannot be merged")
    }
    return .map(map)
  }
}
