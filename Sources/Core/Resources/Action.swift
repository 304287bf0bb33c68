import Values

/// What a plan does with one address.
package enum Action: String, Sendable, CaseIterable {
  case noop = "no-op"
  case create
  case update
  /// Delete, then create.
  case replace
  /// Create, then delete.
  case createThenDelete = "create-then-delete"
  case delete
  case adopt
  case move
  case forget

  /// The symbol at the start of a plan's line; it carries the meaning without colour.
  package var symbol: String {
    switch self {
    case .noop: " "
    case .create: "+"
    case .update: "~"
    case .replace: "-/+"
    case .createThenDelete: "+/-"
    case .delete: "-"
    case .adopt: "="
    case .move: ">"
    case .forget: "."
    }
  }

  /// True where a new object is made.
  package var isCreating: Bool { self == .create || self == .replace || self == .createThenDelete }

  package var isDestructive: Bool { self == .delete || self == .replace || self == .createThenDelete }
}

extension ValuePath {
  /// The change of a resource's protection, which is in its marker and its record, and in no field of its own.
  package static let protection = ValuePath([.key("metadata"), .key("protect")])
}

/// One field's difference between what is and what is wanted.
package struct FieldChange: Sendable, Equatable {
  package enum Effect: String, Sendable {
    /// Write `after`.
    case set
    /// The manifest dropped the field: remove it.
    case remove
    /// The manifest dropped the field: write the server's default, which is `after`.
    case reset
    /// The manifest dropped the field and it cannot be unset: stop owning it.
    case release
  }

  package var path: ValuePath
  package var before: Value?
  package var after: Value?
  package var effect: Effect
  /// The field is immutable: this change alone replaces the resource.
  package var forcesReplacement: Bool

  package init(path: ValuePath, before: Value?, after: Value?, effect: Effect = .set, forcesReplacement: Bool = false) {
    self.path = path
    self.before = before
    self.after = after
    self.effect = effect
    self.forcesReplacement = forcesReplacement
  }
}

/// The changes of one update, with the whole owned state that they lead to.
package struct FieldChanges: Sendable {
  package var changes: [FieldChange]
  /// All desired fields after the update, known.
  package var desired: Value
  package var marker: Marker?
  /// Fields of `desired` that are not to be written: they stay as they stand.
  package var ignored: [ValuePath]

  package init(changes: [FieldChange], desired: Value, marker: Marker?, ignored: [ValuePath] = []) {
    self.changes = changes
    self.desired = desired
    self.marker = marker
    self.ignored = ignored
  }

  /// True where any change lies in the field.
  package func touches(_ field: String) -> Bool { changes.contains { $0.path.field == field } }
  /// Names of the top-level fields that change, in order, each once.
  package var fields: [String] {
    changes.compactMap(\.path.field).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
