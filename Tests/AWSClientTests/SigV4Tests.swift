import AWSClient
import HTTP
import Platform
import Testing

@Suite("AWS signatures")
struct SigV4Tests {
  // The published example identity.
  private let credentials = AWSCredentials(
    accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
  private let time = Instant(seconds: 1_440_938_160)

  @Test("a list of IAM users is signed as in AWS's documentation")
  func documented() throws {
    let url = try #require(HTTPURL("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08"))
    var request = HTTPRequest(
      .get, url,
      headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "User-Agent": "x"])
    SigV4Signer(region: "us-east-1", service: "iam").sign(&request, with: credentials, at: time)
    #expect(request.headers["X-Amz-Date"] == "20150830T123600Z")
    #expect(
      request.headers["Authorization"]
        == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
        + "SignedHeaders=content-type;host;x-amz-date, "
        + "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")
  }

  @Test("signing again replaces the old signature, also with another token")
  func signingTwice() throws {
    let url = try #require(HTTPURL("https://sts.amazonaws.com/"))
    let signer = SigV4Signer(region: "us-east-1", service: "sts")
    var once = HTTPRequest(.post, url, body: Array("Action=GetCallerIdentity".utf8))
    var twice = once
    var temporary = credentials
    temporary.sessionToken = "token"
    signer.sign(&twice, with: temporary, at: time + .seconds(-60))
    signer.sign(&twice, with: temporary, at: time)
    signer.sign(&once, with: temporary, at: time)
    #expect(Set(once.headers.fields) == Set(twice.headers.fields))
    #expect(once.headers.values("x-amz-security-token") == ["token"])
  }

  @Test("fields are joined, unfolded and trimmed, and paths of S3 stay as they are")
  func canonicalForm() {
    let fields = [
      SigV4Pair("Host", "h"), SigV4Pair("B", " x   y\n  z "), SigV4Pair("a", "2"), SigV4Pair("A", "1"),
      SigV4Pair("Connection", "close"),
    ]
    let message = SigV4Message(method: "GET", target: "/k/../a%20b//c?b=2&b=1&a", fields: fields)
    var signer = SigV4Signer(region: "r", service: "s3")
    signer.payload = .unsigned
    let text = signer.signQuery(message, with: credentials, at: time, lifetime: .seconds(60)).canonicalRequest
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[1] == "/k/../a%20b//c")
    #expect(lines[2].hasSuffix("&X-Amz-SignedHeaders=a%3Bb%3Bhost&a=&b=1&b=2"))
    #expect(lines[3...5] == ["a:2,1", "b:x y z", "host:h"])
    #expect(lines.last == "UNSIGNED-PAYLOAD")
    signer.path = .normalized
    let normalized = signer.signFields(message, with: credentials, at: time).canonicalRequest
    #expect(normalized.split(separator: "\n")[1] == "/a%2520b/c")
  }

  @Test("a presigned URL holds the signature and leaves the fields alone")
  func presigned() throws {
    let url = try #require(
      HTTPURL("https://sts.us-west-2.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"))
    let request = HTTPRequest(.get, url, headers: ["x-k8s-aws-id": "cluster"])
    let signed = SigV4Signer(region: "us-west-2", service: "sts")
      .presign(request, with: credentials, at: time, lifetime: .seconds(60))
    let query = try #require(signed.query)
    #expect(query.hasPrefix("Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&"))
    #expect(query.contains("X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Expires=60&X-Amz-Signature="))
  }

  @Test("secrets do not show when credentials are printed or dumped")
  func secrets() {
    var credentials = credentials
    credentials.sessionToken = "session-secret"
    var text = "\(credentials) \(String(reflecting: credentials)) \([credentials])"
    dump(credentials, to: &text)
    #expect(!text.contains("wJalr") && !text.contains("session-secret"))
  }
}
