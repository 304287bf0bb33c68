import Values

/// What a service of AWS says of a failure, in any of the three XML forms.
package struct ServiceError: Sendable, Equatable {
  package var code: String
  package var message: String
  package var requestID: String?

  package init(code: String, message: String, requestID: String? = nil) {
    self.code = code
    self.message = message
    self.requestID = requestID
  }

  /// EC2 `Response/Errors/Error`, query `ErrorResponse/Error`, REST-XML `Error`; nil for anything else.
  package init?(_ document: XMLDocument) {
    let root = document.value
    let error: Value? =
      switch document.name {
      case "Response": root.items("Errors.Error").first
      case "ErrorResponse": root["Error"]
      case "Error": root
      default: nil
      }
    guard let error, let code = error.text("Code") else { return nil }
    self.init(
      code: code, message: error.text("Message") ?? code,
      requestID: root.text("RequestID") ?? root.text("RequestId") ?? error.text("RequestId"))
  }
}
