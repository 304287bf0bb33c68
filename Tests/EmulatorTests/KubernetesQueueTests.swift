import HTTP
import KubernetesClient
import Platform
import TestSupport
import Testing
import Values

/// Queues of Kueue, which a quota has where the cluster serves them. The server is of this suite alone: what a cluster
/// serves all its users see.
@Suite("queues on a cluster")
struct KubernetesQueueTests {
  /// The example's cloud, project and quota, and nothing else of it.
  private static func files() throws -> [String: String] {
    let folder = Moto.packageFolder + "/examples/kinds/kubernetes/manifests"
    return try Dictionary(
      uniqueKeysWithValues: ["Cloud.yaml", "Project.yaml", "Quota.yaml"].map { name in
        (name, try #require(TextFile.read("\(folder)/\(name)")).replacing("target: main", with: "target: lab"))
      })
  }

  @Test("a quota is a queue, too, where Kueue is served, and only there")
  func served() async throws {
    let server = try await KubeServer.start()
    let without = try await KubeEstate(Self.files(), own: server)
    let plan = try await without.expect("plan", says: "to add", "ResourceQuota")
    #expect(!plan.contains("kueue"), "\(plan)")

    let file = Moto.packageFolder + "/Sources/CLibraries/CBuiltins/Kubernetes/kueue.json"
    let definitions = try JSONReader.parse(LocalFiles().read(file))
    for definition in definitions["items"]?.elements ?? Value.null.elements {
      let made = try await without.send(
        .post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition)
      #expect(made.isSuccess, "\(made.failure?.message ?? "")")
    }
    for plural in ["resourceflavors", "clusterqueues", "localqueues"] {
      try await without.untilPublished("kueue.x-k8s.io/v1beta1/\(plural)")
    }
    let with = try await KubeEstate(Self.files(), own: server)
    try await with.expect("apply --auto-approve", says: "ClusterQueue", "LocalQueue", "ResourceFlavor")
    try await with.expectNothingToDo()
    let queues = try await with.object("/apis/kueue.x-k8s.io/v1beta1/clusterqueues")
    let queue = try #require(queues["items"]?[0]?["spec"]?["resourceGroups"]?[0])
    #expect(queue["coveredResources"] == ["pods", "cpu", "memory", "nvidia.com/gpu"])
    #expect(queue["flavors"]?[0]?["resources"]?[1]?["nominalQuota"]?.string == "200")
    let local = try await with.object("/apis/kueue.x-k8s.io/v1beta1/localqueues")
    #expect(local["items"]?[0]?["spec"]?["clusterQueue"] == queues["items"]?[0]?["metadata"]?["name"])
  }
}
