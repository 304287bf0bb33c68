import KubernetesClient
import ProviderKit
import Resources
import Values

/// What would become of writes, from what is known of the objects and from dry runs of the server.
/// https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
struct ObjectProposals: Sendable {
  /// Dry runs under way at once.
  static let width = 8

  let cluster: Cluster
  /// Namespaces that the same plan makes.
  let newNamespaces: Set<String>
  /// Collections for which the credentials refuse dry runs, and what the server said.
  private let refused = Refusals()

  init(_ cluster: Cluster, _ questions: [ProposalQuestion]) {
    self.cluster = cluster
    newNamespaces = Set(
      questions.filter { $0.observed == nil && $0.type.kind == "Namespace" }
        .compactMap { $0.fields["metadata"]?["name"]?.string })
  }

  func answers(_ questions: [ProposalQuestion]) async throws(ProviderError) -> [Proposal?] {
    var answers: [Proposal?] = Array(repeating: nil, count: questions.count)
    var open: [(Int, ProposalQuestion, ObjectForm)] = []
    for (position, question) in questions.enumerated() {
      guard let form = try await cluster.form(ifServed: question.type) else { continue }
      if let quick = unchanged(question, form) {
        answers[position] = quick
      } else {
        open.append((position, question, form))
      }
    }
    let asked = try await Bounded.map(open, width: Self.width) { one throws(ProviderError) in
      try await ask(one.1, one.2)
    }
    for ((position, _, _), answer) in zip(open, asked) { answers[position] = answer }
    return answers
  }

  /// An object whose owned fields are what the manifest writes needs no request.
  private func unchanged(_ question: ProposalQuestion, _ form: ObjectForm) -> Proposal? {
    guard let observed = question.observed, observed.marker == question.marker,
      let owned = ManagedFields(of: observed.fields).applied(by: ObjectForm.manager)
    else { return nil }
    switch OwnedComparison.compare(form.sent(question.settled), live: observed.fields, owned: owned) {
    case .equal: return Proposal()
    case .equalWithMore: return question.recorded == question.fields ? Proposal() : nil
    case .different: return nil
    }
  }

  private func ask(_ question: ProposalQuestion, _ form: ObjectForm) async throws(ProviderError) -> Proposal? {
    guard let remote = form.remote(question.fields) else { return nil }
    let (namespace, name) = form.names(remote)
    if let namespace, newNamespaces.contains(namespace) { return nil }
    if let why = refused[form.kind.path(namespace: namespace)] { return local(question, form, why) }
    let settings = ObjectSettings(question.fields)
    var conflicts: [FieldConflict] = []
    for force in [false, true] {
      let answer = try await cluster.client.exchange(
        .apply(form, namespace, name, form.applied(question.settled, question.marker), force: force, isDry: true))
      guard let failure = answer.failure else {
        return proposal(question, form, answer.value, conflicts, isForced: settings.isForced)
      }
      if !force, failure.code == 409 {
        let managed = question.observed.map { ManagedFields(of: $0.fields) }
        conflicts = failure.causes.compactMap { FieldConflict($0) }.map { managed?.dated($0) ?? $0 }
        if !conflicts.isEmpty { continue }
      }
      return try refusal(failure, question, form, namespace, conflicts)
    }
    return nil
  }

  /// What a failed dry run means for the plan.
  private func refusal(
    _ failure: APIStatus, _ question: ProposalQuestion, _ form: ObjectForm, _ namespace: String?,
    _ conflicts: [FieldConflict]
  ) throws(ProviderError) -> Proposal? {
    switch failure.isAboutTypes ? 422 : failure.code {
    case 403 where !failure.isAdmission:
      let why = "the credentials of the plan may not do dry runs (`\(form.kind.plural)`: 403 Forbidden)"
      refused.note(why, of: form.kind.path(namespace: namespace))
      return local(question, form, why)
    // A webhook that has side effects cannot take part in dry runs.
    case 400 where failure.message.contains("does not support dry run"):
      return local(question, form, failure.message)
    case 404 where failure.isUnserved: return nil
    case 400, 403, 404, 409, 413, 422:
      var proposal = local(question, form, nil)
      proposal.conflicts = conflicts
      proposal.refusal = Proposal.Refusal(failure)
      return proposal
    default:
      throw ProviderError(
        failure.code == 429 ? .throttled(retryAfter: failure.retryAfter) : .transient, effect: .none,
        "the dry run of `\(question.address)` failed: \(failure.message)",
        request: RequestFacts(service: "kubernetes", operation: "dry-run", status: failure.code, code: failure.reason))
    }
  }

  private func proposal(
    _ question: ProposalQuestion, _ form: ObjectForm, _ answer: Value, _ conflicts: [FieldConflict], isForced: Bool
  ) -> Proposal {
    let after = form.observed(answer).fields
    var proposal = Proposal()
    proposal.conflicts = conflicts
    proposal.isForced = isForced
    guard let observed = question.observed else {
      proposal.after = after.withoutServerFields
      return proposal
    }
    difference(observed, after, question, form, &proposal)
    guard proposal.changes.isEmpty else { return proposal }
    let manager = ObjectForm.manager
    let owned = ManagedFields(of: observed.fields).applied(by: manager)
    if !FieldSet.equal(owned, ManagedFields(of: after).applied(by: manager)) {
      proposal.changes = [
        FieldChange(
          path: ValuePath([.key("metadata"), .key("managedFields")]),
          before: owned == nil ? "owned by others" : "other fields owned by plumb", after: "as the manifest writes")
      ]
    }
    return proposal
  }

  private func difference(
    _ observed: Observed, _ after: Value, _ question: ProposalQuestion, _ form: ObjectForm, _ proposal: inout Proposal
  ) {
    let difference = ObjectDifference(before: observed.fields, after: after, form.type.schema)
    proposal.changes = difference.changes
    let managed = ManagedFields(of: observed.fields)
    for change in difference.changes {
      // Only what we applied ourselves can have been changed by somebody.
      guard question.recorded?[change.path] ?? question.recorded?[change.path.parent] != nil,
        question.recorded?[change.path] == question.fields[change.path], let place = difference.places[change.path],
        let other = managed.others(of: place, beside: ObjectForm.manager).first
      else { continue }
      proposal.authors[change.path] = other.author
    }
  }

  /// Our own merge, where the server cannot be asked.
  private func local(_ question: ProposalQuestion, _ form: ObjectForm, _ why: String?) -> Proposal {
    var proposal = Proposal()
    proposal.isLocal = why
    guard let observed = question.observed else {
      proposal.after = question.fields
      return proposal
    }
    let managed = ManagedFields(of: observed.fields)
    let owned = managed.applied(by: ObjectForm.manager)
    let after = LocalMerge.merge(
      observed.fields, form.sent(question.settled), owned: owned,
      others: managed.entries.filter { $0.manager != ObjectForm.manager }.map(\.fields))
    difference(observed, after, question, form, &proposal)
    proposal.changes.removeAll { change in
      guard let before = change.before, let after = change.after else { return false }
      return SameValue.holds(after, before, isLoose: change.path.field != "metadata")
    }
    if proposal.changes.isEmpty { proposal.isLocal = nil }
    return proposal
  }
}

extension ProposalQuestion {
  /// What would be sent: an object that stands keeps the fields that are left to others.
  fileprivate var settled: Value {
    observed.map { IgnoredFields.settled(fields, ignored, live: $0) } ?? fields
  }
}

extension APIStatus {
  /// A value that the schema does not allow, which older servers report as a fault of their own.
  var isAboutTypes: Bool { message.contains("failed to create typed") }

  /// A 403 of admission, such as a quota, and not of missing permissions.
  var isAdmission: Bool {
    message.contains("exceeded quota") || message.contains("admission webhook")
      || message.contains("denied the request")
      || causes.contains { $0.reason == "NamespaceTerminating" } || message.contains("is being terminated")
      || !message.contains("cannot ")
  }
}

extension ValuePath {
  fileprivate var parent: ValuePath { ValuePath(segments.dropLast()) }
}

extension Value {
  /// A new object without what only the server writes, to be shown.
  fileprivate var withoutServerFields: Value {
    .map(
      entries.filter { $0.key != "status" }.map { entry in
        guard entry.key == "metadata" else { return (entry.key, entry.value) }
        let hidden: Set = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"]
        return (entry.key, .map(entry.value.entries.filter { !hidden.contains($0.key) }.map { ($0.key, $0.value) }))
      })
  }
}
