import Values

/// What a service of AWS says of a failure, in any of the three XML forms or as JSON.
package struct ServiceError: Sendable, Equatable {
  package var code: String
  package var message: String
  package var requestID: String?

  package init(code: String, message: String, requestID: String? = nil) {
    self.code = code
    self.message = message
    self.requestID = requestID
  }

  /// `{"__type": "prefix#Code", "message": …}`; services with paths name the code in a header (`Code:address`), in
  /// `code` or in `ErrorCode`. nil for anything else.
  ///
  /// - Parameter type: the header `x-amzn-ErrorType`.
  package init?(json: [UInt8], type: String? = nil) {
    let document: Value
    do throws(JSONError) { document = try JSONReader.parse(json) } catch { return nil }
    let written = ["__type", "code", "Code", "ErrorCode"].lazy.compactMap { document[$0]?.string }.first
    guard let name = written ?? type, let code = name.prefix(while: { $0 != ":" }).split(separator: "#").last else {
      return nil
    }
    let message = document["message"]?.string ?? document["Message"]?.string
    self.init(code: String(code), message: message ?? String(code))
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
