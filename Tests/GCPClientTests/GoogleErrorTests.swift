import HTTP
import ProviderKit
import Testing
import Values

@testable import GCPClient

@Suite("errors of Google Cloud")
struct GoogleErrorTests {
  private func failure(_ response: HTTPResponse, _ call: GCPCall = GCPFixture.write) async -> ProviderError? {
    let fixture = GCPFixture { _ in response }
    return await #expect(throws: ProviderError.self) { try await fixture.client().send(call) }
  }

  @Test(
    "the older form's reasons say what can be done",
    arguments: [
      (403, "rateLimitExceeded", ProviderError.Reason.throttled(retryAfter: nil)),
      (429, "rateLimitExceeded", .throttled(retryAfter: nil)), (403, "quotaExceeded", .quota(code: "quotaExceeded")),
      (400, "resourceNotReady", .conflict), (400, "resourceInUseByAnotherResource", .conflict),
      (409, "alreadyExists", .conflict), (412, "conditionNotMet", .conflict), (404, "notFound", .notFound),
      (400, "invalid", .invalid(field: nil)), (503, "backendError", .transient), (500, "internalError", .transient),
      (401, "authError", .denied(permission: nil)), (403, "forbidden", .denied(permission: nil)),
      (501, "notImplemented", .unsupported),
    ])
  func old(_ status: Int, _ code: String, _ reason: ProviderError.Reason) async {
    let error = await failure(.oldError(status, code))
    #expect(error?.reason == reason)
    #expect(
      error?.request == RequestFacts(service: "compute", operation: "networks.insert", status: status, code: code))
    #expect(status < 500 ? error?.hasNoEffect == true : error?.hasUnknownEffect == true)
  }

  @Test(
    "the newer form's statuses say what can be done",
    arguments: [
      (429, "RESOURCE_EXHAUSTED", ProviderError.Reason.throttled(retryAfter: nil)),
      (409, "ALREADY_EXISTS", .conflict), (409, "ABORTED", .conflict), (400, "FAILED_PRECONDITION", .conflict),
      (400, "INVALID_ARGUMENT", .invalid(field: nil)), (403, "PERMISSION_DENIED", .denied(permission: nil)),
      (404, "NOT_FOUND", .notFound), (503, "UNAVAILABLE", .transient), (504, "DEADLINE_EXCEEDED", .transient),
    ])
  func new(_ status: Int, _ code: String, _ reason: ProviderError.Reason) async {
    let error = await failure(.googleError(status, code))
    #expect(error?.reason == reason)
    #expect(error?.request.code == code)
  }

  @Test("a service that is not enabled is named with what to do")
  func disabled() async {
    let details = """
      {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED", "domain": "googleapis.com",
      "metadata": {"service": "redis.googleapis.com", "consumer": "projects/1"}}
      """
    let error = await failure(.googleError(403, "PERMISSION_DENIED", "off", details: details))
    #expect(error?.reason == .denied(permission: nil))
    #expect(error?.request.code == "SERVICE_DISABLED")
    #expect(
      error?.message
        == "`redis.googleapis.com` is not enabled in the project: add a `gcp.ProjectService`, or enable it "
        + "(SERVICE_DISABLED: off)")
  }

  @Test("a wrong field is named with what is wrong about it")
  func field() async {
    let details = """
      {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations":
      [{"field": "instance.tier", "description": "no such tier"}]}
      """
    let error = await failure(.googleError(400, "INVALID_ARGUMENT", "bad", details: details))
    #expect(error?.reason == .invalid(field: "instance.tier"))
    #expect(error?.message == "INVALID_ARGUMENT: bad: no such tier")
    #expect(await failure(.oldError(400, "invalid", location: "cidr"))?.reason == .invalid(field: "cidr"))
  }

  @Test(
    "the permission that is missing comes from the message",
    arguments: [
      ("Required 'compute.networks.create' permission for 'projects/acme'", "compute.networks.create"),
      ("Permission 'iam.roles.get' denied on resource (or it may not exist).", "iam.roles.get"),
      (
        "ana@acme.iam.gserviceaccount.com does not have storage.buckets.get access to the bucket.",
        "storage.buckets.get"
      ),
      ("Permission denied on compute.googleapis.com", nil), ("no", nil),
    ])
  func permission(_ message: String, _ permission: String?) async {
    #expect(await failure(.oldError(403, "forbidden", message))?.reason == .denied(permission: permission))
  }

  @Test("how long to wait comes from the header, else from the answer")
  func retryAfter() async {
    let info = #"{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2.5s"}"#
    let told = await failure(.googleError(429, "RESOURCE_EXHAUSTED", details: info))
    #expect(told?.reason == .throttled(retryAfter: .milliseconds(2500)))
    let both = await failure(.googleError(429, "RESOURCE_EXHAUSTED", details: info, ["Retry-After": "7"]))
    #expect(both?.reason == .throttled(retryAfter: .seconds(7)))
  }

  @Test("the request's id is kept")
  func requestID() async {
    let info = #"{"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "r-1"}"#
    #expect(await failure(.googleError(404, "NOT_FOUND", details: info))?.request.requestID == "r-1")
  }

  @Test("a page of a gateway is no answer of the API")
  func foreign() async {
    #expect(await failure(.json(404, "<html>404</html>"))?.reason == .unsupported)
    #expect(await failure(.json(502, "<html>502</html>"))?.reason == .transient)
  }

  @Test("an answer that is cut off leaves open what happened")
  func cut() async {
    let error = await failure(.json(200, #"{"kind": "comp"#))
    #expect(error?.reason == .transient)
    #expect(error?.hasUnknownEffect == true)
  }
}
