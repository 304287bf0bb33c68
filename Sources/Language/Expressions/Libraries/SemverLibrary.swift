extension FunctionLibrary {
  /// Semantic versions.
  /// https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-semver-library
  package static let semver = FunctionLibrary(
    name: "semver", overloads: readings + parts + comparisons, types: [Semver.celName: kind])

  private static let kind = ExpressionType.opaque(Semver.celName)

  private static let readings: [Overload] = [
    .function(
      "semver", [.string], kind, .unary { (text) throws(EvaluationError) in try made(Semver(text.text ?? ""), text) }),
    .function(
      "semver", [.string, .bool], kind,
      .binary { (text, isLoose) throws(EvaluationError) in try made(read(text, isLoose), text) }),
    .function("isSemver", [.string], .bool, .unary { .bool(Semver($0.text ?? "") != nil) }),
    .function("isSemver", [.string, .bool], .bool, .binary { .bool(read($0, $1) != nil) }),
    .function("string", [kind], .string, .unary { .string($0.opaqueText) }),
  ]

  private static let parts: [Overload] = [
    .method("major", [kind], .int, .unary { (value) throws(EvaluationError) in try number(of(value)?.major) }),
    .method("minor", [kind], .int, .unary { (value) throws(EvaluationError) in try number(of(value)?.minor) }),
    .method("patch", [kind], .int, .unary { (value) throws(EvaluationError) in try number(of(value)?.patch) }),
  ]

  private static let comparisons: [Overload] = [
    .method("isLessThan", [kind, kind], .bool, .binary { .bool(compare($0, $1) < 0) }),
    .method("isGreaterThan", [kind, kind], .bool, .binary { .bool(compare($0, $1) > 0) }),
    .method("compareTo", [kind, kind], .int, .binary { .int(compare($0, $1)) }),
  ]

  private static func of(_ value: Operand) -> Semver? { value.opaque() }

  private static func read(_ text: Operand, _ isLoose: Operand) -> Semver? {
    if case .bool(true) = isLoose { return Semver(normalizing: text.text ?? "") }
    return Semver(text.text ?? "")
  }

  private static func made(_ version: Semver?, _ text: Operand) throws(EvaluationError) -> Operand {
    guard let version else {
      throw EvaluationError(
        "`\(text.text ?? "")` is no semantic version",
        hint: "write `1.2.3`; `semver(text, true)` also reads `v1.2`")
    }
    return .opaque(version)
  }

  private static func number(_ part: UInt64?) throws(EvaluationError) -> Operand {
    guard let part, let number = Int64(exactly: part) else {
      throw EvaluationError("the part of the version does not fit an `int`")
    }
    return .int(number)
  }

  private static func compare(_ left: Operand, _ right: Operand) -> Int64 {
    guard let left = of(left), let right = of(right) else { return 0 }
    return left < right ? -1 : left == right ? 0 : 1
  }
}

extension Semver: OpaqueValue {
  package static let celName = "kubernetes.Semver"
  package var typeName: String { Self.celName }
}
