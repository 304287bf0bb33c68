extension Evaluator {
  mutating func calculated(_ left: Operand, _ right: Operand, _ step: Instruction) -> Operand {
    if let early = Self.strict(left, right) { return early }
    let a = left.loaded, b = right.loaded
    let result: Operand? =
      switch (a, b) {
      case (.int(let a), .int(let b)): Self.integers(a, b, step.code).map(Operand.int)
      case (.uint(let a), .uint(let b)): Self.integers(a, b, step.code).map(Operand.uint)
      case (.double(let a), .double(let b)):
        step.code == .remainder ? nil : .double(Self.doubles(a, b, step.code))
      default: step.code == .add ? joined(a, b, step) : Self.moments(a, b, step.code)
      }
    if let result { return result }
    return calculationFailure(a, b, step)
  }

  private static func integers<T: FixedWidthInteger>(_ a: T, _ b: T, _ code: Instruction.Code) -> T? {
    let result: (partialValue: T, overflow: Bool) =
      switch code {
      case .add: a.addingReportingOverflow(b)
      case .subtract: a.subtractingReportingOverflow(b)
      case .multiply: a.multipliedReportingOverflow(by: b)
      case .divide: a.dividedReportingOverflow(by: b)
      default: a.remainderReportingOverflow(dividingBy: b)
      }
    return result.overflow ? nil : result.partialValue
  }

  private static func doubles(_ a: Double, _ b: Double, _ code: Instruction.Code) -> Double {
    switch code {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    default: a / b
    }
  }

  /// `+` of texts, bytes, lists, moments and spans.
  private mutating func joined(_ left: Operand, _ right: Operand, _ step: Instruction) -> Operand? {
    switch (left, right) {
    case (.string(let a), .string(let b)):
      guard a.utf8.count + b.utf8.count <= limits.size else { return tooLarge(step) }
      budget -= (a.utf8.count + b.utf8.count) / 10
      return .string(a + b)
    case (.bytes(let a), .bytes(let b)):
      guard a.count + b.count <= limits.size else { return tooLarge(step) }
      return .bytes(a + b)
    default: break
    }
    if left.isList, right.isList, let a = left.items, let b = right.items {
      guard a.count + b.count <= limits.size else { return tooLarge(step) }
      budget -= (a.count + b.count) / 10
      noteSecrets(left)
      noteSecrets(right)
      return .list(a + b)
    }
    return Self.moments(left, right, step.code)
  }

  private static func moments(_ left: Operand, _ right: Operand, _ code: Instruction.Code) -> Operand? {
    switch (left, right, code) {
    case (.timestamp(let moment), .duration(let span), .add), (.duration(let span), .timestamp(let moment), .add):
      return moment.adding(nanoseconds: span).map(Operand.timestamp)
    case (.timestamp(let moment), .duration(let span), .subtract):
      guard span != .min else { return nil }
      return moment.adding(nanoseconds: -span).map(Operand.timestamp)
    case (.timestamp(let a), .timestamp(let b), .subtract):
      return a.nanoseconds(since: b).map { .duration(nanoseconds: $0) }
    case (.duration(let a), .duration(let b), .add), (.duration(let a), .duration(let b), .subtract):
      return integers(a, b, code).map { .duration(nanoseconds: $0) }
    default: return nil
    }
  }

  private func calculationFailure(_ left: Operand, _ right: Operand, _ step: Instruction) -> Operand {
    let sign = Self.sign(step.code)
    let isZero =
      switch right {
      case .int(0), .uint(0): true
      default: false
      }
    switch (left, right, step.code) {
    case (.int, .int, .divide) where isZero, (.uint, .uint, .divide) where isZero,
      (.int, .int, .remainder) where isZero, (.uint, .uint, .remainder) where isZero:
      return failed(.function, "division by zero", step)
    case (.int, .int, _), (.uint, .uint, _):
      return failed(.function, "the result of `\(sign)` does not fit 64 bits", step)
    case (.timestamp, .duration, .add), (.timestamp, .duration, .subtract), (.duration, .timestamp, .add),
      (.timestamp, .timestamp, .subtract), (.duration, .duration, .add), (.duration, .duration, .subtract):
      return failed(.function, "the result of `\(sign)` is out of range", step)
    default:
      return failed(
        .operandType, "`\(sign)` does not take \(left.phrase) and \(right.phrase)", step,
        hint: left.isNumber && right.isNumber ? "convert one: `double(…)`, `int(…)`" : nil)
    }
  }

  private static func sign(_ code: Instruction.Code) -> String {
    switch code {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    default: "%"
    }
  }

  mutating func negated(_ operand: Operand, _ step: Instruction) -> Operand {
    switch operand.loaded {
    case .int(let value):
      guard value != .min else { return failed(.function, "the result of `-` does not fit 64 bits", step) }
      return .int(-value)
    case .double(let value): return .double(-value)
    case .unknown(let unknown): return .unknown(unknown.derived())
    case .failed: return operand
    default: return failed(.operandType, "`-` does not take \(operand.phrase)", step)
    }
  }
}

extension Operand {
  var isNumber: Bool {
    switch self {
    case .int, .uint, .double: true
    default: false
    }
  }
}
