import ProviderKit
import Resources
import Values

/// Google Cloud: its types, and the checks of its targets. Its services are not spoken to by this version, so estates
/// with targets of Google Cloud plan and apply on the sandbox.
package struct GCPProvider: Provider {
  package let name = "gcp"
  package let catalog = GCPCatalog.catalog

  package init() {}

  package func check(_ target: Target) -> [TargetProblem] {
    guard target.settings["gcp"]?["project"]?.string?.isEmpty ?? true else { return [] }
    return [
      TargetProblem(
        path: ValuePath().appending("gcp").appending("project"), message: "a target of Google Cloud names its project",
        hint: "`gcp: {project: acme-ml, region: europe-west6}`")
    ]
  }

  package func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity { throw Self.sandboxOnly }

  package func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader { throw Self.sandboxOnly }

  package func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter {
    throw Self.sandboxOnly
  }

  private static let sandboxOnly = ProviderError(
    .unsupported, effect: .none, "targets of Google Cloud are reached on the sandbox alone: add `--sandbox`")
}
