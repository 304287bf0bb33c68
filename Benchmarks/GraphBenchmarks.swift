import Graphs

enum GraphBenchmarks {
  private static let nodeCount = 100_000

  static let all = [
    Benchmark(name: "graph") {
      // Two dependencies a node, at nodes before it, in an order of no meaning.
      let edges = (1..<nodeCount).flatMap { node in
        [1, 2].map { DirectedGraph.Edge(from: node &* 7_919 &* $0 % node, to: node) }
      }
      let seconds = Measure.least {
        let graph = DirectedGraph(nodeCount: nodeCount, edges: edges)
        do {
          keep(try graph.topologicalOrder().count)
        } catch {
          preconditionFailure("edges lead forwards only: \(error)")
        }
      }
      return [Figure("graph: order 100,000 nodes, build included", seconds * 1_000, "ms", .atMost(30))]
    }
  ]
}
