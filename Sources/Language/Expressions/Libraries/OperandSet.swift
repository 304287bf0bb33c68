/// Values to be looked up by `==`: scalars by hash, the rest one by one, within a bound.
struct OperandSet {
  private var keys: Set<MapKey> = []
  private var others: [Operand] = []
  private var comparisons = 0

  /// Comparisons of values that have no hash, in the life of one set.
  static let comparisonLimit = 2_000_000

  init(_ items: [Operand] = []) throws(EvaluationError) {
    for item in items { _ = try insert(item) }
  }

  /// False where an equal value is there already.
  mutating func insert(_ item: Operand) throws(EvaluationError) -> Bool {
    if let key = MapKey(looking: item) { return keys.insert(key).inserted }
    guard try !contains(item) else { return false }
    others.append(item)
    return true
  }

  mutating func contains(_ item: Operand) throws(EvaluationError) -> Bool {
    if let key = MapKey(looking: item) { return keys.contains(key) }
    comparisons += others.count
    guard comparisons <= Self.comparisonLimit else {
      throw EvaluationError("the lists are too long to be compared item by item")
    }
    return others.contains { $0.isSame(as: item) }
  }
}
