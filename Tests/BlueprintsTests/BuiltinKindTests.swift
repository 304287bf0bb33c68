import AWSProvider
import Blueprints
import Diagnostics
import GCPProvider
import KubernetesProvider
import ProviderKit
import Resources
import Testing

@Suite("Embedded kinds")
struct BuiltinKindTests {
  static let types: TypeCatalog = {
    var types = AWSCatalog.catalog
    types.add(GCPCatalog.catalog)
    types.add(KubernetesProvider.core)
    return types
  }()

  @Test("every embedded blueprint is read and compiled, on every provider, without a remark")
  func compile() {
    let (catalog, problems) = KindCatalog.make([], providers: EstateFixture.providers)
    let found = problems + catalog.embeddedProblems + catalog.check(types: Self.types, in: EstateFixture("").loaded)
    let text = found.map { "\($0.position?.description ?? "-") \($0.code) \($0.message) \($0.hints)" }
    #expect(found.isEmpty, "\(text.joined(separator: "\n"))")
  }
}
