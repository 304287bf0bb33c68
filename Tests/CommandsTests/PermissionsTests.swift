import TestSupport
import Testing

/// What credentials must be allowed, in each provider's own form.
@Suite("plumb permissions")
struct PermissionsTests {
  private static let files = [
    "plumb.yaml": """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: demo, id: est-abc123}
    spec:
      defaults: {targets: {aws: amazon, gcp: google}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: amazon}
    spec: {aws: {accountId: "123456789012", region: us-west-2}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: google}
    spec: {gcp: {project: acme-ml, region: europe-west6}}

    """,
    "manifests/all.yaml": """
    apiVersion: aws.plumb.dev/v1
    kind: Key
    metadata: {name: key}
    spec: {description: for tests}
    ---
    apiVersion: gcp.plumb.dev/v1
    kind: Network
    metadata: {name: net}
    spec: {autoCreateSubnetworks: false}

    """,
  ]

  @Test("each provider's document, for reading and for writing, of an estate and of a plan")
  func documents() async throws {
    let binary = BuiltBinary(Self.files)
    let text = try await binary.transcript([
      "permissions --for plan", "permissions --target google", "permissions --target nobody",
      "plan --sandbox --only gcp.Network/net --out net.plan",
      "permissions net.plan", "permissions net.plan --for plan --json",
    ])
    expectSnapshot(text)
  }

  @Test("a secret manager that is asked stands in the document of its target, for every run")
  func secrets() async throws {
    let secret = { (name: String, place: String) in
      "apiVersion: gcp.plumb.dev/v1\nkind: Secret\nmetadata: {name: \(name)}\n"
        + "spec: {secretId: \(name), payload: {valueFrom: {secretManager: \(place)}}}\n---\n"
    }
    var files = Self.files
    files["manifests/all.yaml"] = secret("own", "source") + secret("other", "{name: app/db, target: amazon}")
    let binary = BuiltBinary(files)
    #expect(try await binary.run("plan --sandbox --out a.plan").code == 0)
    for line in ["permissions --for plan", "permissions", "permissions a.plan", "permissions a.plan --for plan"] {
      let answer = try await binary.run(line)
      #expect(answer.text.contains("\"secretsmanager:GetSecretValue\""), "\(line): \(answer.text)\(answer.errorText)")
      #expect(answer.text.contains("- secretmanager.versions.access"), "\(line): \(answer.text)")
    }
  }
}
