import Diagnostics
import Expressions
import Resources
import Values

extension PlanFile {
  /// Reads a plan back; everything that the applier will rely on is checked.
  ///
  /// - Parameter file: the name for messages.
  package static func read(
    _ bytes: [UInt8], file: String, limits: PlanFileLimits = PlanFileLimits()
  ) throws(PlanFileError) -> Plan {
    let fields = try PlanFileFields(try parsed(bytes, file, limits), file: file, place: "")
    try checkVersion(fields)
    var plan = try head(fields)
    plan.changes = try fields.objects("resource_changes") { (fields) throws(PlanFileError) in
      try change(fields)
    }
    plan.steps = try fields.objects("steps") { (fields) throws(PlanFileError) in try step(fields) }
    plan.slots = try fields.objects("slots") { (fields) throws(PlanFileError) in try slot(fields) }
    plan.diagnostics = try fields.objects("diagnostics") { (fields) throws(PlanFileError) in
      try diagnostic(fields)
    }
    plan.coverage = try coverage(try fields.object("coverage"))
    if fields.value["policies"] != nil { plan.policies = try policies(try fields.object("policies")) }
    if fields.value["cost"] != nil { plan.cost = try cost(try fields.object("cost")) }
    try checkSteps(plan, file, limits)
    return plan
  }

  private static func parsed(_ bytes: [UInt8], _ file: String, _ bounds: PlanFileLimits) throws(PlanFileError)
    -> Value
  {
    guard bytes.count <= bounds.bytes else {
      throw PlanFileError(
        diagnostic: .error(.planTooLarge, "`\(file)` has \(bytes.count) bytes, a plan at most \(bounds.bytes)"))
    }
    var limits = JSONLimits()
    limits.bytes = bounds.bytes
    limits.depth = bounds.depth
    do {
      return try JSONReader.parse(bytes, limits: limits)
    } catch {
      throw damaged(file, error.diagnostic.message)
    }
  }

  /// Newer minor versions add fields only; a newer major version may mean something else by the same field.
  private static func checkVersion(_ fields: PlanFileFields) throws(PlanFileError) {
    guard let version = fields.value["format_version"]?.string else {
      throw damaged(fields.file, "it has no `format_version`")
    }
    guard let major = version.split(separator: ".").first.flatMap({ Int($0) }), major >= 1 else {
      throw damaged(fields.file, "`format_version` is `\(version)`")
    }
    guard major <= majorVersion else {
      throw PlanFileError(
        diagnostic: .error(
          .planNewer, "`\(fields.file)` has plan format \(version); this version reads \(formatVersion)",
          hint: "use the version of plumb that made the plan, or make the plan again"))
    }
  }

  private static func head(_ fields: PlanFileFields) throws(PlanFileError) -> Plan {
    let scope = ScopeID(
      estate: try fields.text("estate"), environment: try fields.optionalText("environment"))
    var plan = Plan(scope: scope, mode: try fields.choice("mode", PlanMode.self))
    plan.sandbox = try fields.optionalText("sandbox")
    plan.id = PlanID(try fields.text("id"))
    plan.createdAt = try fields.text("created_at")
    plan.manifestDigest = try fields.text("manifest_digest")
    plan.commit = try fields.optionalText("commit")
    plan.inventorySerial = UInt64(try fields.number("inventory_serial"))
    if let variables = fields.value["variables"] {
      guard variables.kind == .map else { throw fields.problem("is no object", "variables") }
      plan.variables = variables
    }
    plan.targets = try fields.objects("targets") { (fields) throws(PlanFileError) in
      TargetIdentity(
        target: TargetName(try fields.text("name")), provider: try fields.text("provider"),
        account: try fields.text("account"), region: try fields.text("region"),
        endpoint: try fields.text("endpoint"))
    }
    return plan
  }

  private static func step(_ fields: PlanFileFields) throws(PlanFileError) -> Step {
    let dependencies = try fields.list("dependencies") { (value, place) throws(PlanFileError) in
      guard let id = value.int else { throw damaged(fields.file, "`\(place)` is no step") }
      return Int(id)
    }
    return Step(
      id: try fields.number("id"), change: try fields.number("change"),
      operation: try fields.choice("operation", Step.Operation.self),
      incarnation: Incarnation(try fields.number("incarnation", in: 1...Int(Incarnation.max))),
      dependencies: dependencies)
  }

  private static func slot(_ fields: PlanFileFields) throws(PlanFileError) -> Deferred {
    Deferred(
      template: Template(source: try fields.text("template"), in: Deferred.stored),
      owner: Address(try fields.text("owner")),
      path: try fields.path("path"), origin: try fields.position("origin"), secret: try secret(fields))
  }

  private static func secret(_ fields: PlanFileFields) throws(PlanFileError) -> SecretReference? {
    guard let written = fields.value["secret"] else { return nil }
    guard let reference = SecretReference(written) else { throw fields.problem("names no place", "secret") }
    return reference
  }

  private static func coverage(_ fields: PlanFileFields) throws(PlanFileError) -> Coverage {
    var coverage = Coverage()
    coverage.compared = try fields.number("compared")
    coverage.ignored = try fields.number("ignored")
    coverage.notCompared = try fields.number("not_compared")
    let unreadable = try fields.object("unreadable")
    for key in unreadable.value.keys { coverage.unreadable[key] = try unreadable.text(key) }
    return coverage
  }

  private static func diagnostic(_ fields: PlanFileFields) throws(PlanFileError) -> Diagnostic {
    let notes = try fields.objects("notes") { (fields) throws(PlanFileError) in
      DiagnosticNote(try fields.text("message"), at: try fields.position("origin"))
    }
    var diagnostic = Diagnostic(
      try fields.choice("severity", Severity.self), DiagnosticCode(try fields.number("code")),
      try fields.text("message"),
      at: try fields.position("origin"), length: try fields.number("length"), notes: notes,
      hints: try fields.texts("hints"))
    if fields.value["secret"] != nil { diagnostic.isSecret = try fields.flag("secret") }
    return diagnostic
  }

  // MARK: What the applier relies on

  private static func checkSteps(_ plan: Plan, _ file: String, _ limits: PlanFileLimits) throws(PlanFileError) {
    guard plan.changes.count <= limits.changes, plan.steps.count <= limits.steps else {
      throw PlanFileError(
        diagnostic: .error(
          .planTooLarge, "`\(file)` has \(plan.changes.count) changes and \(plan.steps.count) steps"))
    }
    for (position, step) in plan.steps.enumerated() {
      let isOrdered = step.dependencies.allSatisfy { (0..<position).contains($0) }
      guard step.id == position, step.change < plan.changes.count, isOrdered else {
        throw damaged(file, "step \(position) does not fit the others")
      }
    }
    for (left, right) in zip(plan.changes, plan.changes.dropFirst()) where left.address > right.address {
      throw damaged(file, "`\(right.address)` is out of order")
    }
    for change in plan.changes {
      for value in [change.after].compactMap({ $0 }) + change.fields.compactMap(\.after) {
        guard slotsExist(value, plan.slots.count) else {
          throw damaged(file, "`\(change.address)` names a slot that is not there")
        }
      }
    }
  }

  private static func slotsExist(_ value: Value, _ count: Int) -> Bool {
    if let slot = value.unknown { return Int(slot.index) < count }
    return value.elements.allSatisfy { slotsExist($0, count) }
      && value.entries.allSatisfy { slotsExist($0.value, count) }
  }
}
