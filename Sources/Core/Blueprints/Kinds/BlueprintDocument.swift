import Diagnostics
import Resources
import Schemas
import Values

/// One `Blueprint` document, its form checked and nothing compiled: a kind, or further variants of one.
struct BlueprintDocument: Sendable {
  var name: String
  var kind: KindName
  /// True where it adds variants to a kind that is defined elsewhere.
  var isExtension: Bool
  var summary: String
  var schema: Value?
  /// Names with their schemas.
  var parameters: [Named]
  /// Paths of references, such as `spec.cloudRef`.
  var placement: [Value]
  var lets: [Named]
  var validations: [Validation]
  /// By provider, `any` for all.
  var variants: [(provider: String, entries: [Entry])]
  var outputs: [Named]
  var readiness: [Readiness]
  var origin: SourcePosition?

  /// A value under a name that stands at a place.
  struct Named: Sendable {
    var name: String
    var value: Value
    var origin: SourcePosition?
  }

  struct Validation: Sendable {
    var rule: Value
    var path: Value
    var message: Value
    var hint: String?
    var when: Value?
    var warnWhen: Value?
    var isWarning: Bool
    var loop: Loop?
  }

  struct Loop: Sendable {
    var source: Value
    var names: [String]
    var key: Value?
  }

  struct Entry: Sendable {
    var role: String
    var type: TypeName
    /// Where the type is written.
    var typeValue: Value
    var summary: String
    var when: Value?
    var loop: Loop?
    var target: Value?
    var metadata: Value?
    var template: Value
    var origin: SourcePosition?
  }

  struct Readiness: Sendable {
    var rule: Value
    var message: Value
    var limit: Duration
  }
}
