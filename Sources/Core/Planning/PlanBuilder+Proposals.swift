import Diagnostics
import Resources
import Values

extension Planner {
  /// What the engine asks after it knows who holds which names, and before `plan`: what services that merge the fields
  /// of several writers would make of each write. Values that await other steps ask nothing.
  package static func proposals(_ input: PlannerInput) -> [ProposalQuestion] {
    guard input.options.mode == .apply,
      input.desired.resources.contains(where: { input.catalog[$0.type]?.isMerged == true })
    else { return [] }
    var builder = PlanBuilder(input, Register(input))
    builder.order()
    builder.select()
    builder.decideAll()
    return builder.places.compactMap { builder.proposalQuestion($0) }
  }
}

extension PlanBuilder {
  fileprivate func proposalQuestion(_ place: Place) -> ProposalQuestion? {
    guard place.isSelected, let change = place.change, let fields = place.fields, !fields.containsUnknown,
      input.catalog[change.type]?.isMerged == true, change.lifecycle.managementPolicy != .observe
    else { return nil }
    switch change.action {
    case .noop, .update, .move, .adopt, .replace, .createThenDelete:
      guard place.observed != nil else { return nil }
    case .create: break
    case .delete, .forget: return nil
    }
    let marker = Marker(
      scope: input.desired.scope, address: change.address, incarnation: change.incarnation,
      isProtected: change.lifecycle.protect)
    return ProposalQuestion(
      address: change.address, type: change.type, target: change.target, fields: fields, observed: place.observed,
      recorded: place.record?.owned, marker: marker, ignored: change.lifecycle.ignore)
  }

  /// Takes the service's word for what changes; nil where it was not asked.
  mutating func proposed(_ change: inout Change) -> [FieldChange]? {
    guard let proposal = input.proposals[change.address] else { return nil }
    report(proposal, change)
    var changes = proposal.changes.filter { field in !change.lifecycle.ignore.contains { field.path.hasPrefix($0) } }
    coverage.ignored += proposal.changes.count - changes.count
    if let refusal = proposal.refusal, refusal.needsReplacement {
      let guilty = changes.indices.filter {
        changes[$0].path.hasPrefix(refusal.path) || refusal.path.hasPrefix(changes[$0].path)
      }
      for index in guilty.isEmpty ? Array(changes.indices) : guilty { changes[index].forcesReplacement = true }
    }
    if proposal.isForced {
      change.causes += proposal.conflicts.map {
        Cause(.request, "`\($0.path)` is taken over from \($0.author)", path: $0.path, origin: change.origin)
      }
    }
    return changes
  }

  /// A new object as the service would make it, to be shown.
  mutating func proposeNew(_ change: inout Change) {
    guard change.action == .create, let proposal = input.proposals[change.address] else { return }
    report(proposal, change)
    change.proposed = proposal.after
  }

  /// Refusals and conflicts, on the manifest's line.
  private mutating func report(_ proposal: Proposal, _ change: Change) {
    let fields = place(at: change.address).flatMap { places[$0].fields }
    if let refusal = proposal.refusal, !refusal.needsReplacement {
      diagnostics.append(
        .error(
          .refusedByService, "`\(change.address)` would be refused: \(refusal.message)",
          at: fields?.nearestOrigin(refusal.path) ?? change.origin))
    }
    if let why = proposal.isLocal { coverage.mergedHere["\(change.target): \(why)", default: 0] += 1 }
    guard !proposal.isForced else { return }
    for conflict in proposal.conflicts {
      diagnostics.append(
        .error(
          .ownedByOther,
          "`\(change.address)` cannot be applied: "
            + "`\(conflict.path)` is owned by \(conflict.author), with another value",
          at: fields?.nearestOrigin(conflict.path) ?? change.origin,
          hint: "leave the field out of the manifest, write the value that stands there, or take it over with "
            + "`metadata: {annotations: {plumb.dev/force: \"true\"}}`"))
    }
  }

  /// One sentence for each reason why plans were merged here, and not by the service.
  func mergedHere() -> [Diagnostic] {
    coverage.mergedHere.sorted { $0.key < $1.key }.map { reason, count in
      .warning(
        .mergedHere,
        "\(count) \(count == 1 ? "change was" : "changes were") merged by Plumb, without a dry run: \(reason)",
        hint: "defaults and admission are not in this plan; a reader that may do dry runs would show them")
    }
  }
}

extension Value {
  /// Where the deepest part of the path that is written stands.
  func nearestOrigin(_ path: ValuePath) -> SourcePosition? {
    var current = self, found: SourcePosition?
    for segment in path.segments {
      let next: Value? =
        switch segment {
        case .key(let key): current[key] ?? current.elements.first { $0.isNamed(key) }
        case .index(let index): current[index]
        }
      guard let next else { break }
      current = next
      found = next.origin ?? found
    }
    return found
  }

  /// Items of keyed lists are named by the value of their key.
  private func isNamed(_ key: String) -> Bool {
    kind == .map && ["name", "key", "ip", "containerPort", "port", "mountPath"].contains { self[$0]?.spelling == key }
  }
}
