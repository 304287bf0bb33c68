import AWSProvider
import Blueprints
import Diagnostics
import GCPProvider
import KubernetesProvider
import Manifests
import Platform
import Resources
import TestSupport

/// An estate in memory, loaded and built against the types of AWS.
struct EstateFixture {
  static let providers = ["aws", "gcp", "kubernetes", "sandbox"]

  static let estate = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: test, id: est-test}
    spec:
      defaults: {targets: {aws: main}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec:
      aws: {accountId: "123456789012", region: us-west-2}

    """

  let loaded: LoadedEstate
  let desired: DesiredEstate
  let diagnostics: [Diagnostic]

  /// The types of every provider.
  static let everyType: TypeCatalog = {
    var types = AWSCatalog.catalog
    types.add(GCPCatalog.catalog)
    types.add(KubernetesProvider.core)
    return types
  }()

  init(_ manifests: String, estate: String = Self.estate, catalog: TypeCatalog = AWSCatalog.catalog) {
    self.init(files: ["plumb.yaml": estate, "manifests/a.yaml": manifests], catalog: catalog)
  }

  init(files: [String: String], catalog: TypeCatalog = AWSCatalog.catalog) {
    let system = SimulatedFiles(
      Dictionary(files.map { ("/e/\($0.key)", $0.value) }, uniquingKeysWith: { $1 }))
    self.init(EstateLoader(files: system, providers: Self.providers).load(root: "/e"), catalog: catalog)
  }

  init(_ loaded: LoadedEstate, catalog: TypeCatalog = AWSCatalog.catalog) {
    self.loaded = loaded
    let kinds = KindCatalog.make(loaded.documents, providers: Self.providers, files: [])
    let built = DesiredStateBuilder.build(
      loaded, catalog: catalog, providers: Self.providers, scope: ScopeID(estate: loaded.estate.id),
      kinds: kinds.catalog)
    desired = built.desired
    diagnostics = (loaded.diagnostics + kinds.diagnostics + built.diagnostics).inSourceOrder()
  }

  subscript(_ address: String) -> Desired? { desired.resources.first { $0.address.text == address } }

  /// `1201 manifests/a.yaml:3:4`, in source order.
  var summary: [String] {
    diagnostics.map { "\($0.code.number) \($0.position?.description ?? "-")" }
  }
}
