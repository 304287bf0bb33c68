import Blueprints
import Diagnostics
import Synchronization

/// The kinds that are part of the program, read once a process for each set of providers.
struct EmbeddedKinds: Sendable {
  /// To add an estate's own to.
  var builder: KindCatalogBuilder
  var catalog: KindCatalog
  var diagnostics: [Diagnostic]

  private static let read = Mutex<[[String]: EmbeddedKinds]>([:])

  static func of(_ providers: [String]) -> EmbeddedKinds {
    if let known = read.withLock({ $0[providers] }) { return known }
    let builder = KindCatalogBuilder(providers: providers)
    var finished = builder
    let (catalog, diagnostics) = finished.finish()
    let kinds = EmbeddedKinds(builder: builder, catalog: catalog, diagnostics: diagnostics)
    read.withLock { $0[providers] = kinds }
    return kinds
  }
}
