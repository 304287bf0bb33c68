extension FunctionLibrary {
  /// Numbers.
  /// https://github.com/google/cel-go/tree/master/ext#math
  package static let math = FunctionLibrary(
    name: "math",
    overloads: extremes("math.greatest", isLeast: false) + extremes("math.least", isLeast: true) + rounding + signs
      + bits + shifts)

  private static let kinds: [ExpressionType] = [.int, .uint, .double]

  /// Any number of numbers, or one list of them. Of equal ones the first.
  private static func extremes(_ name: String, isLeast: Bool) -> [Overload] {
    let pick: @Sendable ([Operand]) throws(EvaluationError) -> Operand = { (values) throws(EvaluationError) in
      try Numbers.extreme(values, isLeast: isLeast, name)
    }
    var overloads: [Overload] = []
    for kind in kinds {
      overloads.append(.function(name, [kind, kind], isVariadic: true, kind, cost: .linear, .many(pick)))
      overloads.append(
        .function(
          name, [.list(kind)], kind, cost: .linear,
          .unary { (list) throws(EvaluationError) in try pick(list.items ?? []) }))
      for other in kinds where other != kind {
        overloads.append(.function(name, [kind, other], .dyn, .many(pick)))
      }
      // Three and more of different kinds.
      for other in kinds {
        overloads.append(
          .function(name, [kind, other, .dyn, .dyn], isVariadic: true, .dyn, cost: .linear, .many(pick)))
      }
    }
    return overloads
  }

  private static let rounding: [Overload] =
    [
      ("math.ceil", FloatingPointRoundingRule.up), ("math.floor", .down), ("math.trunc", .towardZero),
      ("math.round", .toNearestOrAwayFromZero),
    ].map { name, rule in
      .function(name, [.double], .double, .unary { .double($0.number.rounded(rule)) })
    } + [
      .function("math.sqrt", [.double], .double, .unary { .double($0.number.squareRoot()) }),
      .function("math.sqrt", [.int], .double, .unary { .double(Double($0.integer).squareRoot()) }),
      .function("math.sqrt", [.uint], .double, .unary { .double(Double($0.word).squareRoot()) }),
      .function("math.isNaN", [.double], .bool, .unary { .bool($0.number.isNaN) }),
      .function("math.isInf", [.double], .bool, .unary { .bool($0.number.isInfinite) }),
      .function("math.isFinite", [.double], .bool, .unary { .bool($0.number.isFinite) }),
    ]

  private static let signs: [Overload] = [
    .function("math.abs", [.uint], .uint, .unary { $0 }),
    .function("math.abs", [.double], .double, .unary { .double($0.number.magnitude) }),
    .function(
      "math.abs", [.int], .int,
      .unary { (value) throws(EvaluationError) in
        guard let magnitude = Int64(exactly: value.integer.magnitude) else {
          throw EvaluationError("`math.abs(\(value.integer))` does not fit an `int`")
        }
        return .int(magnitude)
      }),
    .function("math.sign", [.int], .int, .unary { .int($0.integer.signum()) }),
    .function("math.sign", [.uint], .uint, .unary { .uint($0.word == 0 ? 0 : 1) }),
    .function(
      "math.sign", [.double], .double,
      .unary { value in
        let number = value.number
        return .double(number.isNaN ? number : number > 0 ? 1 : number < 0 ? -1 : 0)
      }),
  ]

  private static let bits: [Overload] = [
    .function("math.bitAnd", [.int, .int], .int, .binary { .int($0.integer & $1.integer) }),
    .function("math.bitAnd", [.uint, .uint], .uint, .binary { .uint($0.word & $1.word) }),
    .function("math.bitOr", [.int, .int], .int, .binary { .int($0.integer | $1.integer) }),
    .function("math.bitOr", [.uint, .uint], .uint, .binary { .uint($0.word | $1.word) }),
    .function("math.bitXor", [.int, .int], .int, .binary { .int($0.integer ^ $1.integer) }),
    .function("math.bitXor", [.uint, .uint], .uint, .binary { .uint($0.word ^ $1.word) }),
    .function("math.bitNot", [.int], .int, .unary { .int(~$0.integer) }),
    .function("math.bitNot", [.uint], .uint, .unary { .uint(~$0.word) }),
  ]

  /// Bits that leave are lost; what comes in is zero, also from the left of a negative number.
  private static let shifts: [Overload] = [true, false].flatMap { isLeft in
    let name = isLeft ? "math.bitShiftLeft" : "math.bitShiftRight"
    let shift: @Sendable (UInt64, Operand) throws(EvaluationError) -> UInt64 = {
      (word, count) throws(EvaluationError) in
      guard count.integer >= 0 else { throw EvaluationError("`\(name)` cannot shift by \(count.integer) places") }
      return isLeft ? word << count.integer : word >> count.integer
    }
    return [
      Overload.function(
        name, [.int, .int], .int,
        .binary { (value, count) throws(EvaluationError) in
          .int(Int64(bitPattern: try shift(UInt64(bitPattern: value.integer), count)))
        }),
      .function(
        name, [.uint, .int], .uint,
        .binary { (value, count) throws(EvaluationError) in .uint(try shift(value.word, count)) }),
    ]
  }
}

extension Operand {
  /// The number of a `uint`; zero for what is none.
  var word: UInt64 {
    if case .uint(let value) = self { value } else { 0 }
  }

  /// The number of a `double`; not a number for what is none.
  var number: Double {
    if case .double(let value) = self { value } else { .nan }
  }
}

private enum Numbers {
  static func extreme(_ values: [Operand], isLeast: Bool, _ name: String) throws(EvaluationError) -> Operand {
    guard var found = values.first else { throw EvaluationError("`\(name)` of an empty list has no value") }
    for value in values {
      switch value {
      case .int, .uint, .double: break
      default: throw EvaluationError("`\(name)` takes numbers, not \(value.phrase)")
      }
      if Ordering.of(found, value) == (isLeast ? .greater : .less) { found = value }
    }
    return found
  }
}
