import Diagnostics

extension DiagnosticCode {
  /// The text inside `${…}` is no expression.
  package static let expressionSyntax = DiagnosticCode(1301)
  /// `${` without its `}`, a bracket or a quote that is never closed.
  package static let expressionUnclosed = DiagnosticCode(1302)
  /// Something of CEL that has no meaning here: messages of protocol buffers.
  package static let expressionUnsupported = DiagnosticCode(1303)
  /// `aws.Vpc.prod-net.id`: the dash is a subtraction.
  package static let dashInReference = DiagnosticCode(1304)
  /// A name that stands for nothing here.
  package static let unknownName = DiagnosticCode(1305)
  /// A reference that names a manifest, and no field of it.
  package static let referenceWithoutField = DiagnosticCode(1306)
  /// A limit of `ExpressionLimits`.
  package static let expressionLimit = DiagnosticCode(1307)
  /// A list, a map or null in the middle of a text.
  package static let textOfCollection = DiagnosticCode(1308)
  /// A field, key or item that the value does not have.
  package static let missingMember = DiagnosticCode(1309)
  /// A function that does not exist.
  package static let unknownFunction = DiagnosticCode(1310)
  /// A function or an operator that does not take these types.
  package static let operandType = DiagnosticCode(1311)
  /// The whole expression gives another type than its place takes.
  package static let resultType = DiagnosticCode(1312)
  /// A function could not answer: overflow, division by zero, a text that is no number.
  package static let evaluationFailed = DiagnosticCode(1313)
  /// A macro with the wrong arguments: `items.all(x + 1, true)`.
  package static let macroArguments = DiagnosticCode(1314)
}
