import Diagnostics
import Expressions
import Schemas
import Values

/// What a manifest says of one resource. `fields` may hold unknowns whose slots stand in the estate's table.
package struct Desired: Sendable {
  package var address: Address
  package var type: TypeName
  package var target: TargetName
  /// The fields as written, templates replaced by values or unknowns.
  package var fields: Value
  package var lifecycle: Lifecycle
  /// The manifest document, for causes and diagnostics.
  package var origin: SourcePosition?
  /// For what a manifest of a blueprint's kind stands for.
  package var blueprint: BlueprintOrigin?

  package init(
    address: Address, type: TypeName, target: TargetName, fields: Value, lifecycle: Lifecycle = Lifecycle(),
    origin: SourcePosition? = nil, blueprint: BlueprintOrigin? = nil
  ) {
    self.blueprint = blueprint
    self.address = address
    self.type = type
    self.target = target
    self.fields = fields
    self.lifecycle = lifecycle
    self.origin = origin
  }
}

/// Where a blueprint says what a resource is, so that a plan can name the line.
package struct BlueprintOrigin: Sendable {
  /// The fields as the blueprint writes them, expressions and positions included.
  package var template: Value
  /// The entry of the blueprint.
  package var entry: SourcePosition?

  package init(template: Value, entry: SourcePosition?) {
    self.template = template
    self.entry = entry
  }
}

/// Where a manifest of a blueprint's kind and the kind itself are written.
package struct ExpandedManifest: Sendable {
  package var manifest: SourcePosition?
  package var blueprint: SourcePosition?

  package init(manifest: SourcePosition?, blueprint: SourcePosition?) {
    self.manifest = manifest
    self.blueprint = blueprint
  }
}

/// Settings under `metadata` that change how a resource is treated, not what it is.
package struct Lifecycle: Hashable, Sendable {
  package enum ManagementPolicy: String, Sendable, CaseIterable {
    case full = "Full"
    case noDelete = "NoDelete"
    case observe = "Observe"
  }

  /// Never deleted or replaced, even after the block is gone from the manifest.
  package var protect = false
  package var managementPolicy = ManagementPolicy.full
  /// nil lets the type decide.
  package var createBeforeDestroy: Bool?
  package var dependsOn: [Address] = []
  /// Fields whose changes are not ours to mend.
  package var ignore: [ValuePath] = []
  package var movedFrom: Address?
  package var adopt: Adoption?

  package init() {}
}

/// An existing object to take over.
package enum Adoption: Hashable, Sendable {
  case id(RemoteID)
  case naturalKey
}

/// A value that depends on what is not known while planning: an unknown's slot points here.
package struct Deferred: Sendable {
  /// The text as authored, `${aws.Vpc.main.id}`, stored in the plan so that it can be applied without manifests.
  package var template: Template
  /// The address whose field holds it.
  package var owner: Address
  package var path: ValuePath
  package var origin: SourcePosition?
  /// The place of a secret that is read in the template's stead.
  package var secret: SecretReference?

  package init(
    template: Template, owner: Address, path: ValuePath, origin: SourcePosition?, secret: SecretReference? = nil
  ) {
    self.template = template
    self.owner = owner
    self.path = path
    self.origin = origin
    self.secret = secret
  }

  /// Evaluates with the estate's variables and what is known of other manifests. The place of a secret stays unknown.
  package func evaluate(_ names: EstateNames, _ resolve: (Reference) -> Value?) -> TemplateResult {
    // A plan's file does not hold the texts of secrets.
    if secret != nil || template.source.isEmpty { return .unknown(awaiting: []) }
    return withoutActuallyEscaping(resolve) { resolve in template.evaluate(names.activation(resolve)) }
  }

  /// What stands in a plan file, and what is left of a text once all that is known is filled in. Both were checked as
  /// they were written; in their present form, values of any type have become literals of one.
  package static let stored: ExpressionEnvironment = {
    var environment = Template.environment
    environment.checking = .none
    return environment
  }()
}

/// The whole desired state of one scope.
package struct DesiredEstate: Sendable {
  package var scope: ScopeID
  /// Their number, order and addresses stay as they were made.
  package var resources: [Desired]
  /// Positions in `resources`, sorted by address; of equal addresses in their order.
  package let byAddress: [Int32]
  /// Indexed by `Slot.index`.
  package let slots: [Deferred]
  /// For each slot who holds it and what it reads.
  package let links: SlotLinks
  /// Addresses or prefixes to forget without deleting.
  package var released: [Address]
  package var targets: [Target]
  /// SHA-256 of the manifests' content, hexadecimal.
  package var digest: String
  /// The manifests of blueprints' kinds, which stand for resources.
  package var expanded: [Address: ExpandedManifest] = [:]
  /// What must hold before what manifests stand for is usable.
  package var readiness: [ReadinessRule] = []
  /// The values of the estate's variables by name, a map; sensitive ones are marked.
  package var variables: Value
  /// What expressions may name.
  package var names: EstateNames { EstateNames(variables: variables, environment: scope.environment) }
  /// Values of unknowns that are secret, by their slot, as far as they are known: only to be compared, never kept.
  package var secrets: [Slot: Value]

  /// - Parameter links: those of all slots, where they are known; else they are found.
  package init(
    scope: ScopeID, resources: [Desired] = [], slots: [Deferred] = [], links: SlotLinks? = nil,
    released: [Address] = [], targets: [Target] = [], digest: String = "", variables: Value = .map([]),
    secrets: [Slot: Value] = [:]
  ) {
    self.scope = scope
    self.resources = resources
    byAddress = Self.sorted(resources)
    self.slots = slots
    self.links = links ?? SlotLinks(resources, slots)
    precondition(self.links.count == slots.count, "every slot has its links")
    self.released = released
    self.targets = targets
    self.digest = digest
    self.variables = variables
    self.secrets = secrets
  }

  private static func sorted(_ resources: [Desired]) -> [Int32] {
    // Texts beside their positions: the resources themselves lie far apart.
    var keys = resources.enumerated().map { (text: $1.address.text, position: Int32($0)) }
    keys.sort { $0.text == $1.text ? $0.position < $1.position : $0.text < $1.text }
    return keys.map(\.position)
  }
}

/// Where resources go: an account and region, a project and region, or a cluster, with credentials.
package struct Target: Sendable {
  package var name: TargetName
  /// `aws`, `gcp`, `kubernetes`.
  package var provider: String
  /// The provider's own settings as written: account, region, credentials, endpoints, limits.
  package var settings: Value
  package var origin: SourcePosition?

  package init(name: TargetName, provider: String, settings: Value, origin: SourcePosition? = nil) {
    self.name = name
    self.provider = provider
    self.settings = settings
    self.origin = origin
  }
}

/// What a target points at. It is kept with every record, and a difference is an error, never a re-creation.
package struct TargetIdentity: Hashable, Sendable {
  package var target: TargetName
  package var provider: String
  /// Account, project or cluster.
  package var account: String
  package var region: String
  /// The endpoint where it is not the provider's own; `sandbox` in the sandbox.
  package var endpoint: String

  package init(target: TargetName, provider: String, account: String, region: String, endpoint: String = "") {
    self.target = target
    self.provider = provider
    self.account = account
    self.region = region
    self.endpoint = endpoint
  }

  /// True where both point at the same account, region and endpoint, whatever the targets are called.
  package func isSamePlace(as other: TargetIdentity) -> Bool {
    provider == other.provider && account == other.account && region == other.region && endpoint == other.endpoint
  }

  /// `aws 123456789012/us-west-2`, with the endpoint where it is not the provider's own.
  package var place: String {
    "\(provider) \(account)" + (region.isEmpty ? "" : "/\(region)") + (endpoint.isEmpty ? "" : " at \(endpoint)")
  }
}
