import GCPClient
import HTTP
import Platform
import ProviderKit
import Synchronization
import Testing
import Values

@Suite("calls of Google Cloud")
struct GCPClientTests {
  @Test("a request has the method, the place, the token and the JSON")
  func request() async throws {
    let fixture = GCPFixture()
    try await fixture.client(quotaProject: "payer").send(GCPFixture.repeatable)
    let request = try #require(fixture.transport.requests.first)
    #expect(
      request.url.description == "https://compute.googleapis.com/compute/v1/projects/acme/global/networks"
        + "?requestId=11111111-1111-4111-8111-111111111111")
    #expect(request.method == .post)
    #expect(request.headers["Authorization"] == "Bearer hush")
    #expect(request.headers["X-Goog-User-Project"] == "payer")
    #expect(String(decoding: request.body, as: UTF8.self) == #"{"name":"n"}"#)
    #expect(fixture.machine.counter.counts == [HTTPOperation("compute", "networks.insert"): 1])
  }

  @Test("verbs and accounts stay readable in paths, all else is encoded")
  func paths() async throws {
    let fixture = GCPFixture()
    let path = "projects/acme/serviceAccounts/a@acme.iam.gserviceaccount.com:getIamPolicy"
    try await fixture.client().send(GCPCall(.iam, "x", .read, .post, path))
    try await fixture.client().send(.get(.storage, "x", "b/a b?c"))
    #expect(fixture.transport.requests.map(\.url.path) == ["/v1/\(path)", "/storage/v1/b/a%20b%3Fc"])
  }

  @Test("a write that must happen once goes out once, on a connection of its own")
  func once() async throws {
    for response in [HTTPResponse.oldError(503, "backendError"), .googleError(429, "RESOURCE_EXHAUSTED")] {
      let fixture = GCPFixture { _ in response }
      await #expect(throws: ProviderError.self) { try await fixture.client().send(GCPFixture.write) }
      #expect(fixture.transport.requests.count == 1)
      #expect(fixture.transport.requests.first?.reuse == .freshConnection)
    }
  }

  @Test("what may be repeated is tried again until it answers")
  func again() async throws {
    for call in [GCPFixture.read, GCPFixture.repeatable] {
      let left = Mutex(3)
      let fixture = GCPFixture { _ in
        left.withLock { left in
          left -= 1
          return left > 0 ? .oldError(503, "backendError") : .json(200, #"{"ok": true}"#)
        }
      }
      #expect(try await fixture.client().send(call).value["ok"]?.bool == true)
      #expect(fixture.transport.requests.count == 3)
    }
  }

  @Test("a token that is not accepted any more is fetched anew, once")
  func refused() async throws {
    let count = Mutex(0)
    let fixture = GCPFixture { request in
      request.headers["Authorization"] == "Bearer 2" ? .json(200, "{}") : .googleError(401, "UNAUTHENTICATED")
    }
    let tokens = RenewedToken(time: fixture.time) { () async throws(ProviderError) in
      AccessToken(
        "\(count.withLock { count in count += 1; return count })")
    }
    try await fixture.client(tokens).send(GCPFixture.write)
    #expect(fixture.transport.requests.count == 2)
    await #expect(throws: ProviderError.self) {
      let denied = GCPFixture { _ in .googleError(401, "UNAUTHENTICATED") }
      try await denied.client(tokens).send(GCPFixture.write)
    }
    #expect(count.withLock { $0 } == 3)
  }

  @Test("the reading half sends reads alone, whatever a request is labelled with")
  func readOnly() async throws {
    let fixture = GCPFixture()
    let client = fixture.client().readOnly
    try await client.send(GCPFixture.read)
    try await client.send(GCPCall(.resourceManager, "x", .read, .post, "projects/acme:getIamPolicy"))
    try await client.send(GCPCall(.storage, "x", .read, .get, "b/x/iam/testPermissions"))
    try await client.send(GCPCall(.logging, "x", .read, .post, "entries:list"))
    let writes: [(HTTPMethod, String)] = [
      (.post, "projects/acme:setIamPolicy"), (.post, "projects/acme/global/networks"), (.delete, "projects/acme"),
      (.patch, "projects/acme:getIamPolicy"), (.put, "b/x"),
    ]
    for (method, path) in writes {
      let error = await #expect(throws: ProviderError.self) {
        try await client.send(GCPCall(.resourceManager, "x", .read, method, path))
      }
      #expect(error?.reason == .denied(permission: nil))
    }
    #expect(fixture.transport.requests.count == 4)
  }

  @Test("tokens show in no description")
  func secret() {
    let token = AccessToken("hush")
    var dumped = ""
    dump(token, to: &dumped)
    #expect(!"\(token) \(String(reflecting: token)) \(dumped)".contains("hush"))
  }
}

@Suite("endpoints of Google Cloud")
struct GCPEndpointsTests {
  private func paths(_ endpoints: GCPEndpoints) -> [String] {
    [GCPService.compute, .iam, .monitoring].map { endpoints.url($0).description }
  }

  @Test("each service has its host")
  func official() {
    #expect(
      paths(GCPEndpoints()) == [
        "https://compute.googleapis.com/compute/v1/", "https://iam.googleapis.com/v1/",
        "https://monitoring.googleapis.com/v3/",
      ])
  }

  @Test("one endpoint serves all, each below its name")
  func shared() {
    let environment = Environment([
      "GCP_ENDPOINT_URL": "http://127.0.0.1:8080", "GCP_ENDPOINT_URL_IAM": "https://iam.acme.test/",
    ])
    #expect(
      paths(GCPEndpoints(environment: environment)) == [
        "http://127.0.0.1:8080/compute/v1/", "https://iam.acme.test/v1/", "http://127.0.0.1:8080/monitoring/v3/",
      ])
  }

  @Test("tokens go unencrypted to this machine alone")
  func unencrypted() {
    for (text, isGood) in [
      ("http://127.0.0.1:1", true), ("http://localhost", true), ("https://acme.test", true), ("", true),
      ("http://acme.test", false), ("http://127.0.0.1.acme.test", false), ("nonsense", false),
    ] {
      for name in ["GCP_ENDPOINT_URL", "GCP_ENDPOINT_URL_COMPUTE"] {
        let problem = GCPEndpoints(environment: Environment([name: text])).problem
        #expect((problem == nil) == isGood, "\(text)")
        if !isGood { #expect(problem?.hasPrefix("`\(name)`: ") == true) }
      }
    }
  }
}
