import Builtins
import ProviderKit
import Resources
import Values

/// Kubernetes: the types that every cluster has, and the checks of its targets. Clusters are not spoken to by this
/// version, so estates with targets of Kubernetes plan and apply on the sandbox.
package struct KubernetesProvider: Provider {
  package let name = "kubernetes"
  package var catalog: TypeCatalog { Self.core }

  package init() {}

  /// The kinds of Kubernetes itself.
  private static let core: TypeCatalog = {
    guard let file = BuiltinFile.named("Kubernetes/core.json"),
      // The file is part of the program, and a test reads it: its errors are nobody's to read.
      let document = try? JSONReader.parse(file.bytes)
    else { preconditionFailure("Kubernetes/core.json is part of the program") }
    return OpenAPIDocument(document).catalog
  }()

  package func check(_ target: Target) -> [TargetProblem] {
    guard target.settings["kubernetes"]?["context"]?.string?.isEmpty ?? true else { return [] }
    return [
      TargetProblem(
        path: ValuePath().appending("kubernetes").appending("context"),
        message: "a target of Kubernetes names the context of its cluster", hint: "`kubernetes: {context: eks-east}`")
    ]
  }

  package func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity { throw Self.sandboxOnly }

  package func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader { throw Self.sandboxOnly }

  package func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter {
    throw Self.sandboxOnly
  }

  private static let sandboxOnly = ProviderError(
    .unsupported, effect: .none, "targets of Kubernetes are reached on the sandbox alone: add `--sandbox`")
}
