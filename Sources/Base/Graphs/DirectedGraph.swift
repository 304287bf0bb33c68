/// A directed graph over the dense nodes `0..<nodeCount`, frozen when built: neighbours lie side by side in
/// one array.
///
/// An edge says that `from` comes before `to`. Repeated edges count once in every answer.
package struct DirectedGraph: Sendable {
  package struct Edge: Hashable, Sendable {
    package var from: Int32
    package var to: Int32

    package init(from: Int, to: Int) {
      self.from = Int32(from)
      self.to = Int32(to)
    }
  }

  package enum Direction: Sendable {
    /// Along the edges: what comes after.
    case forward
    /// Against them: what comes before.
    case backward
  }

  package let nodeCount: Int
  let forward: Neighbours
  let backward: Neighbours

  /// - Precondition: every edge joins nodes of `0..<nodeCount`; at most 2^31 - 1 nodes and edges.
  package init(nodeCount: Int, edges: [Edge]) {
    precondition(
      nodeCount >= 0 && nodeCount < Int(Int32.max) && edges.count < Int(Int32.max), "the graph is too large")
    self.nodeCount = nodeCount
    forward = Neighbours(nodeCount, edges, isReversed: false)
    backward = Neighbours(nodeCount, edges, isReversed: true)
  }

  /// The nodes right after this one, in the order their edges were given.
  package func successors(of node: Int) -> ArraySlice<Int32> { forward.of(node) }

  /// The nodes right before this one, in the order their edges were given.
  package func predecessors(of node: Int) -> ArraySlice<Int32> { backward.of(node) }

  /// The same nodes with every edge turned round.
  package var reversed: DirectedGraph {
    DirectedGraph(nodeCount: nodeCount, forward: backward, backward: forward)
  }

  private init(nodeCount: Int, forward: Neighbours, backward: Neighbours) {
    self.nodeCount = nodeCount
    self.forward = forward
    self.backward = backward
  }

  /// For each node whether it is one of `starts` or can be reached from one.
  package func reachable(from starts: some Sequence<Int>, _ direction: Direction = .forward) -> [Bool] {
    reachable(Array(starts), direction)
  }

  private func reachable(_ starts: [Int], _ direction: Direction) -> [Bool] {
    let neighbours = direction == .forward ? forward : backward
    var isReached = [Bool](repeating: false, count: nodeCount)
    var waiting: [Int32] = []
    for start in starts where !isReached[start] {
      isReached[start] = true
      waiting.append(Int32(start))
    }
    while let node = waiting.popLast() {
      for next in neighbours.of(Int(node)) where !isReached[Int(next)] {
        isReached[Int(next)] = true
        waiting.append(next)
      }
    }
    return isReached
  }
}

/// Compressed rows: the neighbours of node n are `targets[offsets[n]..<offsets[n + 1]]`.
struct Neighbours: Sendable {
  let offsets: [Int32]
  let targets: [Int32]

  /// A counting sort, so that neighbours keep the order of the edges.
  init(_ nodeCount: Int, _ edges: [DirectedGraph.Edge], isReversed: Bool) {
    var offsets = [Int32](repeating: 0, count: nodeCount + 1)
    for edge in edges {
      precondition(
        Int(edge.to) < nodeCount && Int(edge.from) < nodeCount, "an edge names a node outside the graph")
      offsets[Int(isReversed ? edge.to : edge.from) + 1] += 1
    }
    for node in 0..<nodeCount { offsets[node + 1] += offsets[node] }
    var next = offsets
    var targets = [Int32](repeating: 0, count: edges.count)
    for edge in edges {
      let (from, to) = isReversed ? (Int(edge.to), edge.from) : (Int(edge.from), edge.to)
      targets[Int(next[from])] = to
      next[from] += 1
    }
    self.offsets = offsets
    self.targets = targets
  }

  @inline(__always) func of(_ node: Int) -> ArraySlice<Int32> {
    targets[Int(offsets[node])..<Int(offsets[node + 1])]
  }
}
