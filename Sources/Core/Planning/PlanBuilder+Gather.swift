import Diagnostics
import Expressions
import Graphs
import Resources
import Values

extension PlanBuilder {
  /// One place for every address that is desired or recorded, sorted by address.
  mutating func gather() {
    let records = RecordTable(input.records)
    var desired: [Address: Int] = [:]
    desired.reserveCapacity(input.desired.resources.count)
    if input.options.mode == .apply {
      for (position, resource) in input.desired.resources.enumerated() { desired[resource.address] = position }
    }
    let moves = moves(desired, records)
    let leaving = Set(moves.values)
    // Recorded addresses are in order already, which the sort makes use of.
    var addresses = records.addresses.filter { !leaving.contains($0) || desired[$0] != nil }
    addresses += desired.keys.filter { records[$0].isEmpty }
    addresses.sort()
    places.reserveCapacity(addresses.count)
    index.reserveCapacity(addresses.count)
    for address in addresses {
      var place = Place(address: address, desired: desired[address])
      let source = moves[address] ?? address
      for record in records[source] {
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
  private func moves(_ desired: [Address: Int], _ records: RecordTable) -> [Address: Address] {
    var moves: [Address: Address] = [:]
    for resource in input.desired.resources where input.options.mode == .apply {
      guard let from = resource.lifecycle.movedFrom, records[resource.address].isEmpty else { continue }
      let rest = resource.address.text.dropFirst(resource.address.manifest.text.count)
      for old in [from, Address(from.text + rest)] where !records[old].isEmpty && desired[old] == nil {
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

/// Records by address, each address's in the order of their incarnations.
private struct RecordTable {
  private let records: [Recorded]
  private var ranges: [Address: Range<Int>] = [:]
  /// Sorted.
  private(set) var addresses: [Address] = []

  init(_ unordered: [Recorded]) {
    let isSorted = zip(unordered, unordered.dropFirst()).allSatisfy { $0.key < $1.key }
    records = isSorted ? unordered : unordered.sorted { $0.key < $1.key }
    ranges.reserveCapacity(records.count)
    addresses.reserveCapacity(records.count)
    var start = 0
    while start < records.count {
      let address = records[start].address
      var end = start + 1
      while end < records.count, records[end].address == address { end += 1 }
      ranges[address] = start..<end
      addresses.append(address)
      start = end
    }
  }

  subscript(address: Address) -> ArraySlice<Recorded> { ranges[address].map { records[$0] } ?? [] }
}
