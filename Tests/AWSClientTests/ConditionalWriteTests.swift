import AWSClient
import HTTP
import ProviderKit
import Testing

@Suite("Writes with a precondition")
struct ConditionalWriteTests {
  private static let put: AWSCall = {
    var parts = RESTParts(.put, bucket: "acme", key: "a b/é+/1.json", body: Array("{}".utf8))
    parts.headers = [(name: "If-None-Match", value: "*")]
    return AWSCall(.s3, "PutObject", .conditional, rest: parts)
  }()

  @Test("an object's key is encoded, but for its slashes, and the precondition goes along")
  func request() async throws {
    let fixture = ClientFixture()
    try await fixture.client().send(Self.put)
    let request = try #require(fixture.transport.requests.first)
    #expect(request.url.description == "https://acme.s3.us-west-2.amazonaws.com/a%20b/%C3%A9%2B/1.json")
    #expect(request.headers["If-None-Match"] == "*")
    #expect(request.headers["Authorization"]?.contains("if-none-match") == true)
  }

  @Test(
    "after a passing fault it is not sent again, after a throttling it is",
    arguments: [("InternalError", 1), ("SlowDown", 5)])
  func retries(_ code: String, _ count: Int) async throws {
    let fixture = ClientFixture { _ in .xml(503, "<Error><Code>\(code)</Code><Message>why</Message></Error>") }
    await #expect(throws: ProviderError.self) { try await fixture.client().send(Self.put) }
    #expect(fixture.transport.requests.count == count)
  }
}
