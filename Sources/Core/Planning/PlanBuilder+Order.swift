import Diagnostics
import Graphs
import Resources
import Values

/// Places whose new object was to be created before the old one goes, and waits for something that waits for that.
struct CreatedTooEarly: Error {
  let places: Set<Int>
}

extension PlanBuilder {
  /// Steps in a stable order that respects their dependencies, numbered anew. Where they wait for each other in a
  /// circle, it is opened where it costs least: an old object lets go early, else it is deleted before the new one is
  /// made, else something is deleted while an object that stays still names it, else records are not believed.
  mutating func ordered(_ unordered: [StepBuilder.Draft], _ changes: [Change]) throws(CreatedTooEarly) -> [Step] {
    var drafts = unordered
    var early: Set<Int> = []
    while true {
      let graph = graph(drafts)
      if let order = order(of: graph) {
        guard early.isEmpty else { throw CreatedTooEarly(places: early) }
        return numbered(drafts, in: order)
      }
      for circle in graph.cycles().map(\.nodes) where !open(circle, \.preferred, &drafts) {
        if let place = openReplacement(circle, changes, &drafts) {
          early.insert(place)
        } else if !open(circle, \.releases, &drafts), !openDeletions(circle, changes, &drafts) {
          guard early.isEmpty else { throw CreatedTooEarly(places: early) }
          reportCycle(circle.map { "\(drafts[$0].operation.rawValue) `\(changes[drafts[$0].change].address)`" })
          return []
        }
      }
    }
  }

  private func order(of graph: DirectedGraph) -> [Int]? {
    do throws(Cycle) {
      return try graph.topologicalOrder()
    } catch {
      return nil
    }
  }

  private func graph(_ drafts: [StepBuilder.Draft]) -> DirectedGraph {
    var edges: [DirectedGraph.Edge] = []
    for (position, draft) in drafts.enumerated() {
      for other in draft.all { edges.append(DirectedGraph.Edge(from: other, to: position)) }
    }
    return DirectedGraph(nodeCount: drafts.count, edges: edges)
  }

  private func numbered(_ drafts: [StepBuilder.Draft], in order: [Int]) -> [Step] {
    var number = Array(repeating: 0, count: drafts.count)
    for (id, draft) in order.enumerated() { number[draft] = id }
    return order.enumerated().map { id, draft in
      Step(
        id: id, change: drafts[draft].change, operation: drafts[draft].operation,
        incarnation: drafts[draft].incarnation, dependencies: drafts[draft].all.map { number[$0] }.sorted())
    }
  }

  /// Gives up one edge of a circle, if it has one of this kind.
  private func open(
    _ circle: [Int], _ kind: WritableKeyPath<StepBuilder.Draft, [Int]>, _ drafts: inout [StepBuilder.Draft]
  ) -> Bool {
    for (from, to) in zip(circle, circle.dropFirst() + circle.prefix(1))
    where drafts[to][keyPath: kind].contains(from) && !drafts[to].dependencies.contains(from) {
      drafts[to][keyPath: kind].removeAll { $0 == from }
      return true
    }
    return false
  }

  /// Gives up that a new object stands before its old one goes, to look for further circles; the place is decided anew.
  private func openReplacement(_ circle: [Int], _ changes: [Change], _ drafts: inout [StepBuilder.Draft]) -> Int? {
    for (from, to) in zip(circle, circle.dropFirst() + circle.prefix(1))
    where drafts[to].operation == .delete && drafts[to].change == drafts[from].change {
      let change = changes[drafts[to].change]
      guard change.action == .createThenDelete else { continue }
      drafts[to].dependencies.removeAll { $0 == from }
      return place(at: change.address)
    }
    return nil
  }

  /// Deletes that wait for each other by what records say of references, which need not be true together: the one of an
  /// old object may mean another incarnation than it says. Gives up what no object shows, else all, and at once: where
  /// some of it was true after all, a service refuses a delete, and the next run goes on with what is left.
  private func openDeletions(_ circle: [Int], _ changes: [Change], _ drafts: inout [StepBuilder.Draft]) -> Bool {
    let edges = zip(circle, circle.dropFirst() + circle.prefix(1)).filter { from, to in
      let (before, after) = (drafts[from], drafts[to])
      return after.operation == .delete && before.change != after.change
        && (before.operation == .delete || before.operation == .clearLate && changes[before.change].action != .update)
    }
    let unshown = edges.filter { from, to in !shows(drafts[from], changes[drafts[to].change].remote, changes) }
    for (from, to) in unshown.isEmpty ? edges : unshown { drafts[to].dependencies.removeAll { $0 == from } }
    return !edges.isEmpty
  }

  /// True where the object that a step deletes was seen to name this one.
  private func shows(_ draft: StepBuilder.Draft, _ remote: RemoteID?, _ changes: [Change]) -> Bool {
    let address = changes[draft.change].address
    guard let remote else { return false }
    if case .present(let observed)? = input.observation.recorded[RecordKey(address, draft.incarnation)] {
      return observed.fields.names(remote)
    }
    return place(at: address).flatMap { places[$0].observed }?.fields.names(remote) ?? false
  }

  private mutating func reportCycle(_ path: [String]) {
    diagnostics.append(
      .error(
        .dependencyCycle, "these steps wait for each other: \(path.joined(separator: " → "))",
        hint: "apply the change in two parts, or set `metadata.createBeforeDestroy` on the replaced resource"))
  }
}

extension StepBuilder.Draft {
  /// Every step that comes before, each once.
  fileprivate var all: [Int] {
    if preferred.isEmpty, releases.isEmpty { return dependencies }
    return (preferred + releases).reduce(into: dependencies) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension Value {
  /// True where a text in it is this id, or a longer name (an ARN, a link) that has it as a part.
  func names(_ remote: RemoteID) -> Bool {
    switch kind {
    case .string:
      let text = spelling
      if text == remote.text { return true }
      return text.hasSuffix("/" + remote.text)
        || text.split(whereSeparator: { ":/".contains($0) }).contains { $0 == remote.text }
    case .list: return elements.contains { $0.names(remote) }
    case .map: return entries.contains { $0.value.names(remote) }
    case .null, .bool, .int, .double, .unknown: return false
    }
  }
}
