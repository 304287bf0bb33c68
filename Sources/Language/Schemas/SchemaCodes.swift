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
}
