import Diagnostics
import Expressions
import Graphs
import Manifests
import Resources
import Values

extension Assembly {
  /// Checks what only shows when all resources are known: moves, releases, and rings of dependencies.
  mutating func checkLinks(_ resources: [Desired]) {
    checkDependencies()
    checkMoves(resources)
    checkReleased()
    checkCycles()
  }

  private mutating func checkDependencies() {
    for dependency in dependencies {
      if let other = index[dependency.address] {
        guard other == dependency.owner else { continue }
        report(
          .selfReference, "`\(dependency.address)` depends on itself", dependency.address, dependency.position
        )
      } else if !broken.contains(dependency.address) {
        report(
          .unknownReference, "there is no manifest `\(dependency.address)`", dependency.address,
          dependency.position,
          hint: Suggestion.hint(for: dependency.address, among: index.keys.sorted()))
      }
    }
  }

  private mutating func checkMoves(_ resources: [Desired]) {
    var movers: [Address: Int] = [:]
    for (position, resource) in resources.enumerated() {
      guard let from = resource.lifecycle.movedFrom else { continue }
      let place = declared[position].document.metadata?["movedFrom"]?.origin
      if let other = index[from.text] {
        let message = other == position ? "the resource has this address now" : "`\(from)` is still written"
        report(
          .lifecycleSetting, message, from.text, place,
          note: other == position ? nil : declared[other].document.origin)
      } else if let first = movers.updateValue(position, forKey: from) {
        report(
          .lifecycleSetting, "two resources were moved from `\(from)`", from.text, place,
          note: declared[first].document.metadata?["movedFrom"]?.origin)
      }
    }
  }

  private mutating func checkReleased() {
    for released in loaded.estate.released {
      guard released.item.contains("/") else {
        report(
          .lifecycleSetting, "`\(released.item)` is no address", released.item, released.position,
          hint: "an address reads `aws.Vpc/name` or `Network/name`")
        continue
      }
      let prefix = Address(released.item)
      guard let still = declared.first(where: { $0.address.isWithin(prefix) }) else { continue }
      report(
        .lifecycleSetting, "`\(still.address)` is released and still written", released.item,
        released.position,
        note: still.document.origin)
    }
  }

  // MARK: Rings

  private mutating func checkCycles() {
    var edges: [DirectedGraph.Edge] = []
    edges.reserveCapacity(slots.count + dependencies.count)
    for slot in slots.indices where !isLate[slot] {
      guard let owner = links.owner(of: slot) else { continue }
      for read in links.subjects(of: slot) where read >= 0 && Int(read) != owner {
        edges.append(DirectedGraph.Edge(from: Int(read), to: owner))
      }
    }
    for dependency in dependencies {
      if let other = index[dependency.address], other != dependency.owner {
        edges.append(DirectedGraph.Edge(from: other, to: dependency.owner))
      }
    }
    for cycle in DirectedGraph(nodeCount: declared.count, edges: edges).cycles() { reportCycle(cycle.nodes) }
  }

  /// The ring in the order of reading: each resource needs the next one first.
  private mutating func reportCycle(_ nodes: [Int]) {
    let ring = Array(nodes.reversed())
    let names = (ring + ring.prefix(1)).map { "`\(declared[$0].address)`" }
    let notes = ring.indices.map { position in
      let next = ring[(position + 1) % ring.count]
      return DiagnosticNote(
        "`\(declared[ring[position]].address)` needs `\(declared[next].address)` here",
        at: place(of: ring[position], reading: next))
    }
    diagnostics.append(
      .error(
        .referenceCycle, "these resources need each other first: \(names.joined(separator: " → "))",
        at: notes.first?.position,
        notes: notes,
        hint: "break the ring: a resource of its own, or a field that is written in a second step"))
  }

  private func place(of owner: Int, reading other: Int) -> SourcePosition? {
    for slot in slots.indices where links.owner(of: slot) == owner && !isLate[slot] {
      if links.subjects(of: slot).contains(Int32(other)) { return slots[slot].origin }
    }
    let subject = declared[other].address.text
    return dependencies.first { $0.owner == owner && $0.address == subject }?.position
  }

  private mutating func report(
    _ code: DiagnosticCode, _ message: String, _ text: String, _ place: SourcePosition?,
    note: SourcePosition? = nil, hint: String? = nil
  ) {
    diagnostics.append(
      .error(
        code, message, at: place, length: text.unicodeScalars.count,
        notes: note.map { [DiagnosticNote("it is written here", at: $0)] } ?? [], hint: hint))
  }
}
