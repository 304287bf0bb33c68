import Diagnostics

extension DiagnosticCode {
  /// A reference to a manifest that does not exist.
  package static let unknownReference = DiagnosticCode(1401)
  /// A reference to a field that the referenced type does not have.
  package static let unknownReferencedField = DiagnosticCode(1402)
  /// A resource that reads itself where no second step could write it.
  package static let selfReference = DiagnosticCode(1403)
  /// Resources that need each other before any of them can be made.
  package static let referenceCycle = DiagnosticCode(1404)
  /// A reference to a value of another type, or of another resource type, than the field takes.
  package static let referenceType = DiagnosticCode(1405)
  /// `valueFrom` that names no place, or stands where no secret belongs.
  package static let secretReference = DiagnosticCode(1406)
}
