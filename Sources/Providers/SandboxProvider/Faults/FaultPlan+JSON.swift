import Diagnostics
import Resources
import Values

/// Why the text of a fault plan was refused.
package struct FaultPlanError: Error, Sendable, Equatable {
  package var message: String
}

extension FaultPlan {
  /// Reads a plan such as
  ///
  ///     {"seed": 7, "latencyMilliseconds": 5, "readinessMilliseconds": 0, "staleListMilliseconds": 2000,
  ///      "crash": {"write": 3, "side": "after"},      (or "stop": the process is stopped, and may go on)
  ///      "rules": [{"fault": "throttle", "operations": ["create"], "types": ["aws/Vpc"], "calls": [3],
  ///                 "probability": 0.2, "limit": 5, "retryAfterMilliseconds": 50}]}
  ///
  /// Unknown keys are refused, so that a misspelt plan is not a quiet one.
  package init(json text: String) throws(FaultPlanError) {
    let value: Value
    do throws(JSONError) { value = try JSONReader.parse(text) } catch {
      throw FaultPlanError(message: error.diagnostic.message)
    }
    try self.init(value)
  }

  init(_ value: Value) throws(FaultPlanError) {
    self.init()
    try Self.allow(
      ["seed", "latencyMilliseconds", "readinessMilliseconds", "staleListMilliseconds", "crash", "stop", "rules"],
      in: value)
    seed = UInt64(clamping: try Self.number(value, "seed") ?? 0)
    latency = try Self.duration(value, "latencyMilliseconds") ?? .zero
    readiness = try Self.duration(value, "readinessMilliseconds") ?? .zero
    staleLists = try Self.duration(value, "staleListMilliseconds") ?? .zero
    if let crash = value["crash"] { self.crash = try CrashPoint(crash) }
    if let stop = value["stop"] {
      guard crash == nil else { throw FaultPlanError(message: "`crash` and `stop` exclude each other") }
      crash = try CrashPoint(stop)
      crash?.isStop = true
    }
    for rule in value["rules"]?.elements ?? Value.null.elements { rules.append(try Rule(rule)) }
  }

  static func allow(_ keys: Set<String>, in value: Value) throws(FaultPlanError) {
    guard value.kind == .map else { throw FaultPlanError(message: "a fault plan is made of JSON objects") }
    if let key = value.keys.first(where: { !keys.contains($0) }) {
      throw FaultPlanError(message: "`\(key)` is no setting of a fault plan")
    }
  }

  static func number(_ value: Value, _ key: String) throws(FaultPlanError) -> Int? {
    guard let found = value[key] else { return nil }
    guard let number = found.int, number >= 0 else {
      throw FaultPlanError(message: "`\(key)` is a whole number from 0")
    }
    return Int(number)
  }

  static func duration(_ value: Value, _ key: String) throws(FaultPlanError) -> Duration? {
    try number(value, key).map { .milliseconds($0) }
  }

  static func choice<Choice: RawRepresentable<String>>(
    _ value: Value?, _ key: String, _: Choice.Type
  ) throws(FaultPlanError) -> Choice {
    guard let choice = value?.string.flatMap(Choice.init(rawValue:)) else {
      throw FaultPlanError(message: "`\(key)` has no such choice: \(value?.spelling ?? "nothing")")
    }
    return choice
  }
}

extension FaultPlan.CrashPoint {
  init(_ value: Value) throws(FaultPlanError) {
    try FaultPlan.allow(["call", "write", "side"], in: value)
    side = try FaultPlan.choice(value["side"], "side", Side.self)
    if let number = try FaultPlan.number(value, "write") {
      (counter, self.number) = (.write, number)
    } else if let number = try FaultPlan.number(value, "call") {
      (counter, self.number) = (.call, number)
    } else {
      throw FaultPlanError(message: "`crash` needs `write` or `call`")
    }
  }
}

extension FaultPlan.Rule {
  init(_ value: Value) throws(FaultPlanError) {
    try FaultPlan.allow(
      ["fault", "operations", "types", "calls", "probability", "limit", "retryAfterMilliseconds"], in: value)
    self.init(try FaultPlan.choice(value["fault"], "fault", FaultPlan.Fault.self))
    for operation in value["operations"]?.elements ?? Value.null.elements {
      operations.insert(try FaultPlan.choice(operation, "operations", Operation.self))
    }
    for type in value["types"]?.elements ?? Value.null.elements { types.insert(TypeName(type.spelling)) }
    for call in value["calls"]?.elements ?? Value.null.elements { calls.insert(Int(call.int ?? 0)) }
    probability = value["probability"]?.double ?? 1
    limit = try FaultPlan.number(value, "limit")
    retryAfter = try FaultPlan.duration(value, "retryAfterMilliseconds")
  }
}
