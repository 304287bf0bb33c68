import Planning
import Resources

/// How many changes of each kind, and the line that people and scripts look for.
package struct PlanSummary: Sendable, Equatable {
  package var adopt = 0, move = 0, add = 0, change = 0, destroy = 0, replace = 0, forget = 0

  package init(_ changes: some Sequence<Change>) {
    for change in changes { count(change.action) }
  }

  private mutating func count(_ action: Action) {
    switch action {
    case .noop: break
    case .create: add += 1
    case .update: change += 1
    case .replace, .createThenDelete:
      add += 1
      destroy += 1
      replace += 1
    case .delete: destroy += 1
    case .adopt: adopt += 1
    case .move: move += 1
    case .forget: forget += 1
    }
  }

  package var isEmpty: Bool { adopt + move + add + change + destroy + forget == 0 }

  /// `Plan: 1 to adopt, 2 to add, 1 to change, 0 to destroy.` A replacement counts as an add and a destroy.
  package var line: String {
    var parts: [String] = []
    if adopt > 0 { parts.append("\(adopt) to adopt") }
    parts += ["\(add) to add", "\(change) to change", "\(destroy) to destroy"]
    if replace > 0 { parts[parts.count - 1] += " (\(replace) by replacement)" }
    if move > 0 { parts.append("\(move) to move") }
    if forget > 0 { parts.append("\(forget) to forget") }
    return "Plan: " + parts.joined(separator: ", ") + "."
  }

  package static let noChanges = "No changes. Your infrastructure matches the configuration."
  package static let nothingToDestroy = "No changes. There is nothing to destroy."
}
