import Diagnostics
import Expressions

/// What a blueprint says must hold before what a manifest stands for counts as usable. It is asked after an apply, of
/// the objects as they then are.
package struct ReadinessRule: Sendable {
  /// The manifest that it is about.
  package var manifest: Address
  /// One expression over fields of resources, true once it holds.
  package var condition: Template
  /// What is missing while it does not; may read the same.
  package var message: Template
  /// How long to wait for it.
  package var limit: Duration
  /// Where the blueprint says so.
  package var origin: SourcePosition?

  package init(manifest: Address, condition: Template, message: Template, limit: Duration, origin: SourcePosition?) {
    self.manifest = manifest
    self.condition = condition
    self.message = message
    self.limit = limit
    self.origin = origin
  }
}

/// A rule of readiness that does not hold.
package struct ReadinessFinding: Sendable, Equatable {
  package var manifest: Address
  /// One sentence: what is missing, or why it cannot be told.
  package var message: String
  package var waited: Duration
  /// The rule in its blueprint.
  package var origin: SourcePosition?

  package init(manifest: Address, message: String, waited: Duration, origin: SourcePosition?) {
    self.manifest = manifest
    self.message = message
    self.waited = waited
    self.origin = origin
  }
}
