import GCPClient
import HTTP
import ProviderKit
import Resources
import Testing
import Values

@Suite("targets of Google Cloud")
struct SettingsTests {
  @Test("a target names project, places, payer and whom its halves act as")
  func settings() {
    let (settings, problems) = GCPTargetSettings.read([
      "gcp": [
        "project": "acme-ml", "projectNumber": 123, "region": "europe-west6", "quotaProject": "payer",
        "endpoints": ["compute": "https://compute.acme.test"],
      ],
      "credentials": [
        "read": ["impersonate": "plan@acme-ml.iam.gserviceaccount.com", "scopes": ["s"]],
        "write": ["file": "/key.json"],
      ],
    ])
    #expect(problems == [])
    #expect(settings.project == "acme-ml")
    #expect(settings.projectNumber == "123")
    #expect(settings.region == "europe-west6")
    #expect(settings.quotaProject == "payer")
    #expect(settings.endpoints["compute"]?.host == "compute.acme.test")
    #expect(settings.read.impersonate == "plan@acme-ml.iam.gserviceaccount.com")
    #expect(settings.read.scopes == ["s"])
    #expect(settings.write.file == "/key.json")
    #expect(GCPTargetSettings.read(["credentials": ["file": "/k"]]).settings.read.file == "/k")
  }

  @Test(
    "what is wrong is told with its place",
    arguments: [
      (["gcp": ["project": "Acme"]], "gcp.project"), (["gcp": ["project": "123456"]], "gcp.project"),
      (["gcp": ["projectNumber": "acme"]], "gcp.projectNumber"), (["gcp": ["colour": "red"]], "gcp.colour"),
      (["gcp": ["endpoint": "http://acme.test"]], "gcp.endpoint"),
      (["gcp": ["endpoints": ["iam": "nonsense"]]], "gcp.endpoints.iam"),
      (["credentials": ["impersonate": "me"]], "credentials.impersonate"),
      (["credentials": ["read": ["delegates": ["a@b.c"]]]], "credentials.read.delegates"),
      (["credentials": ["file": "/a", "tokenFile": "/b"]], "credentials.tokenFile"),
      (["credentials": ["scopes": "all"]], "credentials.scopes"),
      (["credentials": ["read": [], "x": 1]], "credentials.x"),
    ] as [(Value, String)])
  func problems(_ spec: Value, _ path: String) {
    #expect(GCPTargetSettings.read(spec).problems.map(\.path.description) == [path])
  }

  private func identity(
    _ settings: Value, _ answer: HTTPResponse
  ) async throws -> ProjectIdentity {
    let fixture = GCPFixture { _ in answer }
    let read = GCPTargetSettings.read(["gcp": settings]).settings
    return try await ProjectIdentity.ask(fixture.client(), read, target: "main")
  }

  private static let project = #"{"name": "projects/42", "projectId": "acme-ml", "state": "ACTIVE"}"#

  @Test("the project is the one that the manifest names, by id and number")
  func guarded() async throws {
    let identity = try await identity(["project": "acme-ml", "projectNumber": "42"], .json(200, Self.project))
    #expect(identity == ProjectIdentity(id: "acme-ml", number: "42"))
  }

  @Test(
    "another project, a dying one and one that nobody sees are errors",
    arguments: [
      (
        ["project": "acme-ml", "projectNumber": "43"], HTTPResponse.json(200, project),
        "target main is project number 43, but `acme-ml` has number 42"
      ),
      (
        ["project": "acme-mi"], .json(200, project),
        "target main is project `acme-mi`, but Google Cloud calls it `acme-ml`"
      ),
      (
        ["project": "acme-ml"],
        .json(200, #"{"name": "projects/42", "projectId": "acme-ml", "state": "DELETE_REQUESTED"}"#),
        "target main is project `acme-ml`, which is not active but DELETE_REQUESTED"
      ),
      (
        ["project": "acme-ml"], .googleError(403, "PERMISSION_DENIED"),
        "target main is project `acme-ml`, which does not exist or which the credentials may not see "
          + "(resourcemanager.projects.get): PERMISSION_DENIED: why"
      ),
    ] as [(Value, HTTPResponse, String)])
  func wrong(_ settings: Value, _ answer: HTTPResponse, _ text: String) async {
    let error = await #expect(throws: ProviderError.self) { try await identity(settings, answer) }
    #expect(error?.message == text)
  }
}
