import HTTP
import KubernetesClient
import ProviderKit
import Testing
import Values

@Suite("refusals of an API server")
struct FailureTests {
  private static let request = KubernetesRequest(.post, "/api/v1/namespaces/recsys/pods", body: [:])

  @Test(
    "statuses say what can be done",
    arguments: [
      (400, "BadRequest", ProviderError.Reason.invalid(field: nil)), (401, "Unauthorized", .denied(permission: nil)),
      (403, "Forbidden", .denied(permission: "pods:create")), (404, "NotFound", .notFound),
      (405, "MethodNotAllowed", .unsupported), (409, "AlreadyExists", .conflict), (409, "Conflict", .conflict),
      (410, "Expired", .other), (415, "UnsupportedMediaType", .unsupported), (422, "Invalid", .invalid(field: nil)),
      (500, "InternalError", .transient), (503, "ServiceUnavailable", .transient), (504, "Timeout", .transient),
    ])
  func reasons(_ status: Int, _ code: String, _ reason: ProviderError.Reason) async {
    let fixture = ClientFixture { _ in .failure(status, code) }
    let error = await fixture.failure(Self.request)
    #expect(error?.reason == reason)
    #expect(error?.request.code == code && error?.request.status == status)
    #expect(error?.request.operation == "create pods")
    if case .some(.none) = error?.effect { #expect(status < 500) } else { #expect(status >= 500) }
  }

  @Test("a refused object names the first field at fault")
  func field() async {
    let fixture = ClientFixture { _ in
      .failure(
        422, "Invalid", "Pod is invalid",
        details:
          #"{"causes": [{"reason": "FieldValueRequired", "message": "m", "field": "spec.containers"}]}"#)
    }
    #expect(await fixture.failure(Self.request)?.reason == .invalid(field: "spec.containers"))
  }

  @Test("a full quota and a namespace on its way out are no missing permissions")
  func forbidden() async {
    let quota = ClientFixture { _ in
      .failure(403, "Forbidden", "pods x is forbidden: exceeded quota: gpus, requested: pods=1, used: pods=2")
    }
    #expect(await quota.failure(Self.request)?.reason == .quota(code: "gpus"))
    let leaving = ClientFixture { _ in
      .failure(403, "Forbidden", "no", details: #"{"causes": [{"reason": "NamespaceTerminating", "field": ""}]}"#)
    }
    #expect(await leaving.failure(Self.request)?.reason == .conflict)
  }

  @Test("a path that nobody serves is told from an object that is not there")
  func unserved() async {
    let forms: [HTTPResponse] = [
      .json(404, "404 page not found\n"),
      .failure(404, "NotFound", "the server could not find the requested resource", details: "{}"),
    ]
    for form in forms {
      let fixture = ClientFixture { _ in form }
      #expect(await fixture.failure(Self.request)?.reason == .unsupported)
    }
  }

  @Test("a refusal can be read as an answer, with who else owns the fields")
  func causes() async throws {
    let fixture = ClientFixture { _ in
      .failure(
        409, "Conflict", "Apply failed",
        details:
          #"{"causes": [{"reason": "FieldManagerConflict", "message": "conflict with \"helm\"", "#
          + #""field": ".spec.replicas"}]}"#
      )
    }
    let answer = try await fixture.client().exchange(Self.request)
    #expect(answer.failure?.causes.first?.field == ".spec.replicas")
    #expect(answer.failure?.causes.first?.message == #"conflict with "helm""#)
  }

  @Test("a success that is no JSON is not believed")
  func unreadable() async {
    let fixture = ClientFixture { _ in .json(200, "{") }
    #expect(await fixture.failure(.get("/version"))?.reason == .transient)
  }
}
