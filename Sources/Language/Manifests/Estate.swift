import Diagnostics
import Values

/// What `plumb.yaml` says of the whole estate.
package struct Estate: Sendable {
  package var name: String
  /// Ownership is (id, environment, address); empty only where diagnostics say why.
  package var id: String
  /// The folder of `plumb.yaml`, absolute.
  package var root: String
  package var include: [String]
  /// `spec.inventory` as written; nil stands for SQLite below `.plumb/`.
  package var inventory: Value?
  /// The target of each provider's resources, where they name none.
  package var defaultTargets: [Placed<DefaultTarget>]
  /// Tags of every resource that can carry tags; a map of strings.
  package var defaultTags: Value?
  package var released: [Placed<String>]
  package var targets: [TargetDeclaration]
  /// In the order of `spec.variables`.
  package var variables: [VariableDeclaration]
  package var origin: SourcePosition?

  package struct DefaultTarget: Sendable {
    package var provider: String
    package var target: String
  }

  package init(root: String) {
    name = ""
    id = ""
    self.root = root
    include = Self.standardInclude
    inventory = nil
    defaultTargets = []
    defaultTags = nil
    released = []
    targets = []
    variables = []
    origin = nil
  }

  package static let fileName = "plumb.yaml"
  /// Files that `init` writes and that are read when nothing else is said.
  package static let standardInclude = ["manifests/**/*.yaml", "manifests/**/*.yml"]
}

/// Something together with where it was written.
package struct Placed<Item: Sendable>: Sendable {
  package var item: Item
  package var position: SourcePosition?

  package init(_ item: Item, at position: SourcePosition?) {
    self.item = item
    self.position = position
  }
}

/// A `Target` document.
package struct TargetDeclaration: Sendable {
  package var name: String
  /// The provider named by the key of its spec.
  package var provider: String
  /// The whole `spec`: the provider's own key, credentials, endpoints, limits.
  package var settings: Value
  package var origin: SourcePosition?
}
