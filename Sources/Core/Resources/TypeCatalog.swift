import Synchronization

/// Resource types by name. Types whose making costs something, because a schema has to be read first, are made when
/// they are first asked for, and then kept for the process.
package struct TypeCatalog: Sendable {
  private var entries: [TypeName: Entry]

  private enum Entry: Sendable {
    case made(ResourceType)
    case later(LaterType)

    var type: ResourceType {
      switch self {
      case .made(let type): type
      case .later(let type): type.made
      }
    }
  }

  package init(_ types: [ResourceType] = []) {
    entries = Dictionary(types.map { ($0.name, .made($0)) }, uniquingKeysWith: { _, last in last })
  }

  /// - Parameter make: called once for each type that is asked for, on the caller's thread; gives the type of that
  ///   name.
  package init(_ names: some Sequence<TypeName>, make: @escaping @Sendable (TypeName) -> ResourceType) {
    entries = Dictionary(
      names.map { name in (name, .later(LaterType { make(name) })) }, uniquingKeysWith: { _, last in last })
  }

  package subscript(name: TypeName) -> ResourceType? { entries[name]?.type }

  /// Makes no type.
  package func contains(_ name: TypeName) -> Bool { entries[name] != nil }

  package var isEmpty: Bool { entries.isEmpty }

  /// All types, sorted by name; makes those that were not asked for yet.
  package var all: [ResourceType] { names.compactMap { self[$0] } }

  /// Sorted; makes no type.
  package var names: [TypeName] { entries.keys.sorted() }

  /// The same types, none of which stays inconsistent for longer: for stand-ins that are known to be quicker.
  package func withWindows(atMost window: Duration) -> TypeCatalog {
    TypeCatalog(entries.keys) { [entries] name in
      guard var type = entries[name]?.type else { preconditionFailure("a catalog makes types that it has") }
      type.identity.consistencyWindow = min(type.identity.consistencyWindow, window)
      return type
    }
  }

  package mutating func add(_ other: TypeCatalog) { entries.merge(other.entries) { _, last in last } }
}

/// A type that is made once, when it is first asked for.
private final class LaterType: Sendable {
  private let make: @Sendable () -> ResourceType
  private let kept = Mutex<ResourceType?>(nil)

  init(_ make: @escaping @Sendable () -> ResourceType) { self.make = make }

  var made: ResourceType {
    kept.withLock { kept in
      if let kept { return kept }
      let type = make()
      kept = type
      return type
    }
  }
}
