import Builtins
import KubernetesClient
import ProviderKit
import Resources
import Values

/// Kubernetes: types, and a reader and a writer for each cluster.
package struct KubernetesProvider: Provider {
  package let name = "kubernetes"
  package var catalog: TypeCatalog { Self.core }
  /// The clients of its targets.
  let clusters: Clusters

  package init(_ machine: KubernetesMachine) { clusters = Clusters(machine) }

  /// The kinds of Kubernetes itself.
  package static let core: TypeCatalog = {
    guard let file = BuiltinFile.named("Kubernetes/core.json"),
      // The file is part of the program, and a test reads it: its errors are nobody's to read.
      let document = try? JSONReader.parse(file.bytes)
    else { preconditionFailure("Kubernetes/core.json is part of the program") }
    return OpenAPIDocument(document).catalog
  }()

  package func check(_ target: Target) -> [TargetProblem] {
    KubernetesTargetSettings.read(target.settings).problems
  }

  package func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity {
    try await clusters.identify(target)
  }

  package func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader { throw Self.sandboxOnly }

  package func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter {
    throw Self.sandboxOnly
  }

  private static let sandboxOnly = ProviderError(
    .unsupported, effect: .none, "targets of Kubernetes are reached on the sandbox alone: add `--sandbox`")
}
