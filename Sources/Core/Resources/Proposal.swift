import Values

/// Asks a service what becomes of one write before it happens. Only for types whose fields have several writers.
package struct ProposalQuestion: Sendable {
  package var address: Address
  package var type: TypeName
  package var target: TargetName
  /// What the manifest writes, known.
  package var fields: Value
  /// The object as it stands; nil for a new one.
  package var observed: Observed?
  /// What was applied last; nil where nothing is recorded.
  package var recorded: Value?
  package var marker: Marker
  /// Fields that stay as they stand, whatever the manifest writes.
  package var ignored: [ValuePath]

  package init(
    address: Address, type: TypeName, target: TargetName, fields: Value, observed: Observed?, recorded: Value?,
    marker: Marker, ignored: [ValuePath] = []
  ) {
    self.ignored = ignored
    self.address = address
    self.type = type
    self.target = target
    self.fields = fields
    self.observed = observed
    self.recorded = recorded
    self.marker = marker
  }
}

/// The service's answer: defaulting, admission and the fields of other writers are in it.
package struct Proposal: Sendable {
  /// What would change of an object that stands; secrets are marked, and hold no value from before.
  package var changes: [FieldChange] = []
  /// A new object as it would be, secrets marked; nil where nobody knows.
  package var after: Value?
  /// Fields that other writers own with other values.
  package var conflicts: [FieldConflict] = []
  /// True where the manifest chose to take conflicting fields over.
  package var isForced = false
  /// Why the service would refuse the write.
  package var refusal: Refusal?
  /// Why the service was not asked, so that this is our own merge.
  package var isLocal: String?
  /// Who wrote fields that differ, by path.
  package var authors: [ValuePath: FieldAuthor] = [:]

  package init() {}

  /// A write that the service refuses.
  package struct Refusal: Sendable, Equatable {
    package var message: String
    /// The field it names; root where it names none.
    package var path: ValuePath
    /// Only a new object can have the value.
    package var needsReplacement: Bool

    package init(_ message: String, path: ValuePath = .root, needsReplacement: Bool = false) {
      self.message = message
      self.path = path
      self.needsReplacement = needsReplacement
    }
  }
}

/// One of the writers of an object, such as `kubectl-edit`, and when it wrote last.
package struct FieldAuthor: Sendable, Hashable, CustomStringConvertible {
  package var name: String
  /// RFC 3339; nil where the service does not say.
  package var time: String?

  package init(name: String, time: String? = nil) {
    self.name = name
    self.time = time
  }

  /// `kubectl-edit` at 2026-01-02T03:04:05Z
  package var description: String { "`\(name)`" + (time.map { " at \($0)" } ?? "") }
}

/// A field that another writer owns with another value.
package struct FieldConflict: Sendable, Hashable {
  package var path: ValuePath
  package var author: FieldAuthor

  package init(path: ValuePath, author: FieldAuthor) {
    self.path = path
    self.author = author
  }
}
