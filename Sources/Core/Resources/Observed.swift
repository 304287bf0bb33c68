import Values

/// What a provider says of one object.
package struct Observed: Sendable {
  package var type: TypeName
  package var remote: RemoteID
  /// All fields the service returns, in the words of the type's schema; without `id`.
  package var fields: Value
  /// nil where the object carries no marker of Plumb.
  package var marker: Marker?
  /// False while the object is still being made: it exists, and is not usable yet.
  package var isReady: Bool
  /// Fields that could not be read (a denied sub-request): not compared, and reported.
  package var unreadable: [String]

  package init(
    type: TypeName, remote: RemoteID, fields: Value, marker: Marker? = nil, isReady: Bool = true,
    unreadable: [String] = []
  ) {
    self.type = type
    self.remote = remote
    self.fields = fields
    self.marker = marker
    self.isReady = isReady
    self.unreadable = unreadable
  }
}

/// What we own: one small record per address and incarnation.
package struct Recorded: Sendable, Equatable {
  package var address: Address
  package var incarnation: Incarnation
  package var type: TypeName
  package var target: TargetIdentity
  package var remote: RemoteID
  /// The fields last applied, sensitive ones as keyed hashes. What is written here and no longer desired is a drop.
  package var owned: Value
  /// Addresses this one refers to, so that deletes are ordered even when manifests are gone.
  package var dependencies: [Address]
  /// Addresses that its late fields refer to: they hold up only the step that clears those.
  package var lateDependencies: [Address]
  package var isProtected: Bool
  package var managementPolicy: Lifecycle.ManagementPolicy
  /// True for the old object of a replacement that is not finished.
  package var isSuperseded: Bool
  /// False between a create and its late step, or when a create went only part of the way.
  package var isComplete: Bool

  package init(
    address: Address, incarnation: Incarnation = 1, type: TypeName, target: TargetIdentity, remote: RemoteID,
    owned: Value,
    dependencies: [Address] = [], lateDependencies: [Address] = [], isProtected: Bool = false,
    managementPolicy: Lifecycle.ManagementPolicy = .full,
    isSuperseded: Bool = false, isComplete: Bool = true
  ) {
    self.address = address
    self.incarnation = incarnation
    self.type = type
    self.target = target
    self.remote = remote
    self.owned = owned
    self.dependencies = dependencies
    self.lateDependencies = lateDependencies
    self.isProtected = isProtected
    self.managementPolicy = managementPolicy
    self.isSuperseded = isSuperseded
    self.isComplete = isComplete
  }
}

/// The key of a record.
package struct RecordKey: Hashable, Sendable, Comparable {
  package var address: Address
  package var incarnation: Incarnation

  package init(_ address: Address, _ incarnation: Incarnation = 1) {
    self.address = address
    self.incarnation = incarnation
  }

  package static func < (left: RecordKey, right: RecordKey) -> Bool {
    (left.address, left.incarnation) < (right.address, right.incarnation)
  }
}

extension Recorded {
  package var key: RecordKey { RecordKey(address, incarnation) }
}
