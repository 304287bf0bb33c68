import Diagnostics

extension DiagnosticCode {
  package static let unknownField = DiagnosticCode(1201)
  package static let wrongType = DiagnosticCode(1202)
  package static let missingField = DiagnosticCode(1203)
  /// A field that the service sets itself.
  package static let computedField = DiagnosticCode(1204)
  package static let notAllowed = DiagnosticCode(1205)
  package static let invalidCIDR = DiagnosticCode(1206)
  package static let invalidPolicy = DiagnosticCode(1207)
  package static let invalidQuantity = DiagnosticCode(1208)
  /// Two items of a keyed list share their key.
  package static let duplicateItem = DiagnosticCode(1209)
  /// A secret written in plain sight.
  package static let secretInManifest = DiagnosticCode(1210)
  /// A text that is not of its field's format or pattern.
  package static let invalidFormat = DiagnosticCode(1211)
  /// A number, a length or a count outside its bounds, or an item that stands twice.
  package static let outOfBounds = DiagnosticCode(1212)
  /// The schema of a kind is none.
  package static let invalidSchema = DiagnosticCode(1213)
}
