import Diagnostics
import Expressions
import Resources
import Values

extension PlanFile {
  /// Writes a plan piece by piece, one change a line, so that no plan is ever one huge text.
  package static func write(_ plan: Plan, version: String, to sink: @escaping ([UInt8]) -> Void) {
    var writer = PlanFileWriter(sink: sink)
    writer.head(plan, version)
    writer.list("resource_changes", plan.changes) { PlanFileChange.append($0, to: &$1) }
    writer.list("steps", plan.steps) { PlanFileWriter.append($0, to: &$1) }
    writer.list("slots", plan.slotsWithoutSecrets) { PlanFileWriter.append($0, to: &$1) }
    writer.list("diagnostics", plan.diagnostics) { PlanFileWriter.append($0, to: &$1) }
    writer.tail(plan)
  }

  /// The whole file, for small plans and tests.
  package static func bytes(_ plan: Plan, version: String) -> [UInt8] {
    var bytes: [UInt8] = []
    write(plan, version: version) { bytes += $0 }
    return bytes
  }
}

/// Writes the file's sections in a fixed order.
struct PlanFileWriter {
  private static let chunk = 65_536
  private let sink: ([UInt8]) -> Void
  private var buffer: [UInt8] = []

  init(sink: @escaping ([UInt8]) -> Void) { self.sink = sink }

  mutating func head(_ plan: Plan, _ version: String) {
    let head = Value.build { builder in
      builder.beginMap()
      builder.entry("format_version", PlanFile.formatVersion)
      builder.entry("plumb_version", version)
      builder.entry("id", plan.id.text)
      builder.entry("created_at", plan.createdAt)
      builder.entry("mode", plan.mode.rawValue)
      builder.entry("estate", plan.scope.estate)
      builder.entry("environment", plan.scope.environment)
      builder.entry("sandbox", plan.sandbox)
      builder.entry("manifest_digest", plan.manifestDigest)
      builder.entry("commit", plan.commit)
      builder.entry("inventory_serial", Int(clamping: plan.inventorySerial))
      builder.entry("applyable", !plan.isEmpty && !plan.diagnostics.hasErrors && !(plan.policies?.isDenied ?? false))
      builder.entry("complete", plan.coverage.isComplete)
      builder.entry("errored", plan.diagnostics.hasErrors)
      builder.key("targets")
      builder.list(plan.targets) { Self.append($0, to: &$1) }
      if plan.variables.count > 0 {
        builder.key("variables")
        builder.append(plan.openVariables)
      }
      builder.endMap()
    }
    buffer.append(UInt8(ascii: "{"))
    for entry in head.entries { line("\n\"\(entry.key)\":", entry.value, ",") }
  }

  mutating func list<Item>(_ name: String, _ items: [Item], _ append: (Item, inout TapeBuilder) -> Void) {
    buffer += Array("\n\"\(name)\":[".utf8)
    for (position, item) in items.enumerated() {
      line("\n", Value.build { append(item, &$0) }, position + 1 < items.count ? "," : "")
    }
    buffer += Array("],".utf8)
  }

  mutating func tail(_ plan: Plan) {
    if let policies = plan.policies { line("\n\"policies\":", Value.build { Self.append(policies, to: &$0) }, ",") }
    if let cost = plan.cost { line("\n\"cost\":", Value.build { Self.append(cost, to: &$0) }, ",") }
    line("\n\"coverage\":", Value.build { Self.append(plan.coverage, to: &$0) }, "\n}\n")
    sink(buffer)
    buffer = []
  }

  private mutating func line(_ before: String, _ value: Value, _ after: String) {
    buffer += Array(before.utf8)
    buffer += JSONWriter(unknowns: .replaced { _ in .null }).bytes(value)
    buffer += Array(after.utf8)
    guard buffer.count >= Self.chunk else { return }
    sink(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}

extension PlanFileWriter {
  static func append(_ target: TargetIdentity, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.entry("name", target.target.text)
    builder.entry("provider", target.provider)
    builder.entry("account", target.account)
    builder.entry("region", target.region)
    builder.entry("endpoint", target.endpoint)
    builder.endMap()
  }

  static func append(_ step: Step, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.entry("id", step.id)
    builder.entry("change", step.change)
    builder.entry("operation", step.operation.rawValue)
    builder.entry("incarnation", Int(step.incarnation))
    builder.key("dependencies")
    builder.list(step.dependencies) { $1.int($0) }
    builder.endMap()
  }

  static func append(_ slot: Deferred, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.entry("template", slot.template.source)
    if let secret = slot.secret {
      builder.key("secret")
      builder.append(secret.value)
    }
    builder.entry("owner", slot.owner.text)
    builder.key("path")
    builder.path(slot.path)
    builder.position("origin", slot.origin)
    builder.endMap()
  }

  static func append(_ coverage: Coverage, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.entry("compared", coverage.compared)
    builder.entry("ignored", coverage.ignored)
    builder.entry("not_compared", coverage.notCompared)
    builder.key("unreadable")
    builder.beginMap()
    for (subject, reason) in coverage.unreadable.sorted(by: { $0.key < $1.key }) {
      builder.entry(subject, reason)
    }
    builder.endMap()
    builder.endMap()
  }

  static func append(_ diagnostic: Diagnostic, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.entry("severity", diagnostic.severity.rawValue)
    builder.entry("code", diagnostic.code.number)
    builder.entry("message", diagnostic.message)
    builder.position("origin", diagnostic.position)
    builder.entry("length", diagnostic.length)
    if diagnostic.isSecret { builder.entry("secret", true) }
    builder.key("notes")
    builder.list(diagnostic.notes) { note, builder in
      builder.beginMap()
      builder.entry("message", note.message)
      builder.position("origin", note.position)
      builder.endMap()
    }
    builder.key("hints")
    builder.list(diagnostic.hints) { $1.string($0) }
    builder.endMap()
  }
}

extension TapeBuilder {
  mutating func entry(_ name: String, _ text: String?) {
    guard let text else { return }
    key(name)
    string(text)
  }

  mutating func entry(_ name: String, _ number: Int) {
    key(name)
    int(number)
  }

  mutating func entry(_ name: String, _ flag: Bool) {
    key(name)
    bool(flag)
  }

  mutating func list<Item>(_ items: [Item], _ append: (Item, inout TapeBuilder) -> Void) {
    beginList()
    for item in items { append(item, &self) }
    endList()
  }

  /// A path as Terraform writes it: a list of keys and indices.
  mutating func path(_ path: ValuePath) {
    list(path.segments) { segment, builder in
      switch segment {
      case .key(let key): builder.string(key)
      case .index(let index): builder.int(index)
      }
    }
  }

  mutating func position(_ name: String, _ position: SourcePosition?) {
    guard let position else { return }
    key(name)
    beginMap()
    entry("file", position.file)
    entry("line", position.line)
    entry("column", position.column)
    endMap()
  }
}
