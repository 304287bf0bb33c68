import Values

extension FunctionLibrary {
  /// What every expression has: operators, sizes, conversions, texts, time, optionals.
  /// https://github.com/google/cel-spec/blob/master/doc/langdef.md#standard-definitions
  package static let standard = FunctionLibrary(
    name: "standard",
    overloads: operators + conversions + sizes + texts + moments + optionals)

  private static let a = ExpressionType.parameter("A")
  private static let b = ExpressionType.parameter("B")

  // MARK: Operators

  /// The evaluator treats them itself.
  private static let operators: [Overload] =
    arithmetic + ["==", "!="].map { binary($0, a, a, .bool) }
    + ["<", "<=", ">", ">="].flatMap { sign in
      [.bool, .string, .bytes, .timestamp, .duration].map { binary(sign, $0, $0, .bool) }
        + ordered.flatMap { left in ordered.map { binary(sign, left, $0, .bool) } }
    }
    + [
      .function("!_", [.bool], .bool, .intrinsic), .function("-_", [.int], .int, .intrinsic),
      .function("-_", [.double], .double, .intrinsic),
      .function("@in", [a, .list(a)], .bool, .intrinsic), .function("@in", [a, .map(a, b)], .bool, .intrinsic),
    ]

  /// Numbers of any two kinds have an order between them.
  private static let ordered: [ExpressionType] = [.int, .uint, .double]

  private static let arithmetic: [Overload] =
    ["+", "-", "*", "/", "%"].flatMap { sign in [.int, .uint].map { binary(sign, $0, $0, $0) } }
    + ["+", "-", "*", "/"].map { binary($0, .double, .double, .double) }
    + [.string, .bytes, .list(a)].map { binary("+", $0, $0, $0) }
    + [
      binary("+", .timestamp, .duration, .timestamp), binary("+", .duration, .timestamp, .timestamp),
      binary("+", .duration, .duration, .duration), binary("-", .timestamp, .duration, .timestamp),
      binary("-", .timestamp, .timestamp, .duration), binary("-", .duration, .duration, .duration),
    ]

  private static func binary(
    _ sign: String, _ left: ExpressionType, _ right: ExpressionType, _ result: ExpressionType
  ) -> Overload {
    .function("_\(sign)_", [left, right], result, .intrinsic)
  }

  // MARK: Sizes and types

  private static let sizes: [Overload] = [ExpressionType.string, .bytes, .list(a), .map(a, b)].flatMap { type in
    [
      Overload.function("size", [type], .int, .unary(count)), .method("size", [type], .int, .unary(count)),
    ]
  }

  private static let count: @Sendable (Operand) throws(EvaluationError) -> Operand = { operand in
    .int(Int64(operand.count ?? 0))
  }

  // MARK: Texts

  private static let texts: [Overload] = [
    .method(
      "startsWith", [.string, .string], .bool,
      .binary { text, prefix in
        .bool(Text.starts(text.text ?? "", with: prefix.text ?? ""))
      }),
    .method(
      "endsWith", [.string, .string], .bool,
      .binary { text, suffix in
        .bool(Text.ends(text.text ?? "", with: suffix.text ?? ""))
      }),
    .method(
      "contains", [.string, .string], .bool, cost: .product,
      .binary { text, part in
        .bool(Text.offset(of: part.text ?? "", in: text.text ?? "") != nil)
      }),
    Overload.method("matches", [.string, .string], .bool, cost: .product, .binary(matches)).takingPattern(at: 1),
    Overload.function("matches", [.string, .string], .bool, cost: .product, .binary(matches)).takingPattern(at: 1),
  ]

  private static let matches: @Sendable (Operand, Operand) throws(EvaluationError) -> Operand = {
    text, pattern throws(EvaluationError) in
    .bool(try RegularExpression.compiled(pattern).matches(text.text ?? ""))
  }

  // MARK: Optionals

  private static let optionals: [Overload] = [
    .function("optional.of", [a], .optional(a), .unary { .optional($0) }),
    .function("optional.none", [], .optional(a), .many { _ in .optional(nil) }),
    .function("optional.ofNonZeroValue", [a], .optional(a), .unary { .optional($0.isZero ? nil : $0) }),
    .function("optional.unwrap", [.list(.optional(a))], .list(a), .unary(unwrap)),
    .method("unwrapOpt", [.list(.optional(a))], .list(a), .unary(unwrap)),
    .method("hasValue", [.optional(a)], .bool, .unary { .bool($0.isPresent) }),
    .method(
      "value", [.optional(a)], a,
      .unary { operand throws(EvaluationError) in
        guard case .optional(let inner?) = operand else {
          throw EvaluationError("the optional is empty", hint: "`.orValue(…)` says what to take instead")
        }
        return inner
      }),
    .method("or", [.optional(a), .optional(a)], .optional(a), .binary { $0.isPresent ? $0 : $1 }),
    .method(
      "orValue", [.optional(a), a], a,
      .binary { operand, other in
        if case .optional(let inner?) = operand { inner } else { other }
      }),
  ]

  private static let unwrap: @Sendable (Operand) throws(EvaluationError) -> Operand = { list in
    .list(
      (list.items ?? []).compactMap { item in
        if case .optional(let inner) = item { inner } else { item }
      })
  }
}

extension Operand {
  fileprivate var isPresent: Bool {
    if case .optional(.some) = self { true } else { false }
  }

  /// The zero of its type: `0`, `""`, `[]`, `null`.
  var isZero: Bool {
    switch loaded {
    case .null: true
    case .bool(let value): !value
    case .int(let value): value == 0
    case .uint(let value): value == 0
    case .double(let value): value == 0
    case .string(let text): text.isEmpty
    case .bytes(let bytes): bytes.isEmpty
    case .list(let items): items.isEmpty
    case .map(let map): map.count == 0
    case .duration(let nanoseconds): nanoseconds == 0
    case .timestamp(let moment): moment.seconds == 0 && moment.nanoseconds == 0
    case .optional(let inner): inner == nil
    case .value(let value): value.count == 0
    case .type, .opaque, .unknown, .failed: false
    }
  }
}
