import Diagnostics

extension DiagnosticCode {
  /// A blueprint that does not say what it must, or says it twice.
  package static let blueprintForm = DiagnosticCode(1501)
  /// A kind that is defined twice, or extended and not defined.
  package static let blueprintKind = DiagnosticCode(1502)
  /// An entry whose resource type does not exist, or is not of its provider.
  package static let blueprintType = DiagnosticCode(1503)
  /// An expression whose type does not fit where it stands.
  package static let blueprintExpression = DiagnosticCode(1504)
  /// A manifest that breaks a rule of its kind.
  package static let ruleBroken = DiagnosticCode(1510)
  /// An expression that failed while a manifest was expanded.
  package static let expansionFailed = DiagnosticCode(1511)
  /// What exists depends on something that is not known while planning.
  package static let unknownInExpansion = DiagnosticCode(1512)
  /// Two resources of a manifest with the same role and key, or a key that cannot stand in an address.
  package static let expansionKey = DiagnosticCode(1513)
  /// The kind has no resources for the provider of the manifest's target.
  package static let noVariant = DiagnosticCode(1514)
  /// A reference to a manifest that does not exist.
  package static let unknownManifest = DiagnosticCode(1515)
  /// Manifests whose values need each other.
  package static let manifestCycle = DiagnosticCode(1516)
  /// An override that matches nothing, or a patch that does not apply.
  package static let overrideProblem = DiagnosticCode(1517)
  /// A manifest expands to more than the limits allow.
  package static let expansionLimit = DiagnosticCode(1518)
}
