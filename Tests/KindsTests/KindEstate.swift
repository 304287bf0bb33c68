import AWSProvider
import Blueprints
import Diagnostics
import Expressions
import GCPProvider
import KubernetesProvider
import Manifests
import Platform
import ProviderKit
import Resources
import Values

/// An estate of the administration kinds, built against the types of every provider.
struct KindEstate {
  static let providers = ["aws", "gcp", "kubernetes"]
  static let kinds = [
    "Organization", "Cloud", "Network", "Storage", "Project", "Principal", "RoleBinding", "Quota",
  ]
  static let project = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
    separator: "/")

  let desired: DesiredEstate
  let diagnostics: [Diagnostic]
  private let files: [String: String]

  /// Files by their paths below the estate, and what targets serve of their own.
  init(_ files: [String: String], served: [String: TypeCatalog] = [:]) {
    self.files = files
    let system = SimulatedFiles(
      Dictionary(files.map { ("/e/\($0.key)", $0.value) }, uniquingKeysWith: { _, last in last }))
    let loaded = EstateLoader(files: system, providers: Self.providers).load(root: "/e")
    let kinds = KindCatalog.make(loaded.documents, providers: Self.providers)
    let built = DesiredStateBuilder.build(
      loaded, catalog: Self.catalog, providers: Self.providers, scope: ScopeID(estate: "est-kinds"),
      kinds: kinds.catalog, served: served)
    desired = built.desired
    diagnostics = (loaded.diagnostics + kinds.diagnostics + built.diagnostics).inSourceOrder()
  }

  /// The examples of one provider, and files over them.
  init(example provider: String, over: [String: String] = [:]) throws {
    self.init(try Self.files(example: provider).merging(over) { _, last in last })
  }

  /// The examples of one provider by their paths below the estate.
  static func files(example provider: String) throws -> [String: String] {
    var files: [String: String] = [:]
    let root = "\(project)/examples/kinds/\(provider)"
    for name in ["plumb"] + kinds.map({ "manifests/\($0)" }) {
      files["\(name).yaml"] = String(decoding: try LocalFiles().read("\(root)/\(name).yaml"), as: UTF8.self)
    }
    return files
  }

  private static let catalog: TypeCatalog = {
    var catalog = AWSCatalog.catalog
    catalog.add(GCPCatalog.catalog)
    catalog.add(KubernetesProvider.core)
    return catalog
  }()

  /// The problems as users see them.
  var report: String {
    DiagnosticRenderer { path in
      files[path].map { Array($0.utf8) } ?? KindCatalog.source(path)
    }.text(diagnostics)
  }

  /// What one resource is asked to be: its type, its lifecycle, its fields; what is not known yet as its expression.
  func text(of resource: Desired) -> String {
    var lines = ["\(resource.address.text): \(resource.type) on \(resource.target)"]
    if resource.lifecycle.managementPolicy != .full { lines.append("  policy \(resource.lifecycle.managementPolicy)") }
    if resource.lifecycle.protect { lines.append("  protected") }
    if let adopt = resource.lifecycle.adopt { lines.append("  adopts \(adopt)") }
    if !resource.lifecycle.dependsOn.isEmpty {
      lines.append("  after \(resource.lifecycle.dependsOn.map(\.text).joined(separator: ", "))")
    }
    let fields = KindText(slots: desired.slots).lines(resource.fields, indent: "  ")
    return (lines + fields).joined(separator: "\n")
  }
}
