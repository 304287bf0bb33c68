import Diagnostics
import Expressions
import Graphs
import Resources
import Values

extension PlanBuilder {
  /// One place for every address that is desired or recorded, sorted by address.
  mutating func gather() {
    var records: [Address: [Recorded]] = [:]
    for record in input.records { records[record.address, default: []].append(record) }
    var desired: [Address: Int] = [:]
    desired.reserveCapacity(input.desired.resources.count)
    if input.options.mode == .apply {
      for (position, resource) in input.desired.resources.enumerated() { desired[resource.address] = position }
    }
    let moves = moves(desired, records)
    let leaving = Set(moves.values)
    var addresses = Array(desired.keys)
    addresses += records.keys.filter { desired[$0] == nil && !leaving.contains($0) }
    addresses.sort()
    places.reserveCapacity(addresses.count)
    for address in addresses {
      var place = Place(address: address, desired: desired[address])
      let source = moves[address] ?? address
      for record in (records[source] ?? []).sorted(by: { $0.incarnation < $1.incarnation }) {
        if record.isSuperseded { place.superseded.append(record) } else { place.record = record }
      }
      if source != address {
        place.movedFrom = source
        index[source] = places.count
      }
      index[address] = places.count
      places.append(place)
    }
  }

  /// New address to old, where the old one is recorded and no longer desired.
  private func moves(_ desired: [Address: Int], _ records: [Address: [Recorded]]) -> [Address: Address] {
    var moves: [Address: Address] = [:]
    for resource in input.desired.resources where input.options.mode == .apply {
      guard let from = resource.lifecycle.movedFrom, records[resource.address] == nil else { continue }
      let rest = resource.address.text.dropFirst(resource.address.manifest.text.count)
      for old in [from, Address(from.text + rest)] where records[old] != nil && desired[old] == nil {
        moves[resource.address] = old
      }
    }
    return moves
  }

  /// Who needs whom: by references, late ones apart, and by `dependsOn`.
  mutating func connect() {
    for slot in input.desired.slots {
      guard let owner = index[slot.owner], places[owner].desired != nil else { continue }
      let isLate = isLate(slot)
      for reference in slot.template.references {
        guard let subject = index[Address(reference.subject)] else { continue }
        if isLate { places[owner].lateNeeds.append(subject) } else { places[owner].needs.append(subject) }
      }
    }
    for position in places.indices {
      guard let desired = places[position].desired else { continue }
      for glob in input.desired.resources[desired].lifecycle.dependsOn {
        if let subject = index[glob] {
          places[position].needs.append(subject)
        } else {
          places[position].needs += places.indices.filter { places[$0].address.isWithin(glob) && $0 != position }
        }
      }
      places[position].needs = unique(places[position].needs)
      places[position].lateNeeds = unique(places[position].lateNeeds)
    }
  }

  private func unique(_ list: [Int]) -> [Int] { list.count < 2 ? list : Array(Set(list)).sorted() }

  /// Finds the order in which references can be resolved; a cycle is a diagnostic that shows the path.
  mutating func order() {
    var edges: [DirectedGraph.Edge] = []
    for (position, place) in places.enumerated() {
      for need in place.needs { edges.append(DirectedGraph.Edge(from: need, to: position)) }
    }
    let graph = DirectedGraph(nodeCount: places.count, edges: edges)
    do throws(Cycle) {
      resolutionOrder = try graph.topologicalOrder()
    } catch {
      let path = (error.nodes + error.nodes.prefix(1)).map { "`\(places[$0].address)`" }.joined(separator: " → ")
      diagnostics.append(.error(.dependencyCycle, "these resources need each other: \(path)"))
      resolutionOrder = Array(places.indices)
    }
  }
}
