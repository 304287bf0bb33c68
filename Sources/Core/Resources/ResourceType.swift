import Schemas
import Values

/// A resource type: exactly one kind of remote object, declared by a provider as data.
package struct ResourceType: Sendable {
  package var name: TypeName
  /// One sentence for `explain`.
  package var summary: String
  /// The fields that users write and the service returns.
  package var schema: Schema
  package var identity: Identity
  package var marker: MarkerPlace
  package var recovery: CreateRecovery
  package var scope: TypeScope
  /// Holds data: never deleted or replaced without `--allow-stateful`.
  package var isStateful: Bool
  package var operations: [Operation: OperationFacts]
  /// Which objects the service makes by itself, so that they are nobody's to manage.
  package var madeByService: [ServiceMade]
  /// The service merges what several writers own, and says beforehand what becomes of a write: plans ask its reader
  /// to `propose`. What is written may read back with more in it, at any depth.
  package var isMerged = false
  /// Objects of lower stages are written first and deleted last where nothing else orders them.
  package var stage = 0
  package var lifespan: Lifespan

  package init(
    _ name: TypeName, _ summary: String, schema: Schema, identity: Identity, marker: MarkerPlace,
    recovery: CreateRecovery,
    scope: TypeScope, isStateful: Bool = false, operations: [Operation: OperationFacts] = [:],
    madeByService: [ServiceMade] = [], lifespan: Lifespan = .own
  ) {
    self.name = name
    self.summary = summary
    self.schema = schema
    self.identity = identity
    self.marker = marker
    self.recovery = recovery
    self.scope = scope
    self.isStateful = isStateful
    self.operations = operations
    self.madeByService = madeByService
    self.lifespan = lifespan
  }
}

/// Tells an object that the service made by itself: one whose field has this value, such as a network's default group.
package struct ServiceMade: Sendable {
  private let field: String
  private let fits: @Sendable (Value) -> Bool

  package init(_ field: String, is value: Value) {
    self.field = field
    fits = { $0 == value }
  }

  /// A text that begins so.
  package init(_ field: String, beginsWith prefix: String) {
    self.field = field
    fits = { $0.string?.hasPrefix(prefix) ?? false }
  }

  package func made(_ fields: Value) -> Bool { fields[field].map(fits) ?? false }
}

extension ResourceType {
  /// True where some field is written by a step of its own.
  package var hasLateFields: Bool { schema.hasLateFields }
}

/// How objects of a type are told apart.
package struct Identity: Sendable {
  /// Fields that no two objects may share within `uniqueness`: a bucket's name, a subnet's VPC and CIDR. Empty where
  /// the
  /// service allows any number of equal objects.
  package var naturalKey: [String]
  /// Where the natural key is unique.
  package var uniqueness: TypeScope
  /// How long a fresh object may be missing from lists.
  package var consistencyWindow: Duration
  /// The id the service gives: prefix and length for the sandbox, such as `vpc-` and 17 hexadecimal digits; nil where
  /// the id is a written field.
  package var idPrefix: String?
  /// The written field that is the remote id, such as `bucket`; nil where the service makes it.
  package var idField: String?
  /// The remote id as a path of written fields, `projects/{account}/regions/{region}/subnetworks/{name}`; `{account}`
  /// is the target's. nil where the id is of another form.
  package var idPath: String?

  package init(
    naturalKey: [String] = [], uniqueness: TypeScope = .region, consistencyWindow: Duration = .seconds(30),
    idPrefix: String? = nil, idField: String? = nil, idPath: String? = nil
  ) {
    self.naturalKey = naturalKey
    self.uniqueness = uniqueness
    self.consistencyWindow = consistencyWindow
    self.idPrefix = idPrefix
    self.idField = idField
    self.idPath = idPath
  }
}

/// Whether an object comes and goes with whoever manages it.
package enum Lifespan: String, Sendable {
  /// A create makes it and a delete ends it.
  case own
  /// It is asked for rather than made: a create takes one that stands already, whoever asked first. So nobody holds its
  /// natural key against a create, and `find` answers no question about that.
  case shared
  /// The same, and nothing can delete it: a delete forgets it.
  case permanent
}

/// Where an object carries its marker.
package enum MarkerPlace: String, Sendable {
  case tags, labels, annotation, description, createOnlyDescription, none

  /// True where the marker of an object that exists can be written again, so that it follows a move. Where it is false
  /// the inventory is believed before the marker, and a lost one is written anew by names.
  package var isRewritable: Bool {
    switch self {
    case .tags, .labels, .annotation, .description: true
    case .createOnlyDescription, .none: false
    }
  }
}

/// How a create whose answer was lost is found again. Exactly one is declared by every type.
package enum CreateRecovery: String, Sendable {
  /// The API honours a client token.
  case token
  /// Tags are set in the create call itself.
  case markerOnCreate
  /// The name is unique and written by us.
  case naturalKey
}

/// How far an object or a name reaches.
package enum TypeScope: String, Sendable {
  case global, account, region, zone, project, cluster, namespace
}

package enum Operation: String, Sendable, CaseIterable {
  case list, read, create, update, delete
}

/// What an operation needs and costs.
package struct OperationFacts: Sendable {
  /// Permissions in the provider's own words: `ec2:CreateVpc`.
  package var permissions: [String]
  /// The service quota that limits creates.
  package var quotaCode: String?
  /// How long the operation may take before it is given up.
  package var timeout: Duration
  /// Requests beyond pages that each object costs; declared so that budgets can be computed.
  package var requestsPerObject: Int

  package init(
    permissions: [String], quotaCode: String? = nil, timeout: Duration = .seconds(300), requestsPerObject: Int = 0
  ) {
    self.permissions = permissions
    self.quotaCode = quotaCode
    self.timeout = timeout
    self.requestsPerObject = requestsPerObject
  }
}
