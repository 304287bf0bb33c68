import Diagnostics
import Expressions
import Planning
import Resources
import Values

/// Plans made by hand, one change of each kind.
enum SamplePlan {
  static func position(_ line: Int) -> SourcePosition {
    SourcePosition(file: "manifests/network.yaml", line: line, column: 3)
  }

  static func change(_ kind: String, _ name: String, _ action: Action, _ reason: ActionReason) -> Change {
    var change = Change(
      address: Address("aws.\(kind)/\(name)"), type: TypeName("aws/\(kind)"), target: TargetName("aws-prod"),
      action: action, reason: reason)
    change.origin = position(1)
    return change
  }

  static var creation: Change {
    var change = change("Subnet", "a", .create, .notRecorded)
    change.after = .map([
      ("vpcId", .unknown(Slot(index: 0))), ("cidrBlock", "10.0.0.0/20"),
      ("password", Value.string("hunter2").markedSensitive),
      ("tags", .map([("Name", "a"), ("note", "line\nwith \u{1B}[31mred\u{1B}[0m and \"quotes\"")])),
    ])
    change.causes = [Cause(.manifest, "it is new in the manifests", origin: position(12))]
    return change
  }

  static var update: Change {
    var change = change("SecurityGroup", "web", .update, .manifestChanged)
    let old: Value = [["port": 80, "cidr": "0.0.0.0/0"], ["port": 443, "cidr": "0.0.0.0/0"]]
    let new: Value = [["port": 443, "cidr": "0.0.0.0/0"], ["port": 8443, "cidr": "10.0.0.0/8"]]
    change.remote = RemoteID("sg-0a1b")
    change.before = .map([("description", "web"), ("ingress", old), ("owner", "ana")])
    change.after = .map([("description", "web servers"), ("ingress", new)])
    change.fields = [
      FieldChange(path: ValuePath([.key("description")]), before: "web", after: "web servers"),
      FieldChange(path: ValuePath([.key("ingress")]), before: old, after: new),
      FieldChange(path: ValuePath([.key("owner")]), before: "ana", after: nil, effect: .remove),
      FieldChange(path: ValuePath([.key("mode")]), before: "strict", after: "open", effect: .reset),
      FieldChange(path: ValuePath([.key("label")]), before: "x", after: nil, effect: .release),
    ]
    change.causes = [Cause(.manifest, "`ingress` is written so in the manifest", origin: position(20))]
    return change
  }

  static var replacement: Change {
    var change = change("Vpc", "main", .replace, .cannotUpdate)
    change.remote = RemoteID("vpc-0a1b")
    change.newIncarnation = 2
    change.before = .map([("cidrBlock", "10.0.0.0/16"), ("enableDnsHostnames", true)])
    change.after = .map([("cidrBlock", "10.1.0.0/16"), ("enableDnsHostnames", true)])
    change.fields = [
      FieldChange(
        path: ValuePath([.key("cidrBlock")]), before: "10.0.0.0/16", after: "10.1.0.0/16",
        forcesReplacement: true)
    ]
    change.causes = [
      Cause(.manifest, "`cidrBlock` is written so in the manifest", origin: position(7)),
      Cause(.provider, "`cidrBlock` cannot be changed in place"),
    ]
    change.lifecycle.protect = true
    change.lifecycle.ignore = [ValuePath([.key("tags"), .key("kubernetes.io/x")])]
    change.expectation = Expectation(
      remote: RemoteID("vpc-0a1b"), paths: [ValuePath([.key("cidrBlock")])], digest: "00ff")
    return change
  }

  static var deletion: Change {
    var change = change("Bucket", "old", .delete, .noManifest)
    change.remote = RemoteID("old-bucket")
    change.before = .map([("bucket", "old-bucket")])
    change.isStateful = true
    change.causes = [Cause(.dropped, "it is no longer in the manifests")]
    change.origin = nil
    return change
  }

  static func plan(_ changes: [Change]) -> Plan {
    var plan = Plan(scope: ScopeID(estate: "est-7f3c9a"), mode: .apply)
    plan.id = PlanID("0123456789abcdef")
    plan.createdAt = "2026-01-31T09:30:00Z"
    plan.manifestDigest = "abcd"
    plan.inventorySerial = 42
    plan.targets = [
      TargetIdentity(
        target: TargetName("aws-prod"), provider: "aws", account: "123456789012", region: "us-west-2")
    ]
    plan.changes = changes.sorted { $0.address < $1.address }
    plan.steps = plan.changes.enumerated().filter { $0.element.action != .noop }.enumerated().map {
      id, change in
      Step(
        id: id, change: change.offset, operation: .update, incarnation: 1,
        dependencies: id > 0 ? [id - 1] : [])
    }
    plan.slots = [
      Deferred(
        template: Template(source: "${aws.Vpc.main.id}"), owner: Address("aws.Subnet/a"),
        path: ValuePath([.key("vpcId")]), origin: position(13))
    ]
    return plan
  }

  /// One of everything.
  static var mixed: Plan {
    var moved = change("RouteTable", "new", .move, .moved)
    moved.movedFrom = Address("aws.RouteTable/old")
    var adopted = change("Role", "ci", .adopt, .adopted)
    adopted.remote = RemoteID("ci")
    adopted.fields = [
      FieldChange(path: ValuePath([.key("tags"), .key("team")]), before: nil, after: "platform")
    ]
    let still = change("InternetGateway", "main", .noop, .none)
    let forgotten = change("Vpc", "lab", .forget, .released)
    var plan = plan([creation, update, replacement, deletion, moved, adopted, still, forgotten])
    plan.coverage.compared = 6
    return plan
  }
}
