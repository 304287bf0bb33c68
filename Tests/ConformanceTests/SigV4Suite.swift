import AWSClient
import HTTP
import Platform
import Testing
import Values

/// The cases of aws-c-auth's signing suite: canonical request, string to sign, signature, authorization and the signed
/// request, in the header and in the query form.
@Suite struct SigV4Suite {
  @Test("every case of the AWS signing suite passes in both forms")
  func cases() throws {
    guard let text = Suites.text("sigv4/aws-sigv4.jsonl", of: "sigv4") else { return }
    let cases = try JSONLines.parse(Array(text.utf8), file: "aws-sigv4.jsonl").map(SigV4Case.init)
    let failures = cases.flatMap { $0.failures() }
    print("conformance sigv4: \(cases.count - Set(failures.map(\.id)).count) of \(cases.count)")
    #expect(!cases.isEmpty)
    #expect(failures.isEmpty, "\(failures.map { "\($0.id): \($0.text)" }.joined(separator: "\n"))")
  }
}

private struct SigV4Case {
  let id: String
  let target: String
  let message: SigV4Message
  let credentials: AWSCredentials
  let signer: SigV4Signer
  let time: Instant
  let lifetime: Duration
  let expected: Value

  init(_ value: Value) throws {
    let context = try #require(value["context"])
    let request = try #require(value["request"])
    id = try #require(value["id"]?.string)
    target = try #require(request["target"]?.string)
    let fields = try #require(request["headers"]).elements.map { pair in
      SigV4Pair(pair[0]?.string ?? "", pair[1]?.string ?? "")
    }
    message = SigV4Message(
      method: try #require(request["method"]?.string), target: target, fields: fields,
      body: Array((request["body"]?.string ?? "").utf8))
    credentials = AWSCredentials(
      accessKeyID: try #require(context["credentials"]?["access_key_id"]?.string),
      secretAccessKey: try #require(context["credentials"]?["secret_access_key"]?.string),
      sessionToken: context["credentials"]?["token"]?.string)
    var signer = SigV4Signer(
      region: try #require(context["region"]?.string), service: try #require(context["service"]?.string))
    signer.path = context["normalize"]?.bool == true ? .normalized : .encoded
    signer.payload = context["sign_body"]?.bool == true ? .signedWithField : .signed
    signer.sessionToken = context["omit_session_token"]?.bool == true ? .appended : .signed
    self.signer = signer
    time = try #require(context["timestamp"]?.string.flatMap { Instant(rfc3339: $0) })
    lifetime = .seconds(try #require(context["expiration_in_seconds"]?.int))
    expected = try #require(value["expect"])
  }

  func failures() -> [(id: String, text: String)] {
    let header = signer.signFields(message, with: credentials, at: time)
    let query = signer.signQuery(message, with: credentials, at: time, lifetime: lifetime)
    var wrong = compare(header, "header") + compare(query, "query")
    if expected["header"]?["authorization"]?.string != header.authorization { wrong.append("authorization") }
    return wrong.map { (id, $0) }
  }

  private func compare(_ signature: SigV4Signature, _ form: String) -> [String] {
    let found = [
      ("canonical_request", signature.canonicalRequest), ("string_to_sign", signature.stringToSign),
      ("signature", signature.signature), ("signed_request", signedRequest(signature)),
    ]
    return found.compactMap { name, text in
      let wanted = expected[form]?[name]?.string ?? "nothing"
      return wanted == text ? nil : "\(form) \(name)\n\(text)\nwanted\n\(wanted)"
    }
  }

  /// The request with what signing added, as the suite writes it.
  private func signedRequest(_ signature: SigV4Signature) -> String {
    let query = signature.query.map {
      "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))"
    }.joined(separator: "&")
    let separator = query.isEmpty ? "" : target.contains("?") ? "&" : "?"
    let fields = (message.fields + signature.fields).map { "\($0.name):\($0.value)\n" }.joined()
    let body = String(decoding: message.body, as: UTF8.self)
    return "\(message.method) \(target)\(separator)\(query) HTTP/1.1\n\(fields)\n\(body)"
  }
}
