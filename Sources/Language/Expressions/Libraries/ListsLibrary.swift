extension FunctionLibrary {
  /// Lists: those of the language's extension and those of Kubernetes.
  /// https://github.com/google/cel-go/tree/master/ext#lists
  /// https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-list-library
  package static let lists = FunctionLibrary(
    name: "lists", overloads: shapes + orders + sums + searches)

  private static let list = ExpressionType.list(.parameter("T"))

  /// The longest list that `lists.range` makes.
  static let rangeLimit: Int64 = 100_000

  private static let shapes: [Overload] = [
    .method(
      "slice", [list, .int, .int], list, cost: .linear,
      .many { (arguments) throws(EvaluationError) in
        let items = arguments[0].items ?? [], start = arguments[1].integer, end = arguments[2].integer
        guard start >= 0, start <= end, end <= items.count else {
          throw EvaluationError("a list of \(items.count) cannot be cut from \(start) to \(end)")
        }
        return .list(Array(items[Int(start)..<Int(end)]))
      }),
    .method(
      "flatten", [.list(list)], list, cost: .linear, .unary { (value) throws(EvaluationError) in try flat(value, 1) }),
    .method(
      "flatten", [.list(.dyn)], .list(.dyn), cost: .linear,
      .unary { (value) throws(EvaluationError) in try flat(value, 1) }),
    .method(
      "flatten", [.list(.dyn), .int], .list(.dyn), cost: .linear,
      .binary { (value, depth) throws(EvaluationError) in
        guard depth.integer >= 0 else { throw EvaluationError("a list cannot be flattened \(depth.integer) times") }
        return try flat(value, depth.integer)
      }),
    .method("reverse", [list], list, cost: .linear, .unary { .list(($0.items ?? []).reversed()) }),
    .method(
      "distinct", [list], list, cost: .linear,
      .unary { (value) throws(EvaluationError) in
        var seen = try OperandSet()
        var found: [Operand] = []
        for item in value.items ?? [] where try seen.insert(item) { found.append(item) }
        return .list(found)
      }),
    .method("first", [list], .optional(.parameter("T")), .unary { .optional($0.items?.first) }),
    .method("last", [list], .optional(.parameter("T")), .unary { .optional($0.items?.last) }),
    .function(
      "lists.range", [.int], .list(.int),
      .unary { (count) throws(EvaluationError) in
        guard (0...rangeLimit).contains(count.integer) else {
          throw EvaluationError("`lists.range` makes lists of 0 to \(rangeLimit) numbers, not \(count.integer)")
        }
        return .list((0..<count.integer).map { .int($0) })
      }),
  ]

  private static func flat(_ value: Operand, _ depth: Int64) throws(EvaluationError) -> Operand {
    var found: [Operand] = []
    var open = [(items: value.items ?? [], next: 0)]
    // The list itself is no level.
    while var level = open.popLast() {
      guard level.next < level.items.count else { continue }
      let item = level.items[level.next]
      level.next += 1
      open.append(level)
      if Int64(open.count) <= depth, let items = item.items {
        open.append((items, 0))
      } else {
        found.append(item)
      }
      guard found.count <= ExpressionLimits.resultBytes else {
        throw EvaluationError("the list grows beyond \(ExpressionLimits.resultBytes) items")
      }
    }
    return .list(found)
  }

  /// The types with an order among their values.
  private static let ordered: [ExpressionType] = [
    .int, .uint, .double, .bool, .duration, .timestamp, .string, .bytes,
  ]

  private static let orders: [Overload] = ordered.flatMap { kind in
    [
      Overload.method(
        "isSorted", [.list(kind)], .bool, cost: .linear,
        .unary { (value) throws(EvaluationError) in
          let items = value.items ?? []
          for (left, right) in zip(items, items.dropFirst()) where try order(left, right) == .greater {
            return .bool(false)
          }
          return .bool(true)
        }),
      .method(
        "sort", [.list(kind)], .list(kind), cost: .linear,
        .unary { (value) throws(EvaluationError) in .list(try sorted(value.items ?? [])) }),
      .method(
        "min", [.list(kind)], kind, cost: .linear,
        .unary { (value) throws(EvaluationError) in try extreme(value, "min", .greater) }),
      .method(
        "max", [.list(kind)], kind, cost: .linear,
        .unary { (value) throws(EvaluationError) in try extreme(value, "max", .less) }),
    ]
  }

  private static func order(_ left: Operand, _ right: Operand) throws(EvaluationError) -> Ordering {
    guard let order = Ordering.of(left, right) else {
      throw EvaluationError("\(left.phrase) and \(right.phrase) have no order between them")
    }
    return order
  }

  /// Ascending; equal items keep their order. All must be of one type.
  private static func sorted(_ items: [Operand]) throws(EvaluationError) -> [Operand] {
    guard let first = items.first else { return [] }
    for item in items {
      guard item.typeName == first.typeName else {
        throw EvaluationError("a list of \(first.phrase) and \(item.phrase) cannot be sorted")
      }
      _ = try order(first, item)
    }
    return items.sorted { Ordering.of($0, $1) == .less }
  }

  private static func extreme(
    _ value: Operand, _ name: String, _ worse: Ordering
  ) throws(EvaluationError) -> Operand {
    let items = value.items ?? []
    guard var found = items.first else { throw EvaluationError("`\(name)` of an empty list has no value") }
    for item in items where try order(found, item) == worse { found = item }
    return found
  }

  /// The sum of nothing is the type's zero.
  private static let sums: [Overload] = [
    (ExpressionType.int, Operand.int(0)), (.uint, .uint(0)), (.double, .double(0)),
    (.duration, .duration(nanoseconds: 0)),
  ].map { kind, zero in
    .method(
      "sum", [.list(kind)], kind, cost: .linear,
      .unary { (value) throws(EvaluationError) in
        var sum: Operand?
        for item in value.items ?? [] { sum = try added(sum, item) }
        return sum ?? zero
      })
  }

  private static func added(_ sum: Operand?, _ item: Operand) throws(EvaluationError) -> Operand {
    switch (sum, item) {
    case (nil, .int), (nil, .uint), (nil, .double), (nil, .duration): return item
    case (.int(let a)?, .int(let b)): return .int(try whole(a.addingReportingOverflow(b)))
    case (.uint(let a)?, .uint(let b)): return .uint(try whole(a.addingReportingOverflow(b)))
    case (.double(let a)?, .double(let b)): return .double(a + b)
    case (.duration(let a)?, .duration(let b)):
      return .duration(nanoseconds: try whole(a.addingReportingOverflow(b)))
    default: throw EvaluationError("\(item.phrase) cannot be part of this sum")
    }
  }

  private static func whole<T>(_ result: (partialValue: T, overflow: Bool)) throws(EvaluationError) -> T {
    guard !result.overflow else { throw EvaluationError("the sum does not fit its type") }
    return result.partialValue
  }

  private static let searches: [Overload] = [
    .method(
      "indexOf", [list, .parameter("T")], .int, cost: .linear,
      .binary { value, item in
        .int(Int64((value.items ?? []).firstIndex { $0.isSame(as: item) } ?? -1))
      }),
    .method(
      "lastIndexOf", [list, .parameter("T")], .int, cost: .linear,
      .binary { value, item in
        .int(Int64((value.items ?? []).lastIndex { $0.isSame(as: item) } ?? -1))
      }),
    .method(
      "includes", [.dyn, .dyn], .bool, cost: .linear,
      .binary { value, item in
        .bool(value.items?.contains { $0.isSame(as: item) } ?? value.isSame(as: item))
      }),
  ]
}

extension Operand {
  /// `==` of two values without unknowns.
  func isSame(as other: Operand) -> Bool {
    if case .same = Equality.of(self, other) { true } else { false }
  }
}
