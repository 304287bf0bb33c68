/// How much policies may be.
package enum PolicyLimits {
  /// Rules that are evaluated, those of packs included.
  package static let rules = 10_000
  /// Findings of one rule that are shown one by one; the plan file has all.
  package static let shownFindings = 10
  /// Tests in one file.
  package static let tests = 10_000
  /// Work of one rule at one address.
  package static let cost = 1_000_000
}
