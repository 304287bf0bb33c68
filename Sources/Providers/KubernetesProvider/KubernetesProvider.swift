import Builtins
import HTTP
import KubernetesClient
import ProviderKit
import Resources
import Values

/// Kubernetes: any object of any kind that a cluster serves, and a reader and a writer for each cluster.
package struct KubernetesProvider: Provider {
  package let name = "kubernetes"
  package var catalog: TypeCatalog { Self.core }
  /// The clients of its targets.
  let clusters: Clusters
  /// What they serve.
  let types: TypeStore
  private let directories: KindDirectories

  /// - Parameter folder: where is kept what clusters serve; nil keeps nothing beyond this process.
  package init(_ machine: KubernetesMachine, folder: String? = nil) {
    clusters = Clusters(machine)
    types = TypeStore(folder: folder, files: machine.files, time: machine.time)
    directories = KindDirectories()
  }

  /// The kinds of Kubernetes itself, and those of its extensions that administration kinds make where a cluster serves
  /// them.
  package static let core: TypeCatalog = {
    var catalog = document.catalog
    let extensions = builtin("Kubernetes/kueue.json")["items"]?.elements.map { $0 } ?? []
    catalog.add(OpenAPIDocument(definedBy: extensions, beside: document).catalog)
    return catalog
  }()
  static let document = OpenAPIDocument(builtin("Kubernetes/core.json"))

  private static func builtin(_ name: String) -> Value {
    // The file is part of the program, and a test reads it: its errors are nobody's to read.
    guard let file = BuiltinFile.named(name), let document = try? JSONReader.parse(file.bytes) else {
      preconditionFailure("\(name) is part of the program")
    }
    return document
  }

  package func check(_ target: Target) -> [TargetProblem] {
    KubernetesTargetSettings.read(target.settings).problems
  }

  package func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity {
    try await clusters.identify(target)
  }

  package func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader {
    KubernetesReader(cluster: try await open(target, .read))
  }

  package func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter {
    KubernetesWriter(cluster: try await open(target, .write))
  }

  func open(_ target: Target, _ half: Clusters.Half) async throws(ProviderError) -> Cluster {
    Cluster(client: try await clusters.open(target, half), kinds: directories.of(target.name, learned(target)))
  }

  package func needs(of resources: [Desired]) -> [Address: [Address]] {
    let index = ObjectNeeds(resources)
    var needs: [Address: [Address]] = [:]
    for resource in resources {
      let found = index.needs(of: resource)
      if !found.isEmpty { needs[resource.address] = found }
    }
    return needs
  }

  /// Every request so far, by verb and resource.
  package var requestCounts: [HTTPOperation: Int] { clusters.requestCounts }
}
