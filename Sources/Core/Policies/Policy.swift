import Diagnostics
import Manifests
import Resources
import Schemas
import Values

/// One `Policy` document, read and checked for its form.
package struct Policy: Sendable {
  package var name: String
  /// The pack of the program that it is; nil for a document of the user's.
  package var pack: String?
  package var summary: String
  /// Packs of the program that it chooses.
  package var packs: [Placed<String>] = []
  package var parameters: [PolicyParameter] = []
  package var rules: [PolicyRule] = []
  package var effects: [RuleEffect] = []
  package var waivers: [Waiver] = []
  package var prices: PriceTable?
  package var origin: SourcePosition?
}

/// What a rule does where it is not true.
package enum PolicyEffect: String, Sendable, CaseIterable {
  /// The plan cannot be applied.
  case deny
  case warn
  /// It is not evaluated.
  case skip
}

/// What a rule does where it cannot be decided yet.
package enum UndecidedEffect: String, Sendable, CaseIterable {
  case deny, warn
  /// It is evaluated again just before the step, when its values are known.
  case recheck
}

package enum PolicySeverity: String, Sendable, CaseIterable {
  case low, medium, high, critical
}

/// One rule as written.
package struct PolicyRule: Sendable {
  /// Unique in an estate.
  package var id: String
  /// The document it stands in, or the pack.
  package var policy: String
  package var pack: String?
  package var summary: String
  package var match: RuleMatch
  /// CEL; true allows.
  package var expression: Value
  package var effect: PolicyEffect
  package var onUnknown: UndecidedEffect
  /// A template over the same names as the expression; nil for the summary.
  package var message: Value?
  /// What to do about it; a template as well.
  package var hint: Value?
  package var severity: PolicySeverity?
  /// Names that others give the same rule, such as `CKV_AWS_24`.
  package var references: [String]
  package var origin: SourcePosition?
}

/// What a rule looks at.
package enum RuleMatch: Sendable {
  /// Manifests by kind: `Network`, `aws.*`.
  case manifests(kinds: [String], address: String?)
  /// Resources by type: `aws/Bucket`, `kubernetes/*`. Without actions everything that is wanted; with actions the
  /// changes of a plan that do one of them.
  case resources(types: [String], address: String?, actions: [Action])
  /// The estate as a whole, once.
  case estate
}

/// A setting that rules and blueprints read as `parameters["name"]`.
package struct PolicyParameter: Sendable {
  package var name: String
  /// nil where the document only sets what another declares.
  package var type: FieldType?
  package var value: Value
  package var reason: String?
  package var summary: String
  package var origin: SourcePosition?
}

/// Another effect for a rule of a pack.
package struct RuleEffect: Sendable {
  package var rule: String
  package var effect: PolicyEffect
  package var reason: String
  package var origin: SourcePosition?
}

/// Lets an address be as it is, for a time.
package struct Waiver: Sendable {
  package var rule: String
  /// A glob over addresses.
  package var address: String
  package var owner: String
  package var reason: String
  /// The last day on which it holds, UTC: `2027-03-01`.
  package var expires: String
  package var origin: SourcePosition?
}
