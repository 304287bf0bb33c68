import AWSClient
import HTTP
import Platform
import ProviderKit
import Testing
import Values

@Suite("errors of AWS")
struct ErrorTests {
  @Test(
    "codes say what can be done",
    arguments: [
      ("RequestLimitExceeded", 503, ProviderError.Reason.throttled(retryAfter: nil)),
      ("Throttling", 400, .throttled(retryAfter: nil)), ("ThrottlingException", 400, .throttled(retryAfter: nil)),
      ("SlowDown", 503, .throttled(retryAfter: nil)), ("InternalError", 500, .transient),
      ("ServiceUnavailable", 503, .transient), ("Whatever", 502, .transient),
      ("UnauthorizedOperation", 403, .denied(permission: "ec2:CreateVpc")),
      ("AccessDenied", 403, .denied(permission: "ec2:CreateVpc")),
      ("DependencyViolation", 400, .conflict), ("DeleteConflict", 409, .conflict),
      ("EntityAlreadyExists", 409, .conflict), ("BucketNotEmpty", 409, .conflict),
      ("InvalidGroup.Duplicate", 400, .conflict), ("Resource.AlreadyAssociated", 400, .conflict),
      ("InvalidVpcID.NotFound", 400, .notFound), ("NoSuchEntity", 404, .notFound), ("NoSuchBucket", 404, .notFound),
      ("NatGatewayNotFound", 400, .notFound), ("VpcLimitExceeded", 400, .quota(code: "VpcLimitExceeded")),
      ("LimitExceeded", 409, .quota(code: "LimitExceeded")), ("TooManyBuckets", 400, .quota(code: "TooManyBuckets")),
      ("InvalidParameterValue", 400, .invalid(field: nil)), ("MalformedPolicyDocument", 400, .invalid(field: nil)),
      ("InvalidAction", 400, .unsupported), ("UnsupportedOperation", 400, .unsupported),
    ])
  func reasons(_ code: String, _ status: Int, _ reason: ProviderError.Reason) async {
    let fixture = ClientFixture { _ in .ec2Error(status, code) }
    let error = await #expect(throws: ProviderError.self) { try await fixture.client().send(ClientFixture.write) }
    #expect(error?.reason == reason)
    #expect(
      error?.request
        == RequestFacts(service: "ec2", operation: "CreateVpc", status: status, code: code, requestID: "r-1"))
    #expect(fixture.transport.requests.count == 1)
    if status < 500 { #expect(error?.hasNoEffect == true) }
  }

  @Test("each protocol's wording is read")
  func wordings() async {
    let forms = [
      "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>m</Message></Error>"
        + "<RequestId>r-1</RequestId></ErrorResponse>",
      "<Error><Code>NoSuchBucket</Code><Message>m</Message><RequestId>r-1</RequestId></Error>",
    ]
    for form in forms {
      let fixture = ClientFixture { _ in .xml(404, form) }
      let error = await #expect(throws: ProviderError.self) { try await fixture.client().send(ClientFixture.write) }
      #expect(error?.reason == .notFound)
      #expect(error?.request.requestID == "r-1")
    }
  }

  @Test("the permission that is missing comes from the message where it is named")
  func permission() async {
    let fixture = ClientFixture { _ in
      .ec2Error(
        403, "UnauthorizedOperation",
        "User: arn:aws:iam::1:user/x is not authorized to perform: ec2:CreateTags on resource: y")
    }
    let error = await #expect(throws: ProviderError.self) { try await fixture.client().send(ClientFixture.write) }
    #expect(error?.reason == .denied(permission: "ec2:CreateTags"))
  }

  @Test("what is no answer of the API is permanent; a gateway's page is not", arguments: [500, 404, 200])
  func foreign(_ status: Int) async {
    let fixture = ClientFixture { _ in .xml(status, "<!doctype html><html><body>Not here</body></html>") }
    let error = await #expect(throws: ProviderError.self) { try await fixture.client().send(ClientFixture.read) }
    if status == 200 {
      #expect(error?.reason == .transient)
    } else {
      #expect(error?.reason == .unsupported)
      #expect(fixture.transport.requests.count == 1)
    }
    let gateway = ClientFixture { _ in .xml(502, "<html><body>Bad gateway</body></html>") }
    let second = await #expect(throws: ProviderError.self) { try await gateway.client().send(ClientFixture.write) }
    #expect(second?.reason == .transient)
    #expect(second?.isOfUnknownEffect == true)
  }

  @Test("reads and calls with a token are tried again, creates without are not")
  func retries() async throws {
    for (call, attempts) in [(ClientFixture.read, 5), (ClientFixture.repeatable, 5), (ClientFixture.write, 1)] {
      let fixture = ClientFixture { _ in .ec2Error(503, "Unavailable") }
      await #expect(throws: ProviderError.self) { try await fixture.client().send(call) }
      #expect(fixture.transport.requests.count == attempts)
      #expect(fixture.transport.requests.allSatisfy { ($0.reuse == .freshConnection) == (attempts == 1) })
    }
    let lost = ClientFixture { _ throws(HTTPError) in
      throw HTTPError(.connectionLost, phase: .firstByte, effect: .sent, text: "lost")
    }
    let error = await #expect(throws: ProviderError.self) { try await lost.client().send(ClientFixture.write) }
    #expect(lost.transport.requests.count == 1)
    #expect(error?.isOfUnknownEffect == true)
  }

  @Test("a service's wish to wait is heard")
  func retryAfter() async {
    let fixture = ClientFixture { _ in .ec2Error(503, "ServiceUnavailable", "busy", ["Retry-After": "3"]) }
    await #expect(throws: ProviderError.self) { try await fixture.client().send(ClientFixture.read) }
    #expect(fixture.time.elapsed >= .seconds(4 * 3))
  }

  @Test("a transport for reads refuses every other operation, whatever it is labelled")
  func readOnly() async throws {
    var machine = ClientFixture { _ in .xml(200, "<r/>") }.machine
    machine.transport = ReadOnlyTransport(machine.transport, allowing: ReadOperations.allows)
    let client = AWSClient(
      machine, region: "us-west-2", endpoints: AWSEndpoints(),
      credentials: StaticCredentials(AWSCredentials(accessKeyID: "AKIA", secretAccessKey: "secret")))
    try await client.send(ClientFixture.read)
    for call in [
      ClientFixture.write, AWSCall(.iam, "PutRolePolicy", .repeatable, [:]),
      AWSCall(.s3, "GetThatDeletes", .read, rest: RESTParts(.delete, bucket: "b")),
    ] {
      let error = await #expect(throws: ProviderError.self) { try await client.send(call) }
      #expect(error?.reason == .denied(permission: call.permission))
      #expect(error?.hasNoEffect == true)
    }
  }
}

extension ProviderError {
  var hasNoEffect: Bool { if case .none = effect { true } else { false } }
  var isOfUnknownEffect: Bool { if case .unknown = effect { true } else { false } }
}
