import Resources
import Values

/// One entry of `resource_changes`.
enum PlanFileChange {
  static func append(_ change: Change, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.entry("address", change.address.text)
    builder.entry("previous_address", change.movedFrom?.text)
    builder.entry("type", change.type.text)
    builder.entry("provider_name", change.type.provider)
    builder.entry("target", change.target.text)
    builder.entry("action", change.action.rawValue)
    builder.entry("action_reason", change.reason.rawValue)
    builder.entry("remote_id", change.remote?.text)
    builder.entry("incarnation", Int(change.incarnation))
    builder.entry("new_incarnation", Int(change.newIncarnation))
    builder.entry("stateful", change.isStateful)
    builder.key("change")
    representation(change, to: &builder)
    builder.key("fields")
    builder.list(change.fields) { field($0, to: &$1) }
    builder.key("causes")
    builder.list(change.causes) { cause($0, to: &$1) }
    builder.key("lifecycle")
    lifecycle(change.lifecycle, to: &builder)
    references(change, to: &builder)
    if let record = change.recordedAnew {
      builder.key("record")
      builder.append(record)
    }
    builder.position("origin", change.origin)
    builder.endMap()
  }

  /// Terraform's names: https://developer.hashicorp.com/terraform/internals/json-format#change-representation
  private static func representation(_ change: Change, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.key("actions")
    builder.list(actions(change)) { $1.string($0) }
    side("before", change.before, to: &builder)
    side("after", change.after, to: &builder)
    if let proposed = change.proposed { side("after_proposed", proposed, to: &builder) }
    builder.key("after_unknown")
    if let after = change.after {
      ValueMarks.append(after, .unknown, to: &builder)
    } else {
      builder.bool(false)
    }
    builder.key("replace_paths")
    builder.list(change.fields.filter(\.forcesReplacement)) { $1.path($0.path) }
    if change.action == .adopt {
      builder.key("importing")
      builder.beginMap()
      builder.entry("id", change.remote?.text ?? "")
      builder.endMap()
    }
    builder.endMap()
  }

  private static func actions(_ change: Change) -> [String] {
    switch change.action {
    case .noop, .move: ["no-op"]
    case .adopt: [change.fields.isEmpty ? "no-op" : "update"]
    case .create: ["create"]
    case .update: ["update"]
    case .replace: ["delete", "create"]
    case .createThenDelete: ["create", "delete"]
    case .delete: ["delete"]
    case .forget: ["forget"]
    }
  }

  /// `before`, with `before_sensitive` and, where something is unknown, `before_slots`.
  private static func side(_ name: String, _ value: Value?, to builder: inout TapeBuilder) {
    builder.key(name)
    if let value { builder.append(value) } else { builder.null() }
    marks(name, value, to: &builder)
  }

  private static func marks(_ name: String, _ value: Value?, to builder: inout TapeBuilder) {
    builder.key(name + "_sensitive")
    if let value { ValueMarks.append(value, .sensitive, to: &builder) } else { builder.bool(false) }
    guard let value, ValueMarks.contains(value, .slot) else { return }
    builder.key(name + "_slots")
    ValueMarks.append(value, .slot, to: &builder)
  }

  private static func field(_ field: FieldChange, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.key("path")
    builder.path(field.path)
    for (name, value) in [("before", field.before), ("after", field.after)] {
      guard let value else { continue }
      side(name, value, to: &builder)
    }
    builder.entry("effect", field.effect.rawValue)
    builder.entry("forces_replacement", field.forcesReplacement)
    builder.endMap()
  }

  private static func cause(_ cause: Cause, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.entry("kind", cause.kind.rawValue)
    builder.entry("text", cause.text)
    builder.key("path")
    builder.path(cause.path)
    builder.position("origin", cause.origin)
    builder.entry("upstream", cause.upstream?.text)
    builder.endMap()
  }

  private static func lifecycle(_ lifecycle: Lifecycle, to builder: inout TapeBuilder) {
    builder.beginMap()
    builder.entry("protect", lifecycle.protect)
    builder.entry("management_policy", lifecycle.managementPolicy.rawValue)
    if let first = lifecycle.createBeforeDestroy { builder.entry("create_before_destroy", first) }
    builder.key("depends_on")
    builder.list(lifecycle.dependsOn) { $1.string($0.text) }
    builder.key("ignore")
    builder.list(lifecycle.ignore) { $1.path($0) }
    builder.entry("moved_from", lifecycle.movedFrom?.text)
    switch lifecycle.adopt {
    case nil: break
    case .id(let remote):
      builder.key("adopt")
      builder.beginMap()
      builder.entry("id", remote.text)
      builder.endMap()
    case .naturalKey:
      builder.key("adopt")
      builder.beginMap()
      builder.entry("natural_key", true)
      builder.endMap()
    }
    builder.endMap()
  }

  private static func references(_ change: Change, to builder: inout TapeBuilder) {
    builder.key("dependencies")
    builder.list(change.dependencies) { $1.string($0.text) }
    builder.key("late_dependencies")
    builder.list(change.lateDependencies) { $1.string($0.text) }
    builder.key("late_fields")
    builder.list(change.lateFields) { $1.string($0) }
    if let expectation = change.expectation {
      builder.key("expectation")
      builder.beginMap()
      builder.entry("remote_id", expectation.remote.text)
      builder.key("paths")
      builder.list(expectation.paths) { $1.path($0) }
      builder.entry("digest", expectation.digest)
      builder.endMap()
    }
    builder.key("reads")
    builder.list(change.reads) { read, builder in
      builder.beginMap()
      builder.entry("address", read.address.text)
      builder.key("path")
      builder.path(read.path)
      builder.entry("digest", read.digest)
      builder.endMap()
    }
  }
}
