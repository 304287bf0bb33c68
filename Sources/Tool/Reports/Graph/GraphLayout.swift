import Graphs
import Resources

/// Where everything of a graph stands on a page, in points: manifests in columns, what is made first to the left, and
/// within each its resources in columns of their own.
struct GraphLayout {
  struct Box: Equatable {
    var x = 0, y = 0, width = 0, height = 0
    var midY: Int { y + height / 2 }
    var right: Int { x + width }
  }

  /// By node.
  private(set) var nodes: [Box]
  /// By group.
  private(set) var groups: [Box]
  private(set) var width = 0
  private(set) var height = 0

  static let margin = 24
  static let nodeHeight = 40
  /// Between boxes of a column, and between columns within a manifest.
  static let gap = 14
  static let columnGap = 56
  static let groupGap = 72
  static let titleHeight = 26
  static let padding = 14
  /// Rounds of ordering; more change little.
  private static let rounds = 8

  init(_ graph: ResourceGraph) {
    nodes = graph.nodes.map { node in
      let widest = max(Self.width(node.label, 7), Self.width(node.type.text, 6))
      return Box(width: widest + 2 * Self.padding, height: Self.nodeHeight)
    }
    groups = []
    for group in graph.groups { groups.append(place(group, graph)) }
    place(graph)
  }

  /// A text's width, since nothing here can measure it; generous.
  static func width(_ text: String, _ perCharacter: Int) -> Int { text.unicodeScalars.count * perCharacter + 8 }

  // MARK: Within a manifest

  /// Places a manifest's resources relative to its own corner.
  private mutating func place(_ group: ResourceGraph.Group, _ graph: ResourceGraph) -> Box {
    if group.isSingle, let only = group.nodes.first { return nodes[only] }
    let position = Dictionary(uniqueKeysWithValues: group.nodes.enumerated().map { ($1, $0) })
    let edges = graph.edges.compactMap { edge -> (Int, Int)? in
      guard let from = position[edge.from], let to = position[edge.to] else { return nil }
      return (from, to)
    }
    let columns = Columns(count: group.nodes.count, edges: edges).split(maximum: Self.tallest(group.nodes.count))
    var x = Self.padding, bottom = 0
    for column in columns {
      var y = Self.titleHeight + Self.padding
      let width = column.map { nodes[group.nodes[$0]].width }.max() ?? 0
      for member in column {
        let node = group.nodes[member]
        nodes[node].x = x
        nodes[node].y = y
        nodes[node].width = width
        y += Self.nodeHeight + Self.gap
      }
      bottom = max(bottom, y - Self.gap)
      x += width + Self.columnGap
    }
    let title = Self.width(group.address.text, 8) + 2 * Self.padding
    return Box(width: max(x - Self.columnGap + Self.padding, title), height: bottom + Self.padding)
  }

  /// A column is no taller than makes the whole about square.
  private static func tallest(_ count: Int) -> Int {
    var side = 4
    while side * side < count * 2 { side += 1 }
    return side
  }

  // MARK: Manifests

  private mutating func place(_ graph: ResourceGraph) {
    var edges: Set<ResourceGraph.Edge> = []
    for edge in graph.edges {
      let from = graph.nodes[edge.from].group, to = graph.nodes[edge.to].group
      if from != to { edges.insert(ResourceGraph.Edge(from: from, to: to, isLate: false)) }
    }
    let sorted = edges.map { ($0.from, $0.to) }.sorted { $0 < $1 }
    let columns = Columns(count: graph.groups.count, edges: sorted).split(
      maximum: max(8, Self.tallest(graph.groups.count)))
    var x = Self.margin
    for column in columns {
      var y = Self.margin
      for group in column {
        groups[group].x = x
        groups[group].y = y
        y += groups[group].height + 2 * Self.gap
      }
      height = max(height, y - 2 * Self.gap + Self.margin)
      x += (column.map { groups[$0].width }.max() ?? 0) + Self.groupGap
    }
    width = max(2 * Self.margin, x - Self.groupGap + Self.margin)
    height = max(height, 2 * Self.margin)
    for (number, group) in graph.groups.enumerated() {
      for node in group.nodes {
        nodes[node].x += groups[number].x - (group.isSingle ? nodes[node].x : 0)
        nodes[node].y += groups[number].y - (group.isSingle ? nodes[node].y : 0)
      }
    }
  }

  /// Members in columns, so that edges lead to the right where no ring prevents it, and cross little.
  struct Columns {
    private var columns: [[Int]] = []
    private let before: [[Int]], after: [[Int]]

    init(count: Int, edges: [(Int, Int)]) {
      var before = [[Int]](repeating: [], count: count), after = before
      for (from, to) in edges {
        before[to].append(from)
        after[from].append(to)
      }
      self.before = before
      self.after = after
      let ranks = Self.ranks(count: count, edges: edges)
      columns = [[Int]](repeating: [], count: (ranks.max() ?? -1) + 1)
      for member in 0..<count { columns[ranks[member]].append(member) }
      order()
    }

    /// The longest way to each member; members of a ring share a rank.
    private static func ranks(count: Int, edges: [(Int, Int)]) -> [Int] {
      var acyclic = edges
      while true {
        let graph = DirectedGraph(
          nodeCount: count, edges: acyclic.map { DirectedGraph.Edge(from: $0.0, to: $0.1) })
        do throws(Cycle) {
          var ranks = [Int](repeating: 0, count: count)
          for member in try graph.topologicalOrder() {
            for next in graph.successors(of: member) {
              ranks[Int(next)] = max(ranks[Int(next)], ranks[member] + 1)
            }
          }
          return ranks
        } catch {
          let ring = Set(error.nodes)
          acyclic.removeAll { ring.contains($0.0) && ring.contains($0.1) }
        }
      }
    }

    /// Orders each column by the middle of its neighbours, from left to right and back.
    private mutating func order() {
      var place = [Double](repeating: 0, count: before.count)
      func number(_ column: [Int]) { for (row, member) in column.enumerated() { place[member] = Double(row) } }
      for column in columns { number(column) }
      for round in 0..<GraphLayout.rounds {
        let isForward = round.isMultiple(of: 2)
        for index in isForward ? Array(columns.indices) : columns.indices.reversed() {
          let neighbours = isForward ? before : after
          columns[index] = columns[index].enumerated().map { row, member in
            let near = neighbours[member]
            let middle = near.isEmpty ? Double(row) : near.map { place[$0] }.reduce(0, +) / Double(near.count)
            return (middle, row, member)
          }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
          number(columns[index])
        }
      }
    }

    /// The columns, those with too many members cut into several.
    func split(maximum: Int) -> [[Int]] {
      columns.flatMap { column -> [[Int]] in
        stride(from: 0, to: column.count, by: maximum).map { start in
          Array(column[start..<min(start + maximum, column.count)])
        }
      }
    }
  }
}
