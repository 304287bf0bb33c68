import Diagnostics
import Expressions
import Graphs
import Resources
import Values

extension PlanBuilder {
  /// One place for every address that is desired or recorded, sorted by address.
  mutating func gather(_ register: Register) {
    let moves = moves(register)
    let leaving = Set(moves.values)
    places.reserveCapacity(register.rows.count)
    addresses.reserveCapacity(register.rows.count)
    placeOfResource = Array(repeating: nil, count: input.desired.resources.count)
    for row in register.rows where row.desired != nil || !leaving.contains(row.address) {
      var place = Place(address: row.address, desired: row.desired)
      var records = row.records
      if let source = moves[row.address] {
        place.movedFrom = source
        moved[source] = places.count
        records = register.row(source)?.records ?? records
      }
      for record in register.records[records] {
        if record.isSuperseded { place.superseded.append(record) } else { place.record = record }
      }
      if let desired = row.desired { placeOfResource[desired] = Int32(places.count) }
      addresses.append(row.address)
      places.append(place)
    }
  }

  /// New address to old, where the old one is recorded and no longer desired.
  private func moves(_ register: Register) -> [Address: Address] {
    var moves: [Address: Address] = [:]
    for row in register.rows where row.records.isEmpty {
      guard let resource = row.desired.map({ input.desired.resources[$0] }), let from = resource.lifecycle.movedFrom
      else { continue }
      let rest = resource.address.text.dropFirst(resource.address.manifest.text.count)
      for old in [from, Address(from.text + rest)] {
        guard let left = register.row(old), !left.records.isEmpty, left.desired == nil else { continue }
        moves[resource.address] = old
      }
    }
    addHalfMade(register, &moves)
    return moves
  }

  /// A move whose marker was written and that was never recorded is one still, although the manifest has dropped
  /// `movedFrom` since: the object says where it belongs.
  private func addHalfMade(_ register: Register, _ moves: inout [Address: Address]) {
    for row in register.rows where row.desired == nil {
      for record in register.records[row.records] where !record.isSuperseded {
        guard case .present(let object)? = input.observation.recorded[record.key], let marker = object.marker,
          marker.scope == input.desired.scope, marker.address != row.address, moves[marker.address] == nil,
          let new = register.row(marker.address), new.records.isEmpty, let desired = new.desired,
          input.desired.resources[desired].type == record.type
        else { continue }
        moves[marker.address] = row.address
      }
    }
  }

  /// The place of an address, or of the one that it has moved to.
  func place(at address: Address) -> Int? {
    let position = addresses.partition(by: address) { $0 }
    if position < addresses.count, addresses[position] == address { return position }
    return moved[address]
  }

  /// The place of the resource that holds a slot.
  func owner(of slot: Int) -> Int? {
    input.desired.links.owner(of: slot).flatMap { placeOfResource[$0] }.map(Int.init)
  }

  /// The place that one of a slot's references reads.
  func subject(of reference: Reference, in slot: Int) -> Int? {
    guard let offset = input.desired.slots[slot].template.references.firstIndex(of: reference) else { return nil }
    let subjects = input.desired.links.subjects(of: slot)
    return place(ofResource: subjects[subjects.startIndex + offset])
  }

  /// The places that a slot's references read.
  func subjects(of slot: Int) -> [Int] { input.desired.links.subjects(of: slot).compactMap(place(ofResource:)) }

  private func place(ofResource position: Int32) -> Int? {
    position < 0 ? nil : placeOfResource[Int(position)].map(Int.init)
  }

  /// Who needs whom: by references, late ones apart, and by `dependsOn`.
  mutating func connect() {
    for slot in input.desired.slots.indices {
      guard let owner = owner(of: slot) else { continue }
      let isLate = isLate(slot)
      for subject in subjects(of: slot) {
        if isLate { places[owner].lateNeeds.append(subject) } else { places[owner].needs.append(subject) }
      }
    }
    for position in places.indices {
      guard let desired = places[position].desired else { continue }
      for glob in input.desired.resources[desired].lifecycle.dependsOn {
        if let subject = place(at: glob) {
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
