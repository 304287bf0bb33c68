import Values

extension FunctionLibrary {
  /// Kubernetes quantities.
  /// https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-quantity-library
  package static let quantity = FunctionLibrary(
    name: "quantity", overloads: readings + arithmetic + divisions + comparisons,
    types: [Quantity.celName: kind])

  private static let kind = ExpressionType.opaque(Quantity.celName)

  private static let readings: [Overload] = [
    .function(
      "quantity", [.string], kind,
      .unary { (text) throws(EvaluationError) in
        guard let quantity = Quantity(text.text ?? "") else {
          throw EvaluationError(
            "`\(text.text ?? "")` is no quantity", hint: "write a number with an optional unit, such as `500m` or `8Gi`"
          )
        }
        return .opaque(quantity)
      }),
    .function("isQuantity", [.string], .bool, .unary { .bool(Quantity($0.text ?? "") != nil) }),
    .function("string", [kind], .string, .unary { .string($0.opaqueText) }),
    .method("isInteger", [kind], .bool, .unary { .bool(of($0).integer != nil) }),
    .method(
      "asInteger", [kind], .int,
      .unary { (value) throws(EvaluationError) in
        guard let integer = of(value).integer else {
          throw EvaluationError("`\(of(value))` has a fraction or does not fit an `int`")
        }
        return .int(integer)
      }),
    .method("asApproximateFloat", [kind], .double, .unary { .double(of($0).approximate) }),
    .method("sign", [kind], .int, .unary { .int(of($0).sign) }),
    .function("sign", [kind], .int, .unary { .int(of($0).sign) }),
  ]

  private static let arithmetic: [Overload] = [
    .method("add", [kind, kind], kind, .binary { (a, b) throws(EvaluationError) in try bounded(of(a) + of(b)) }),
    .method(
      "add", [kind, .int], kind,
      .binary { (a, b) throws(EvaluationError) in try bounded(of(a) + Quantity(b.integer)) }),
    .method("sub", [kind, kind], kind, .binary { (a, b) throws(EvaluationError) in try bounded(of(a) + -of(b)) }),
    .method(
      "sub", [kind, .int], kind,
      .binary { (a, b) throws(EvaluationError) in try bounded(of(a) + -Quantity(b.integer)) }),
    .method(
      "mul", [kind, .int], kind, .binary { (a, b) throws(EvaluationError) in try bounded(of(a) * b.integer) }),
  ]

  private static let divisions: [Overload] = [
    .method(
      "div", [kind, .int], kind,
      .binary { (a, b) throws(EvaluationError) in
        .opaque(of(a).divided(by: try divisor(b), places: defaultPlaces))
      }),
    .method(
      "div", [kind, .int, .int], kind,
      .many { (arguments) throws(EvaluationError) in
        let divisor = try divisor(arguments[1]), places = arguments[2].integer
        guard (0...10).contains(places) else {
          throw EvaluationError("a quantity is rounded to 0 to 10 places, not \(places)")
        }
        return .opaque(of(arguments[0]).divided(by: divisor, places: min(9, Int(places))))
      }),
    .method(
      "divInt", [kind, .int], kind,
      .binary { (a, b) throws(EvaluationError) in .opaque(of(a).wholeDivided(by: try divisor(b))) }),
  ]

  /// Digits after the point of a quotient, unless said.
  private static let defaultPlaces = 4

  private static let comparisons: [Overload] = [
    .method("isLessThan", [kind, kind], .bool, .binary { .bool(of($0) < of($1)) }),
    .method("isGreaterThan", [kind, kind], .bool, .binary { .bool(of($0) > of($1)) }),
    .method("compareTo", [kind, kind], .int, .binary { .int(of($0) < of($1) ? -1 : of($0) == of($1) ? 0 : 1) }),
  ]

  private static func of(_ value: Operand) -> Quantity { value.opaque() ?? Quantity(0) }

  private static func divisor(_ value: Operand) throws(EvaluationError) -> Int64 {
    guard value.integer != 0 else { throw EvaluationError("a quantity is divided by zero") }
    return value.integer
  }

  private static func bounded(_ value: Quantity) throws(EvaluationError) -> Operand {
    guard value.isWithinLimits else { throw EvaluationError("the quantity grows beyond all that can be written") }
    return .opaque(value)
  }
}

extension Quantity: OpaqueValue {
  package static let celName = "kubernetes.Quantity"
  package var typeName: String { Self.celName }
}
