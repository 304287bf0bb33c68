import Blueprints
import Synchronization

/// The kinds that are part of the program, each read once a process for each set of providers.
struct EmbeddedKinds: Sendable {
  /// To add an estate's own to.
  var builder: KindCatalogBuilder
  var catalog: KindCatalog

  private static let read = Mutex<[[String]: EmbeddedKinds]>([:])

  static func of(_ providers: [String]) -> EmbeddedKinds {
    if let known = read.withLock({ $0[providers] }) { return known }
    let builder = KindCatalogBuilder(providers: providers)
    var finished = builder
    let kinds = EmbeddedKinds(builder: builder, catalog: finished.finish().catalog)
    read.withLock { $0[providers] = kinds }
    return kinds
  }
}
