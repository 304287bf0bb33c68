import Diagnostics
import Resources
import Values

extension PlanFile {
  static func change(_ fields: PlanFileFields) throws(PlanFileError) -> Change {
    var change = Change(
      address: Address(try fields.text("address")), type: TypeName(try fields.text("type")),
      target: TargetName(try fields.text("target")), action: try fields.choice("action", Action.self),
      reason: try fields.choice("action_reason", ActionReason.self))
    change.movedFrom = try fields.optionalText("previous_address").map { Address($0) }
    change.remote = try fields.optionalText("remote_id").map { RemoteID($0) }
    change.incarnation = try incarnation(fields, "incarnation")
    change.newIncarnation = try incarnation(fields, "new_incarnation")
    change.isStateful = try fields.flag("stateful")
    let sides = try fields.object("change")
    change.before = known(sides.restored("before"))
    change.after = known(sides.restored("after"))
    change.proposed = known(sides.restored("after_proposed"))
    change.fields = try fields.objects("fields") { (fields) throws(PlanFileError) in try field(fields) }
    change.causes = try fields.objects("causes") { (fields) throws(PlanFileError) in try cause(fields) }
    change.lifecycle = try lifecycle(try fields.object("lifecycle"))
    change.dependencies = try fields.texts("dependencies").map { Address($0) }
    change.lateDependencies = try fields.texts("late_dependencies").map { Address($0) }
    change.lateFields = try fields.texts("late_fields")
    change.expectation = try expectation(fields)
    change.reads = try fields.objects("reads") { (fields) throws(PlanFileError) in
      ReadFingerprint(
        address: Address(try fields.text("address")), path: try fields.path("path"),
        digest: try fields.text("digest"))
    }
    if fields.value["record"] != nil { change.recordedAnew = try fields.object("record").value }
    change.origin = try fields.position("origin")
    return change
  }

  /// A side that does not exist is written as null, as Terraform does; no resource is null itself.
  private static func known(_ value: Value?) -> Value? { value?.isNull == true ? nil : value }

  private static func incarnation(_ fields: PlanFileFields, _ key: String) throws(PlanFileError)
    -> Incarnation
  {
    Incarnation(try fields.number(key, in: 1...Int(Incarnation.max)))
  }

  private static func field(_ fields: PlanFileFields) throws(PlanFileError) -> FieldChange {
    FieldChange(
      path: try fields.path("path"), before: fields.restored("before"), after: fields.restored("after"),
      effect: try fields.choice("effect", FieldChange.Effect.self),
      forcesReplacement: try fields.flag("forces_replacement"))
  }

  private static func cause(_ fields: PlanFileFields) throws(PlanFileError) -> Cause {
    Cause(
      try fields.choice("kind", Cause.Kind.self), try fields.text("text"), path: try fields.path("path"),
      origin: try fields.position("origin"), upstream: try fields.optionalText("upstream").map { Address($0) }
    )
  }

  private static func lifecycle(_ fields: PlanFileFields) throws(PlanFileError) -> Lifecycle {
    var lifecycle = Lifecycle()
    lifecycle.protect = try fields.flag("protect")
    lifecycle.managementPolicy = try fields.choice("management_policy", Lifecycle.ManagementPolicy.self)
    if fields.value["create_before_destroy"] != nil {
      lifecycle.createBeforeDestroy = try fields.flag("create_before_destroy")
    }
    lifecycle.dependsOn = try fields.texts("depends_on").map { Address($0) }
    lifecycle.ignore = try fields.paths("ignore")
    lifecycle.movedFrom = try fields.optionalText("moved_from").map { Address($0) }
    if fields.value["adopt"] != nil {
      let adopt = try fields.object("adopt")
      lifecycle.adopt = try adopt.optionalText("id").map { .id(RemoteID($0)) } ?? .naturalKey
    }
    return lifecycle
  }

  private static func expectation(_ fields: PlanFileFields) throws(PlanFileError) -> Expectation? {
    guard fields.value["expectation"] != nil else { return nil }
    let expectation = try fields.object("expectation")
    return Expectation(
      remote: RemoteID(try expectation.text("remote_id")), paths: try expectation.paths("paths"),
      digest: try expectation.text("digest"))
  }
}
