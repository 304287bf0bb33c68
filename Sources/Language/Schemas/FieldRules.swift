import Values

/// What a value must be beyond its type, and what it stands for: the keywords of a structural schema.
///
/// Resource types have none of these, since their services check what they are sent; kinds of blueprints do.
package final class FieldRules: Sendable {
  package let format: TextFormat?
  /// RE2 syntax, found anywhere in the text.
  package let pattern: Pattern?
  package let bounds: Bounds
  /// The only texts or integers allowed of an item; those of a field itself are `Field.allowed`.
  package let allowed: [String]
  /// Used where nothing is written, and then like a written value.
  package let standard: Value?
  /// The kinds that the field refers to by `{name: …}`; empty where it is no reference.
  package let kinds: [String]
  /// Of a list's items or a map's values.
  package let element: FieldRules?

  package init(
    format: TextFormat? = nil, pattern: Pattern? = nil, bounds: Bounds = Bounds(), allowed: [String] = [],
    standard: Value? = nil, kinds: [String] = [], element: FieldRules? = nil
  ) {
    self.format = format
    self.pattern = pattern
    self.bounds = bounds
    self.allowed = allowed
    self.standard = standard
    self.kinds = kinds
    self.element = element
  }

  /// True where there is nothing to check and nothing to know.
  package var isEmpty: Bool {
    format == nil && pattern == nil && bounds == Bounds() && allowed.isEmpty && standard == nil && kinds.isEmpty
      && element == nil
  }

  package struct Bounds: Equatable, Sendable {
    package var minimum: Double?
    package var maximum: Double?
    /// True where the bound itself is outside.
    package var excludesMinimum = false
    package var excludesMaximum = false
    /// Of characters, items or entries.
    package var minimumCount: Int?
    package var maximumCount: Int?
    /// No two items are equal.
    package var isUnique = false

    package init() {}
  }

  /// A regular expression that was compiled once.
  package struct Pattern: Sendable {
    package let source: String
    package let matches: @Sendable (String) -> Bool

    package init(_ source: String, matches: @escaping @Sendable (String) -> Bool) {
      self.source = source
      self.matches = matches
    }
  }
}

extension Field {
  /// The default of ours: filled in before anything else sees the value.
  package var standard: Value? { rules?.standard }
}
