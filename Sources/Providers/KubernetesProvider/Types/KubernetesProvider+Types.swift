import KubernetesClient
import ProviderKit
import Resources
import Values

extension KubernetesProvider {
  package func servedTypes(_ target: Target) -> TypeCatalog? { learned(target)?.catalog }

  /// nil where the target cannot be opened, too: whoever asks the cluster hears why.
  func learned(_ target: Target) -> LearnedTypes? {
    do throws(ProviderError) { return types.types(of: try clusters.client(target, .read).server) } catch { return nil }
  }

  package func learnTypes(_ target: Target, needing names: Set<TypeName>) async throws(ProviderError) {
    try await types.learn(try clusters.client(target, .read), needing: names)
  }

  package func definedTypes(_ manifests: [Value]) -> TypeCatalog {
    OpenAPIDocument(definedBy: manifests, beside: Self.document).catalog
  }
}
