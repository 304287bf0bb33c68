import Cryptography
import HTTP
import Platform

/// Signs requests with AWS Signature Version 4; pure: time and keys are passed in.
///
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package struct SigV4Signer: Hashable, Sendable {
  /// How the path enters the canonical request.
  package enum PathForm: Hashable, Sendable {
    /// Dot segments and doubled slashes removed, and encoded once more: all services but S3.
    case normalized
    /// Encoded once more, otherwise as it is.
    case encoded
    /// As it is: S3, whose keys may hold `..` and `//`.
    case verbatim
  }

  package enum Payload: Hashable, Sendable {
    /// The body's digest is signed.
    case signed
    /// As well, and sent as `x-amz-content-sha256`: S3 and some others ask for it.
    case signedWithField
    /// The body is not covered, as in presigned URLs of S3.
    case unsigned
  }

  package enum SessionToken: Hashable, Sendable {
    case signed
    /// Added after the signature is made, where a service asks for that.
    case appended
  }

  static let algorithm = "AWS4-HMAC-SHA256"

  package var region: String
  package var service: String
  package var path = PathForm.normalized
  package var payload = Payload.signed
  package var sessionToken = SessionToken.signed

  /// With the path form and payload of the service: S3's own, the common ones otherwise.
  package init(region: String, service: String) {
    self.region = region
    self.service = service
    if service == "s3" {
      path = .verbatim
      payload = .signedWithField
    }
  }

  /// Adds the fields `X-Amz-Date`, `Authorization` and, where they apply, the token's and the body's.
  package func sign(_ request: inout HTTPRequest, with credentials: AWSCredentials, at time: Instant) {
    let signature = signFields(SigV4Message(request), with: credentials, at: time)
    for field in signature.fields { request.headers[field.name] = field.value }
  }

  /// The request's URL with a signature in its query, good for `lifetime` (at most seven days).
  package func presign(
    _ request: HTTPRequest, with credentials: AWSCredentials, at time: Instant, lifetime: Duration
  ) -> HTTPURL {
    var url = request.url
    let signature = signQuery(SigV4Message(request), with: credentials, at: time, lifetime: lifetime)
    for pair in signature.query { url.addQuery(pair.name, pair.value) }
    return url
  }

  /// The header form.
  package func signFields(
    _ message: SigV4Message, with credentials: AWSCredentials, at time: Instant
  ) -> SigV4Signature {
    var message = message
    let token = credentials.sessionToken.map { SigV4Pair("X-Amz-Security-Token", $0) }
    var added: [SigV4Pair] = []
    if let token, sessionToken == .signed { added.append(token) }
    added.append(SigV4Pair("X-Amz-Date", time.basicISO8601))
    let digest = payloadText(message.body)
    if payload != .signed { added.append(SigV4Pair("x-amz-content-sha256", digest)) }
    message.setFields(added)
    var signature = seal(message, digest, credentials, time)
    signature.fields = added + [SigV4Pair("Authorization", signature.authorization)]
    if let token, sessionToken == .appended { signature.fields.append(token) }
    return signature
  }

  /// The form in the query. A body is covered by its digest, or not at all with the payload `unsigned`.
  package func signQuery(
    _ message: SigV4Message, with credentials: AWSCredentials, at time: Instant, lifetime: Duration
  ) -> SigV4Signature {
    var message = message
    var added = [
      SigV4Pair("X-Amz-Algorithm", Self.algorithm),
      SigV4Pair("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope(time))"),
      SigV4Pair("X-Amz-Date", time.basicISO8601),
      SigV4Pair("X-Amz-SignedHeaders", message.canonicalFields().names),
      SigV4Pair("X-Amz-Expires", String(lifetime.components.seconds)),
    ]
    let token = credentials.sessionToken.map { SigV4Pair("X-Amz-Security-Token", $0) }
    if let token, sessionToken == .signed { added.append(token) }
    message.query += added
    var signature = seal(message, payloadText(message.body), credentials, time)
    signature.query = added + [SigV4Pair("X-Amz-Signature", signature.signature)]
    if let token, sessionToken == .appended { signature.query.append(token) }
    return signature
  }

  private func payloadText(_ body: [UInt8]) -> String {
    switch payload {
    case .signed, .signedWithField: SHA256.digest(body).hex
    case .unsigned: "UNSIGNED-PAYLOAD"
    }
  }

  private func scope(_ time: Instant) -> String { "\(time.basicDate)/\(region)/\(service)/aws4_request" }

  private func seal(
    _ message: SigV4Message, _ digest: String, _ credentials: AWSCredentials, _ time: Instant
  ) -> SigV4Signature {
    let fields = message.canonicalFields()
    let canonical = [
      message.method, message.canonicalPath(path), message.canonicalQuery(), fields.text, fields.names,
      digest,
    ].joined(separator: "\n")
    let scope = scope(time)
    let text = "\(Self.algorithm)\n\(time.basicISO8601)\n\(scope)\n\(SHA256.digest(canonical).hex)"
    let signature = HMACSHA256.code(text, key: key(credentials, time)).hex
    let authorization =
      "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(scope), SignedHeaders=\(fields.names), "
      + "Signature=\(signature)"
    return SigV4Signature(
      canonicalRequest: canonical, stringToSign: text, signature: signature, authorization: authorization)
  }

  /// The key of one day, region and service.
  private func key(_ credentials: AWSCredentials, _ time: Instant) -> SHA256Digest {
    let first = HMACSHA256.code(time.basicDate, key: Array("AWS4\(credentials.secretAccessKey)".utf8))
    return [region, service, "aws4_request"].reduce(first) { HMACSHA256.code($1, key: $0) }
  }
}

/// A name with a value, neither encoded.
package struct SigV4Pair: Hashable, Sendable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// What signing gives: the parts to add to the request, and the texts on the way for tests and error reports.
package struct SigV4Signature: Hashable, Sendable {
  package var canonicalRequest: String
  package var stringToSign: String
  /// 64 hexadecimal digits.
  package var signature: String
  /// The value of the `Authorization` field in the header form.
  package var authorization: String
  /// Fields to add in the header form.
  package var fields: [SigV4Pair] = []
  /// Parameters to add in the query form.
  package var query: [SigV4Pair] = []
}
