import Diagnostics
import Resources

extension PlanBuilder {
  /// Refuses what would destroy protected or stateful resources, or too many at once. A replacement counts as a delete.
  mutating func guardDestruction() {
    var deletes = 0
    for (change, isRecordProtected) in destructions {
      deletes += 1
      if isRecordProtected || change.lifecycle.protect {
        diagnostics.append(protection(change))
      } else if change.lifecycle.managementPolicy != .full {
        diagnostics.append(policy(change))
      } else if change.isStateful, !input.options.allowStateful.contains(where: { change.address.matches(glob: $0) }) {
        diagnostics.append(stateful(change))
      }
    }
    guard let limit = input.options.maxDeletes, deletes > limit else { return }
    diagnostics.append(
      .error(
        .tooManyDeletes, "the plan deletes or replaces \(deletes) resources, and at most \(limit) are allowed",
        hint: "look at what is destroyed, then raise `--max-deletes`"))
  }

  /// Everything that goes, old objects of unfinished replacements among it.
  private var destructions: [(Change, Bool)] {
    places.indices.flatMap { position in
      let place = places[position]
      let isProtected = place.record?.isProtected == true || place.observed?.marker?.isProtected == true
      let own = place.change.map { ($0, isProtected) }
      return ((own.map { [$0] } ?? []) + leftovers(position).map { ($0, false) }).filter { $0.0.action.isDestructive }
    }
  }

  private func protection(_ change: Change) -> Diagnostic {
    .error(
      .protected, "`\(change.address)` is protected, and \(change.action.phrase)", at: change.origin,
      notes: change.causes.map { DiagnosticNote($0.text, at: $0.origin) },
      hint: change.action == .delete
        ? "restore its manifest; to delete it, apply once with `protect: false` and then remove it"
        : "apply once with `metadata: {protect: false}`, or take back the change that forces the replacement")
  }

  private func policy(_ change: Change) -> Diagnostic {
    .error(
      .protected,
      "`\(change.address)` has the policy `\(change.lifecycle.managementPolicy.rawValue)`, and \(change.action.phrase)",
      at: change.origin, hint: "take back the change that forces the replacement, or set `managementPolicy: Full`")
  }

  private func stateful(_ change: Change) -> Diagnostic {
    .error(
      .stateful, "`\(change.address)` holds data, and \(change.action.phrase)", at: change.origin,
      notes: change.causes.map { DiagnosticNote($0.text, at: $0.origin) },
      hint: "if the data may go, add `--allow-stateful '\(change.address)'`")
  }
}
