import Diagnostics

extension DiagnosticCode {
  /// No `plumb.yaml` here or above.
  package static let noEstate = DiagnosticCode(1101)
  /// A file or folder that cannot be read, or lies outside the estate.
  package static let unreadableManifest = DiagnosticCode(1102)
  /// No `Estate` document in `plumb.yaml`, or several.
  package static let estateDocument = DiagnosticCode(1103)
  /// The estate has no id, or one that cannot stand in a marker.
  package static let estateID = DiagnosticCode(1104)
  /// An include pattern that is none, or that leaves the estate.
  package static let includePattern = DiagnosticCode(1105)
  /// A document that is no manifest: no map, or without `apiVersion`, `kind`, `metadata` or `spec`.
  package static let manifestForm = DiagnosticCode(1106)
  package static let unknownAPIVersion = DiagnosticCode(1107)
  package static let unknownKind = DiagnosticCode(1108)
  /// A name that cannot stand in an address.
  package static let manifestName = DiagnosticCode(1109)
  package static let duplicateAddress = DiagnosticCode(1110)
  /// A target without a provider, or with several.
  package static let targetProvider = DiagnosticCode(1111)
  package static let unknownTarget = DiagnosticCode(1112)
  /// A resource on another provider's target.
  package static let targetMismatch = DiagnosticCode(1113)
  /// A resource without a target.
  package static let noTarget = DiagnosticCode(1114)
  /// A provider that this build does not have.
  package static let unknownProvider = DiagnosticCode(1115)
  /// `adopt`, `movedFrom`, `released`, `ignore` or `dependsOn` that cannot be meant.
  package static let lifecycleSetting = DiagnosticCode(1116)
  /// A document below `plumb.yaml` that only `plumb.yaml` may hold.
  package static let misplacedDocument = DiagnosticCode(1117)
  /// No environment where the estate has some, or one that it does not have.
  package static let environmentSelection = DiagnosticCode(1118)
  /// A file below `environments/` that is no environment, or says what only the estate may say.
  package static let environmentDocument = DiagnosticCode(1119)
  /// An overlay that no manifest matches.
  package static let unmatchedOverlay = DiagnosticCode(1120)
  /// An overlay that changes what makes a manifest the one it is.
  package static let overlayForm = DiagnosticCode(1121)
  package static let variableDeclaration = DiagnosticCode(1122)
  /// A variable without a value, or with one that it cannot have.
  package static let variableValue = DiagnosticCode(1123)
  /// A file of variables that cannot be read.
  package static let variableFile = DiagnosticCode(1124)
  package static let unknownVariable = DiagnosticCode(1125)
  /// A value that breaks a validation of its variable.
  package static let invalidVariable = DiagnosticCode(1126)
  /// A reference to a resource where only variables can be read.
  package static let constantExpression = DiagnosticCode(1127)
}
