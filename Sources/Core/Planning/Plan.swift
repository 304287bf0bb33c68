import Diagnostics
import Resources
import Values

/// What a plan does, in order, and why. Made by `Planner.plan`, which is pure: the engine gives it id and time.
package struct Plan: Sendable {
  package var id: PlanID
  /// RFC 3339, UTC.
  package var createdAt: String
  package var scope: ScopeID
  /// The folder of the pretend cloud that the plan was made against; nil for the real ones.
  package var sandbox: String?
  package var mode: PlanMode
  /// SHA-256 of the manifests' content, hexadecimal.
  package var manifestDigest: String
  /// The commit the manifests were read from; only recorded, since squash merges change it.
  package var commit: String?
  /// Serial of the inventory that was read.
  package var inventorySerial: UInt64
  package var targets: [TargetIdentity]
  /// Sorted by address; no-ops included.
  package var changes: [Change]
  /// In an order that respects `dependencies`.
  package var steps: [Step]
  /// Indexed by `Slot.index`.
  package var slots: [Deferred]
  /// The values of variables that the plan was made with, by name; those of sensitive ones are left out of its file.
  package var variables: Value
  package var coverage: Coverage
  package var diagnostics: [Diagnostic]
  /// nil where there are no policies.
  package var policies: PolicyReport?
  /// nil where nothing has a price, or nobody asked.
  package var cost: CostReport?

  package init(scope: ScopeID, mode: PlanMode) {
    id = PlanID("")
    createdAt = ""
    self.scope = scope
    self.mode = mode
    manifestDigest = ""
    inventorySerial = 0
    targets = []
    changes = []
    steps = []
    slots = []
    variables = .map([])
    coverage = Coverage()
    diagnostics = []
  }

  /// True where applying would do nothing.
  package var isEmpty: Bool { steps.isEmpty }
}

package enum PlanMode: String, Sendable {
  case apply, destroy
}

/// What happens at one address.
package struct Change: Sendable {
  package var address: Address
  package var type: TypeName
  package var target: TargetName
  package var action: Action
  package var reason: ActionReason
  /// The incarnation that exists now, and the one a replacement makes.
  package var incarnation: Incarnation
  package var newIncarnation: Incarnation
  package var remote: RemoteID?
  /// The owned fields as they are; nil for a create.
  package var before: Value?
  /// The owned fields as they will be, with unknowns; nil for a delete.
  package var after: Value?
  /// A new object as the service says it would be, defaults and admission included; only to be shown.
  package var proposed: Value?
  package var fields: [FieldChange]
  package var causes: [Cause]
  package var movedFrom: Address?
  package var lifecycle: Lifecycle
  package var isStateful: Bool
  /// Addresses that this one refers to.
  package var dependencies: [Address]
  /// Exactly what the plan read of this object; apply checks that alone.
  package var expectation: Expectation?
  /// What the plan read of other objects to know this one's values.
  package var reads: [ReadFingerprint]
  /// Addresses that its late fields alone refer to.
  package var lateDependencies: [Address]
  /// Names of the desired late fields: written by `setLate`, never by `create`.
  package var lateFields: [String]
  /// Where nothing is done and the record is not what the manifest has: the owned fields that it is to hold, secrets as
  /// hashes.
  package var recordedAnew: Value?
  package var origin: SourcePosition?

  package init(address: Address, type: TypeName, target: TargetName, action: Action, reason: ActionReason) {
    self.address = address
    self.type = type
    self.target = target
    self.action = action
    self.reason = reason
    incarnation = 1
    newIncarnation = 1
    fields = []
    causes = []
    lifecycle = Lifecycle()
    isStateful = false
    dependencies = []
    lateDependencies = []
    reads = []
    lateFields = []
  }
}

/// Why an action was chosen. The raw values stand in the plan file; Terraform's where the idea is the same.
package enum ActionReason: String, Sendable {
  case none = ""
  case notRecorded = "create_because_not_recorded"
  case gone = "create_because_gone"
  case cannotUpdate = "replace_because_cannot_update"
  case requested = "replace_by_request"
  case noManifest = "delete_because_no_resource_config"
  case destroying = "delete_because_destroy"
  case superseded = "delete_because_superseded"
  case released = "forget_because_released"
  case goneUnwanted = "forget_because_gone"
  case adopted = "adopt_because_asked"
  case found = "adopt_because_marked"
  case moved = "move_because_asked"
  case drifted = "update_because_drift"
  case manifestChanged = "update_because_manifest"
}

/// One reason for a change, nearest first: a manifest's line, an expression, an upstream change, a rule of the
/// provider.
package struct Cause: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case manifest, dropped, drift, upstream, provider, lifecycle, request, blueprint
  }

  package var kind: Kind
  /// The field it explains; root for the whole resource.
  package var path: ValuePath
  /// One sentence.
  package var text: String
  package var origin: SourcePosition?
  /// The change that made this one necessary.
  package var upstream: Address?

  package init(
    _ kind: Kind, _ text: String, path: ValuePath = .root, origin: SourcePosition? = nil, upstream: Address? = nil
  ) {
    self.kind = kind
    self.path = path
    self.text = text
    self.origin = origin
    self.upstream = upstream
  }
}

/// One piece of work for the applier.
package struct Step: Sendable {
  package enum Operation: String, Sendable {
    case create, update, delete, adopt, move, forget
    /// Writes the late fields after create, and clears them before delete.
    case setLate = "set-late"
    case clearLate = "clear-late"
  }

  /// Position in `Plan.steps`.
  package var id: Int
  /// Index into `Plan.changes`.
  package var change: Int
  package var operation: Operation
  /// The object it works on.
  package var incarnation: Incarnation
  /// Ids of steps that must have succeeded.
  package var dependencies: [Int]

  package init(id: Int, change: Int, operation: Operation, incarnation: Incarnation, dependencies: [Int] = []) {
    self.id = id
    self.change = change
    self.operation = operation
    self.incarnation = incarnation
    self.dependencies = dependencies
  }
}

/// The state of one object that a step relies on.
package struct Expectation: Sendable, Equatable {
  package var remote: RemoteID
  /// Owned fields that were compared; sensitive and volatile ones are left out.
  package var paths: [ValuePath]
  /// SHA-256 of the canonical form of those fields, hexadecimal.
  package var digest: String
  package init(remote: RemoteID, paths: [ValuePath], digest: String) {
    self.remote = remote
    self.paths = paths
    self.digest = digest
  }
}

/// One field of another object that a value was made from.
package struct ReadFingerprint: Sendable, Equatable {
  package var address: Address
  package var path: ValuePath
  /// SHA-256 of the canonical form, hexadecimal.
  package var digest: String
  package init(address: Address, path: ValuePath, digest: String) {
    self.address = address
    self.path = path
    self.digest = digest
  }
}

/// What was compared, and what could not be.
package struct Coverage: Sendable, Equatable {
  package var compared: Int = 0
  /// Address or type, and why.
  package var unreadable: [String: String] = [:]
  /// Fields left out by `metadata.ignore`.
  package var ignored: Int = 0
  /// Sensitive fields not compared for want of the key.
  package var notCompared: Int = 0
  /// How many changes Plumb merged by itself where the service was to be asked, by target and reason.
  package var mergedHere: [String: Int] = [:]
  package init() {}
  package var isComplete: Bool { unreadable.isEmpty && notCompared == 0 }
}
