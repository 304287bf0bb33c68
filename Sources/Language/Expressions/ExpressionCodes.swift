import Diagnostics

extension DiagnosticCode {
  /// The text inside `${…}` is no expression.
  package static let expressionSyntax = DiagnosticCode(1301)
  /// `${` without its `}`.
  package static let expressionUnclosed = DiagnosticCode(1302)
  /// A function, operator or literal of CEL that is not supported.
  package static let expressionUnsupported = DiagnosticCode(1303)
  /// `aws.Vpc.prod-net.id`: the dash is a subtraction.
  package static let dashInReference = DiagnosticCode(1304)
  /// A name that stands for nothing here.
  package static let unknownName = DiagnosticCode(1305)
  /// A reference that names a manifest, and no field of it.
  package static let referenceWithoutField = DiagnosticCode(1306)
  /// A template beyond a limit of `ExpressionLimits`.
  package static let expressionLimit = DiagnosticCode(1307)
  /// A list, a map or null in the middle of a text.
  package static let textOfCollection = DiagnosticCode(1308)
  /// A field, key or item that the value does not have.
  package static let missingMember = DiagnosticCode(1309)
}
