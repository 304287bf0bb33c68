import Platform
import TestSupport
import Testing
import Values

/// One manifest of each administration kind, as the example has them, on a real API server.
@Suite("administration kinds on a cluster")
struct KubernetesKindsTests {
  @Test("each is applied, and then there is nothing to do")
  func applies() async throws {
    let folder = Moto.packageFolder + "/examples/kinds/kubernetes/manifests"
    var files: [String: String] = [:]
    for name in try LocalFiles().list(folder) {
      // What is the cluster's own is named after the test.
      files[name] = try #require(TextFile.read("\(folder)/\(name)")).replacing("target: main", with: "target: lab")
        .replacing("ray-system", with: "NS-ray").replacing("recsys", with: "NS-recsys")
        .replacing("name: owners", with: "name: NS-owners")
    }
    #expect(files.count == 8)
    let estate = try await KubeEstate(files)
    try await estate.expect("apply --auto-approve", says: "Resources: 21 added, 0 changed, 0 destroyed.")
    try await estate.expectNothingToDo()
    let program = try await estate.object("/api/v1/namespaces/NS-recsys/serviceaccounts/trainer")
    let role = program["metadata"]?["annotations"]?["eks.amazonaws.com/role-arn"]?.string
    #expect(role == "arn:aws:iam::123456789012:role/trainer")
    let quota = try await estate.object("/api/v1/namespaces/NS-recsys/resourcequotas/ranking")
    #expect(quota["spec"]?["hard"]?["requests.nvidia.com/gpu"]?.string == "8")
  }
}
