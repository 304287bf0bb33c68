import Expressions
import Resources
import Schemas
import Values

/// The resources of an estate and who needs whom, grouped by the manifest they come from; for drawing.
package struct ResourceGraph: Sendable {
  package struct Node: Sendable, Equatable {
    package var address: Address
    /// `subnet[a]` below a manifest; the manifest's own address for a direct resource.
    package var label: String
    package var type: TypeName
    /// Index into `groups`.
    package var group: Int
  }

  package struct Group: Sendable, Equatable {
    package var address: Address
    /// Indices into `nodes`, in the order of addresses.
    package var nodes: [Int]
    /// True where the manifest is the resource, so that no frame is drawn.
    package var isSingle: Bool
  }

  package struct Edge: Hashable, Sendable {
    /// Made first.
    package var from: Int
    /// Needs the other.
    package var to: Int
    /// Needed only by a second step.
    package var isLate: Bool
  }

  /// Sorted by address.
  package private(set) var nodes: [Node] = []
  package private(set) var groups: [Group] = []
  /// Sorted, each once.
  package private(set) var edges: [Edge] = []

  /// - Parameter matches: which addresses are drawn.
  package init(_ estate: DesiredEstate, catalog: TypeCatalog, where matches: (Address) -> Bool = { _ in true }) {
    let resources = estate.resources.filter { matches($0.address) }.sorted { $0.address < $1.address }
    var index: [String: Int] = [:]
    var groupIndex: [Address: Int] = [:]
    for resource in resources {
      let manifest = resource.address.manifest
      let group = groupIndex[manifest] ?? groups.count
      if group == groups.count {
        groupIndex[manifest] = group
        groups.append(Group(address: manifest, nodes: [], isSingle: manifest == resource.address))
      }
      index[resource.address.text] = nodes.count
      groups[group].nodes.append(nodes.count)
      let isOwn = manifest == resource.address
      let label = isOwn ? manifest.text : String(resource.address.text.dropFirst(manifest.text.count + 1))
      nodes.append(Node(address: resource.address, label: label, type: resource.type, group: group))
    }
    edges = Self.edges(estate, resources, catalog, index)
  }

  private static func edges(
    _ estate: DesiredEstate, _ resources: [Desired], _ catalog: TypeCatalog, _ index: [String: Int]
  ) -> [Edge] {
    var found: Set<Edge> = []
    for slot in estate.slots {
      guard let to = index[slot.owner.text] else { continue }
      let schema = catalog[resources[to].type]?.schema
      let isLate = slot.path.field.flatMap { schema?[$0]?.marks.contains(.late) } ?? false
      for reference in slot.template.references {
        guard let from = index[reference.subject], from != to else { continue }
        found.insert(Edge(from: from, to: to, isLate: isLate))
      }
    }
    for (to, resource) in resources.enumerated() {
      for address in resource.lifecycle.dependsOn {
        guard let from = index[address.text], from != to else { continue }
        found.insert(Edge(from: from, to: to, isLate: false))
      }
    }
    // What is needed at once is not drawn a second time as needed later.
    found = found.filter { !$0.isLate || !found.contains(Edge(from: $0.from, to: $0.to, isLate: false)) }
    return found.sorted { ($0.from, $0.to, $0.isLate ? 1 : 0) < ($1.from, $1.to, $1.isLate ? 1 : 0) }
  }
}
