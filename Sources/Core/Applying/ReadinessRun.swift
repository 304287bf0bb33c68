import Diagnostics
import Expressions
import Platform
import ProviderKit
import Resources
import Values

/// Looks at objects again and again until the rules of readiness hold, or their time is up.
package struct ReadinessRun: Sendable {
  private let rules: [ReadinessRule]
  private let records: [Address: Recorded]
  private let names: EstateNames
  private let environment: ApplyEnvironment
  private let limit: Duration?

  /// - Parameters:
  ///   - records: as they are after the apply.
  ///   - environment: its targets hold those of all records that the rules read.
  ///   - limit: the longest wait; zero for one look, nil for what each rule allows.
  package init(
    _ rules: [ReadinessRule], _ records: [Recorded], _ names: EstateNames, _ environment: ApplyEnvironment,
    limit: Duration?
  ) {
    self.rules = rules
    self.records = Dictionary(
      records.filter { !$0.isSuperseded }.map { ($0.address, $0) }, uniquingKeysWith: { _, last in last })
    self.names = names
    self.environment = environment
    self.limit = limit
  }

  /// The targets of what rules read.
  package static func targets(_ rules: [ReadinessRule], _ records: [Recorded]) -> Set<TargetName> {
    let read = Set(rules.flatMap { $0.condition.references + $0.message.references }.map { Address($0.subject) })
    return Set(records.filter { read.contains($0.address) }.map(\.target.target))
  }

  /// Ends early, with everything that does not hold, when it is interrupted.
  package func run(_ control: ApplyControl) async -> [ReadinessFinding] {
    let task = Task { await self.run() }
    control.listen { task.cancel() }
    defer { control.stopListening() }
    return await task.value
  }

  private func run() async -> [ReadinessFinding] {
    let start = environment.time.elapsed
    var wait = ReadinessWait(rules, limit: limit, settings: environment.settings)
    while true {
      let verdicts = await look(wait.rules)
      if Task.isCancelled { break }
      var events: [ApplyEvent] = []
      let pause = wait.take(verdicts, at: environment.time.elapsed - start, into: &events)
      events.forEach(environment.events)
      guard let pause else { return wait.findings }
      do throws(CancellationError) { try await environment.time.sleep(for: pause) } catch { break }
    }
    wait.stop(at: environment.time.elapsed - start)
    return wait.findings
  }

  private func look(_ rules: [ReadinessRule]) async -> [ReadinessWait.Verdict] {
    let references = rules.flatMap { $0.condition.references + $0.message.references }
    let wanted = Set(references.compactMap { records[Address($0.subject)]?.objectKey })
    do throws(ApplyError) {
      let objects = try await environment.read(wanted)
      return rules.map { verdict($0, objects) }
    } catch {
      return rules.map { _ in Self.verdict(of: error) }
    }
  }

  private static func verdict(of error: ApplyError) -> ReadinessWait.Verdict {
    guard case .provider(let target, let problem) = error else {
      return .never("its objects cannot be read")
    }
    let message = "its objects on `\(target)` cannot be read: \(problem.message)"
    return problem.isRetryable ? .notYet(message) : .never(message)
  }

  private func verdict(_ rule: ReadinessRule, _ objects: [ObjectKey: Observed]) -> ReadinessWait.Verdict {
    let activation = names.activation { value(of: $0, objects) }
    switch rule.condition.evaluate(activation) {
    case .value(let value) where value.bool == true: return .holds
    case .value(let value) where value.bool == false: return .notYet(text(of: rule.message, activation))
    case .value: return .never("its rule is neither true nor false")
    case .unknown(let awaiting):
      let names = awaiting.map { "`\($0)`" }.joined(separator: ", ")
      return .notYet("\(names) is not known")
    // A field that a service writes later is missing until then.
    case .failed(let problem): return .notYet("\(text(of: rule.message, activation)) (\(problem.message))")
    }
  }

  /// A field that the object does not have is null, as in every expression at apply.
  private func value(of reference: Reference, _ objects: [ObjectKey: Observed]) -> Value? {
    guard let record = records[Address(reference.subject)], let object = objects[record.objectKey] else { return nil }
    if reference.path == ValuePath([.key("id")]) { return .string(object.remote.text) }
    return object.fields[reference.path] ?? .null
  }

  private func text(of message: Template, _ activation: Activation) -> String {
    guard case .value(let value) = message.evaluate(activation), !value.isSensitive else { return message.source }
    return value.spelling
  }
}
