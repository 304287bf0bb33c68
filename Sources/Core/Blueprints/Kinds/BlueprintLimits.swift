/// How large kinds and their expansions may be.
package enum BlueprintLimits {
  /// Entries of one variant.
  package static let entries = 500
  /// Names of `let`, rules, outputs of one document.
  package static let expressions = 500
  /// Resources of one manifest.
  package static let resources = 10_000
  /// Bytes of a key in an address.
  package static let keyBytes = 128
  /// How long an apply waits for a rule of readiness that says nothing else, and at most.
  package static let readiness = Duration.seconds(300)
  package static let longestReadiness = Duration.seconds(3_600)
  /// Operations of one override.
  package static let patchOperations = 200
}
