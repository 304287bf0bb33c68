import Diagnostics
import Planning
import Resources

/// A plan for people: destructive changes first, equal changes in one block, a summary that scripts can look for.
package struct PlanText {
  /// Which changes are shown; empty lists show all.
  package struct Filter: Sendable, Equatable {
    package var addresses: [String] = []
    package var actions: [Action] = []
    package init(addresses: [String] = [], actions: [Action] = []) {
      self.addresses = addresses
      self.actions = actions
    }

    package var isEmpty: Bool { addresses.isEmpty && actions.isEmpty }

    package func shows(_ change: Change) -> Bool {
      (actions.isEmpty ? change.action != .noop : actions.contains(change.action))
        && (addresses.isEmpty || addresses.contains { change.address.matches(glob: $0) })
    }
  }

  /// So many equal changes are shown one by one; more share a block.
  static let collapseLimit = 3

  private let palette: Palette
  private let filter: Filter
  private let isCostFull: Bool

  /// - Parameter isCostFull: what each change costs is told as well.
  package init(_ palette: Palette = .plain, filter: Filter = Filter(), isCostFull: Bool = false) {
    self.palette = palette
    self.filter = filter
    self.isCostFull = isCostFull
  }

  /// Writes the whole report; diagnostics are not part of it.
  package func write(_ plan: Plan, to sink: TextSink) {
    writeChanges(plan, to: sink)
    guard filter.isEmpty else { return }
    PolicyText.write(plan.policies, palette, to: sink)
    CostText.write(plan.cost, isFull: isCostFull, palette, to: sink)
  }

  private func writeChanges(_ plan: Plan, to sink: TextSink) {
    let shown = plan.changes.filter(filter.shows)
    if shown.isEmpty, filter.isEmpty {
      // Where something is wrong, an empty plan says nothing about what stands.
      guard !plan.diagnostics.hasErrors else { return CoverageText.write(plan.coverage, palette, to: sink) }
      sink.line(palette(plan.mode == .destroy ? PlanSummary.nothingToDestroy : PlanSummary.noChanges, .bold))
    } else {
      legend(shown, to: sink)
      let text = ChangeText(palette, ValueText(awaited: plan.awaited))
      blocks(shown.filter(\.action.isDestructive), text, to: sink)
      blocks(shown.filter { !$0.action.isDestructive }, text, to: sink)
      ending(plan, shown.count, to: sink)
    }
    CoverageText.write(plan.coverage, palette, to: sink)
  }

  private func ending(_ plan: Plan, _ shown: Int, to sink: TextSink) {
    let summary = PlanSummary(plan.changes)
    if !filter.isEmpty { sink.line("Shown: \(shown) of \(plan.changes.count) addresses.") }
    sink.line(palette(summary.line, .bold))
    if plan.diagnostics.hasErrors { sink.line(palette("This plan cannot be applied: the errors come first.", .red)) }
  }

  private func legend(_ changes: [Change], to sink: TextSink) {
    let actions = Set(changes.map(\.action))
    guard !actions.isEmpty else { return }
    sink.line("Plumb will do the following:")
    for action in Action.allCases where actions.contains(action) && action != .noop {
      let symbol =
        String(repeating: " ", count: 3 - action.symbol.utf8.count)
        + palette(action.symbol, palette.paint(action))
      sink.line("  \(symbol) \(Self.meaning(action))")
    }
    sink.line()
  }

  private static func meaning(_ action: Action) -> String {
    switch action {
    case .noop: "nothing"
    case .create: "create"
    case .update: "update in place"
    case .replace: "destroy and then create a replacement"
    case .createThenDelete: "create a replacement and then destroy"
    case .delete: "destroy"
    case .adopt: "adopt an existing object"
    case .move: "move to another address"
    case .forget: "forget without destroying"
    }
  }

  // MARK: Equal changes

  private struct Likeness: Hashable {
    var type: TypeName
    var action: Action
    var reason: ActionReason
    var body: Int
  }

  private func blocks(_ changes: [Change], _ text: ChangeText, to sink: TextSink) {
    // Changes that differ in the addresses that they await are still alike.
    let likeText = ChangeText(palette)
    let keys = changes.map { likeness($0, likeText) }
    var groups: [Likeness: [Int]] = [:]
    for (position, key) in keys.enumerated() { groups[key, default: []].append(position) }
    for (position, change) in changes.enumerated() {
      let group = groups[keys[position]] ?? []
      if group.count <= Self.collapseLimit {
        sink.lines(text.block(change, text.body(change)))
      } else if group.first == position {
        let members = group.map { changes[$0] }, body = text.body(change)
        let isSame = members.allSatisfy { text.body($0) == body }
        collapsed(members, isSame ? text : likeText, to: sink)
      } else {
        continue
      }
      sink.line()
    }
  }

  /// Members whose lines differ after all (their hashes met by chance) are shown one by one.
  private func collapsed(_ members: [Change], _ text: ChangeText, to sink: TextSink) {
    guard let first = members.first else { return }
    let body = text.body(first)
    let equal = members.filter { $0.target == first.target && text.body($0) == body }
    sink.lines(text.block(of: equal.map(\.address.text), like: first, body))
    for other in members where other.target != first.target || text.body(other) != body {
      sink.line()
      sink.lines(text.block(other, text.body(other)))
    }
  }

  private func likeness(_ change: Change, _ text: ChangeText) -> Likeness {
    var hasher = Hasher()
    hasher.combine(change.target)
    hasher.combine(text.body(change))
    return Likeness(type: change.type, action: change.action, reason: change.reason, body: hasher.finalize())
  }
}

/// What a plan could not look at: honest even when nothing is to be done.
enum CoverageText {
  static let limit = 10

  static func write(_ coverage: Coverage, _ palette: Palette, to sink: TextSink) {
    guard !coverage.isComplete else { return }
    sink.line()
    sink.line(palette("Not everything could be compared:", .yellow))
    for (subject, reason) in coverage.unreadable.sorted(by: { $0.key < $1.key }).prefix(limit) {
      sink.line("  \(TerminalText.escaped(subject)): \(TerminalText.escaped(reason))")
    }
    if coverage.unreadable.count > limit { sink.line("  and \(coverage.unreadable.count - limit) more") }
    if coverage.notCompared > 0 {
      sink.line(
        "  \(coverage.notCompared) sensitive \(coverage.notCompared == 1 ? "field" : "fields"): the key is missing"
      )
    }
  }
}
