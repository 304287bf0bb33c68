import Resources
import Schemas
import Values

extension ListFilter {
  /// Whether an object with this marker is asked for.
  package func includes(_ marker: Marker?) -> Bool { scope.map { $0 == marker?.scope } ?? true }
}

extension Evidence {
  package var asMarker: Marker? { if case .marker(let marker) = self { marker } else { nil } }
  package var asNaturalKey: Value? { if case .naturalKey(let fields) = self { fields } else { nil } }
  package var asToken: OperationToken? { if case .token(let token) = self { token } else { nil } }

  /// Whether the object fits. Tokens are not written on objects, so none fits one.
  package func fits(_ observed: Observed, _ type: ResourceType) -> Bool {
    switch self {
    case .marker(let marker):
      guard let own = observed.marker else { return false }
      return own.scope == marker.scope && own.address == marker.address && own.incarnation == marker.incarnation
    case .token: return false
    case .naturalKey(let fields): return type.haveSameNaturalKey(fields, observed.fields)
    }
  }
}

extension Array {
  /// Consecutive parts of at most `size` items.
  package func chunked(_ size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
