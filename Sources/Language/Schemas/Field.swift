import Values

/// One field of a kind's or a resource type's schema.
///
/// Names are the provider API's own words in camelCase. A field with none of the marks is optional, may be
/// written by
/// users, and is updated in place.
package struct Field: Sendable {
  package var name: String
  package var type: FieldType
  package var marks: Marks
  /// What the service uses when the field is not written; never sent, but a dropped field is reset to it.
  package var serverDefault: Value?
  package var equality: Equality
  /// The resource type whose `id` (or `referencedField`) belongs here, such as `aws/Vpc`.
  package var references: String?
  /// The only texts allowed; empty for any.
  package var allowed: [String]
  /// One sentence for `explain`.
  package var summary: String
  /// What a kind says of the value beyond its type; nil for nothing.
  package var rules: FieldRules?

  package struct Marks: OptionSet, Sendable, Hashable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }
    package static let required = Marks(rawValue: 1)
    /// Set by the service; users may not write it.
    package static let computed = Marks(rawValue: 2)
    /// A change forces replacement.
    package static let immutable = Marks(rawValue: 4)
    /// Never printed, stored or planned; compared by keyed hash.
    package static let sensitive = Marks(rawValue: 8)
    /// A collection owned whole once written, even empty: whatever else stands in it is a change.
    package static let exclusive = Marks(rawValue: 16)
    /// Written by a second step after create and cleared by a step before delete; its references order only
    /// those steps.
    package static let late = Marks(rawValue: 32)
    /// Users may write it, and the service fills it in when they do not (never drift when unwritten).
    package static let optionalComputed = Marks(rawValue: 64)
    /// Changes by itself (a status, a counter): never compared, never fingerprinted.
    package static let volatile = Marks(rawValue: 128)
    /// Used by create only and not returned by reads: a change cannot be seen, and draws no diff.
    package static let writeOnly = Marks(rawValue: 256)
    /// Grants access or directs traffic, and is empty unless somebody fills it: what others put there is drift
    /// even where no manifest writes the field.
    package static let guarded = Marks(rawValue: 512)
    /// Costs requests of its own to observe: a list that is told which fields matter may leave it out.
    package static let apart = Marks(rawValue: 1_024)
    /// Of an immutable CIDR block: one that holds the whole of the old one can take its place.
    package static let widens = Marks(rawValue: 2_048)
  }

  package init(
    _ name: String, _ type: FieldType, _ marks: Marks = [], serverDefault: Value? = nil,
    equality: Equality = .exact,
    references: String? = nil, allowed: [String] = [], rules: FieldRules? = nil, _ summary: String
  ) {
    self.name = name
    self.type = type
    self.marks = marks
    self.serverDefault = serverDefault
    self.equality = equality
    self.references = references
    self.allowed = allowed
    self.summary = summary
    self.rules = rules
  }
}

/// The shape of a field's value.
package indirect enum FieldType: Sendable {
  case string, int, double, bool
  /// Any value: a JSON document such as a policy.
  case any
  case list(FieldType, ListOrder = .ordered)
  case map(FieldType)
  case object(Schema)

  /// How the items of a list are told apart.
  package enum ListOrder: Hashable, Sendable {
    case ordered
    /// A set: order and repetition mean nothing.
    case unordered
    /// Items are objects named by one of their fields; they are owned, merged and compared one by one.
    case keyed(by: String)
  }

  /// For messages: `string`, `list of string`, `map of string`, `object`.
  package var description: String {
    switch self {
    case .string: "string"
    case .int: "integer"
    case .double: "number"
    case .bool: "boolean"
    case .any: "any value"
    case .list(let element, _): "list of \(element.description)"
    case .map(let value): "map of \(value.description)"
    case .object: "object"
    }
  }
}

/// When two spellings mean the same.
package enum Equality: String, Sendable, Hashable {
  case exact
  case caseInsensitive
  /// CIDR blocks by network and prefix: `10.0.0.7/16` is `10.0.0.0/16`.
  case cidr
  /// AWS-style policy documents: JSON text or a map; single items and lists of one, order of statements'
  /// lists do not matter.
  case jsonPolicy
  /// Kubernetes quantities: `1000m` is `1`.
  case quantity
  /// Google's names of objects: a full URL is the same as its path from `projects/` on, or as the end of that path.
  case link
  /// Lists of objects whose own lists may be split or joined: a rule for two address ranges is two rules
  /// for one each.
  /// Compare `Value.distributedItems` of both sides as sets.
  case distributed
  /// Numbers that may be higher than written: of two values the second fits where it is no less than the first.
  case atLeast
}

/// An ordered set of fields.
package struct Schema: Sendable {
  package let fields: [Field]
  /// True where some field is written by a step of its own.
  package let hasLateFields: Bool
  /// True where some field, or a field inside it, has a default of ours.
  package let hasStandards: Bool
  /// What the service itself calls objects of this form, where it has a name for them: `core.v1.PodSpec`.
  package let name: String?
  private let positions: [String: Int]

  package init(_ fields: [Field], name: String? = nil) {
    self.fields = fields
    self.name = name
    hasLateFields = fields.contains { $0.marks.contains(.late) }
    hasStandards = fields.contains { $0.standard != nil || $0.type.hasStandards }
    positions = Dictionary(fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    precondition(positions.count == fields.count, "the fields of a schema must differ")
  }

  package subscript(name: String) -> Field? { positions[name].map { fields[$0] } }
}
