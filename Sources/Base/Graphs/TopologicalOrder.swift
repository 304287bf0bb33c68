/// Nodes that come before each other in a ring, so that no order exists.
package struct Cycle: Error, Hashable, Sendable {
  /// The nodes along the edges, beginning with the smallest; the last one leads back to the first.
  package let nodes: [Int]

  package init(nodes: [Int]) { self.nodes = nodes }
}

extension DirectedGraph {
  /// All nodes, each after its predecessors; among those that are ready the smallest first, so that the
  /// input's order is kept wherever the edges allow it. O((nodes + edges) log nodes).
  /// - Throws: the first cycle, when there is one.
  package func topologicalOrder() throws(Cycle) -> [Int] {
    var missing = [Int32](repeating: 0, count: nodeCount)
    for target in forward.targets { missing[Int(target)] += 1 }
    var ready = IndexHeap(capacity: nodeCount)
    for node in 0..<nodeCount where missing[node] == 0 { ready.insert(Int32(node)) }
    var order: [Int] = []
    order.reserveCapacity(nodeCount)
    while let node = ready.popSmallest() {
      order.append(Int(node))
      for next in forward.of(Int(node)) {
        missing[Int(next)] -= 1
        if missing[Int(next)] == 0 { ready.insert(next) }
      }
    }
    if order.count < nodeCount, let cycle = cycles().first { throw cycle }
    return order
  }

  /// One cycle, a shortest one through its smallest node, for each group of nodes that reach each other;
  /// ordered by that smallest node. Empty where a topological order exists.
  package func cycles() -> [Cycle] {
    let component = StrongComponents(forward, nodeCount: nodeCount).component
    var isSeen = [Bool](repeating: false, count: nodeCount)
    var cycles: [Cycle] = []
    for node in 0..<nodeCount where !isSeen[Int(component[node])] {
      isSeen[Int(component[node])] = true
      if let path = shortestRing(through: node, within: component) { cycles.append(Cycle(nodes: path)) }
    }
    return cycles
  }

  /// Breadth first from the node back to itself, without leaving its component.
  private func shortestRing(through start: Int, within component: [Int32]) -> [Int]? {
    var cameFrom: [Int: Int] = [:]
    var queue = [start], head = 0
    while head < queue.count {
      let node = queue[head]
      head += 1
      for next in forward.of(node).map(Int.init) where component[next] == component[start] {
        if next == start { return path(to: node, from: start, cameFrom) }
        if cameFrom[next] == nil {
          cameFrom[next] = node
          queue.append(next)
        }
      }
    }
    return nil
  }

  private func path(to end: Int, from start: Int, _ cameFrom: [Int: Int]) -> [Int] {
    var path = [end]
    while let last = path.last, last != start, let previous = cameFrom[last] { path.append(previous) }
    return path.reversed()
  }
}

/// Tarjan's algorithm without recursion: numbers the groups of nodes that reach each other.
private struct StrongComponents {
  private(set) var component: [Int32]
  private var index: [Int32]
  private var low: [Int32]
  private var isOnStack: [Bool]
  private var stack: [Int32] = []
  private var visit: [(node: Int32, edge: Int32)] = []
  private var nextIndex: Int32 = 0
  private var nextComponent: Int32 = 0

  init(_ neighbours: Neighbours, nodeCount: Int) {
    component = [Int32](repeating: -1, count: nodeCount)
    index = [Int32](repeating: -1, count: nodeCount)
    low = [Int32](repeating: 0, count: nodeCount)
    isOnStack = [Bool](repeating: false, count: nodeCount)
    for node in 0..<nodeCount where index[node] == -1 {
      enter(Int32(node), neighbours)
      while let (node, edge) = visit.last { step(Int(node), edge, neighbours) }
    }
  }

  private mutating func enter(_ node: Int32, _ neighbours: Neighbours) {
    index[Int(node)] = nextIndex
    low[Int(node)] = nextIndex
    nextIndex += 1
    stack.append(node)
    isOnStack[Int(node)] = true
    visit.append((node, neighbours.offsets[Int(node)]))
  }

  private mutating func step(_ node: Int, _ edge: Int32, _ neighbours: Neighbours) {
    if edge < neighbours.offsets[node + 1] {
      visit[visit.count - 1].edge += 1
      let next = Int(neighbours.targets[Int(edge)])
      if index[next] == -1 {
        enter(Int32(next), neighbours)
      } else if isOnStack[next] {
        low[node] = min(low[node], index[next])
      }
      return
    }
    visit.removeLast()
    if let parent = visit.last?.node { low[Int(parent)] = min(low[Int(parent)], low[node]) }
    if low[node] == index[node] { closeComponent(Int32(node)) }
  }

  private mutating func closeComponent(_ root: Int32) {
    while let member = stack.popLast() {
      isOnStack[Int(member)] = false
      component[Int(member)] = nextComponent
      if member == root { break }
    }
    nextComponent += 1
  }
}

/// A binary heap of node numbers.
private struct IndexHeap {
  private var items: [Int32] = []

  init(capacity: Int) { items.reserveCapacity(capacity) }

  mutating func insert(_ item: Int32) {
    var child = items.count
    items.append(item)
    while child > 0 {
      let parent = (child - 1) / 2
      guard items[parent] > item else { break }
      items[child] = items[parent]
      child = parent
    }
    items[child] = item
  }

  mutating func popSmallest() -> Int32? {
    guard let smallest = items.first, let item = items.popLast() else { return nil }
    guard !items.isEmpty else { return smallest }
    var parent = 0
    while true {
      var child = parent * 2 + 1
      guard child < items.count else { break }
      if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
      guard items[child] < item else { break }
      items[parent] = items[child]
      parent = child
    }
    items[parent] = item
    return smallest
  }
}
