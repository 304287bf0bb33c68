import Graphs
import TestSupport
import Testing

@Suite struct DirectedGraphTests {
  private func graph(_ nodeCount: Int, _ edges: [(Int, Int)]) -> DirectedGraph {
    DirectedGraph(nodeCount: nodeCount, edges: edges.map { DirectedGraph.Edge(from: $0.0, to: $0.1) })
  }

  @Test("nodes that are ready keep their input order")
  func stability() throws {
    #expect(try graph(4, []).topologicalOrder() == [0, 1, 2, 3])
    #expect(try graph(5, [(4, 0), (3, 1)]).topologicalOrder() == [2, 3, 1, 4, 0])
    #expect(try graph(3, [(2, 0), (2, 0), (0, 1)]).topologicalOrder() == [2, 0, 1])
    #expect(try graph(0, []).topologicalOrder() == [])
  }

  @Test(
    "the order of random graphs is the smallest one that respects every edge",
    arguments: [1, 2, 3] as [UInt64])
  func randomOrders(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let count = Int.random(in: 1..<30, using: &generator)
      let rank = (0..<count).shuffled(using: &generator)
      let edges = (0..<count * 2).map { _ in
        (Int.random(in: 0..<count, using: &generator), Int.random(in: 0..<count, using: &generator))
      }.filter { rank[$0.0] < rank[$0.1] }
      #expect(try graph(count, edges).topologicalOrder() == reference(count, edges), "seed \(seed)")
    }
  }

  /// Takes the smallest node without an open predecessor, again and again.
  private func reference(_ count: Int, _ edges: [(Int, Int)]) -> [Int] {
    var done: [Int] = []
    while done.count < count {
      let next = (0..<count).first { node in
        !done.contains(node) && edges.allSatisfy { $0.1 != node || done.contains($0.0) }
      }
      guard let next else { break }
      done.append(next)
    }
    return done
  }

  @Test("a cycle is reported as the shortest path from its smallest node")
  func cycle() {
    let ring = graph(6, [(0, 1), (1, 2), (2, 3), (3, 1), (3, 4), (4, 5), (5, 1)])
    #expect(throws: Cycle(nodes: [1, 2, 3])) { try ring.topologicalOrder() }
    #expect(throws: Cycle(nodes: [1])) { try graph(2, [(0, 1), (1, 1)]).topologicalOrder() }
  }

  @Test("each knot gives one cycle")
  func severalCycles() {
    let knots = graph(7, [(5, 6), (6, 5), (1, 0), (0, 1), (1, 2), (2, 0), (3, 4), (2, 3)])
    #expect(knots.cycles() == [Cycle(nodes: [0, 1]), Cycle(nodes: [5, 6])])
    #expect(graph(3, [(0, 1), (1, 2), (0, 2)]).cycles().isEmpty)
  }

  @Test("a long chain needs no deep stack")
  func chain() throws {
    let count = 100_000
    let edges = (1..<count).map { ($0, $0 - 1) }
    #expect(try graph(count, edges).topologicalOrder() == (0..<count).reversed())
    #expect(graph(count, edges + [(0, count - 1)]).cycles().first?.nodes.count == count)
  }

  @Test("reachability goes along the edges and against them")
  func reachability() {
    let fork = graph(6, [(0, 1), (1, 2), (1, 3), (4, 3)])
    #expect(fork.reachable(from: [1]) == [false, true, true, true, false, false])
    #expect(fork.reachable(from: [3, 5], .backward) == [true, true, false, true, true, true])
    #expect(fork.reversed.reachable(from: [2]) == fork.reachable(from: [2], .backward))
    #expect(Array(fork.successors(of: 1)) == [2, 3])
    #expect(Array(fork.predecessors(of: 3)) == [1, 4])
  }
}
