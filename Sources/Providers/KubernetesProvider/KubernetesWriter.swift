import KubernetesClient
import ProviderKit
import Resources
import Values

/// The half that writes: server-side apply by the manager `plumb`, and deletes with preconditions. Each may be
/// repeated from any point: applying the same configuration twice is applying it once.
struct KubernetesWriter: ResourceWriter {
  let cluster: Cluster

  func create(
    _ desired: Desired, _ marker: Marker, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    let form = try await cluster.form(desired.type)
    guard let remote = form.remote(desired.fields) else { throw Self.unnamed(desired) }
    let (namespace, name) = form.names(remote)
    let (made, isNew) = try await apply(form, namespace, name, desired.fields, marker)
    if !isNew { try await checkOurs(made, form, isForced: ObjectSettings(desired.fields).isForced) }
    do throws(ProviderError) {
      return try await ReadinessWait(cluster: cluster, form: form, progress: progress)
        .wait(for: made, timeout: timeout(form, .create))
    } catch {
      throw error.leaving(made)
    }
  }

  func update(
    _ change: FieldChanges, of observed: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    let form = try await cluster.form(observed.type)
    let (namespace, name) = form.names(observed.remote)
    guard let marker = change.marker ?? observed.marker else {
      throw ProviderError(.invalid(field: nil), effect: .none, "`\(observed.remote)` has no marker to write")
    }
    var fields = IgnoredFields.settled(change.desired, change.ignored, live: observed)
    if fields["metadata"]?["name"] == nil { fields = fields.naming(namespace, name) }
    let (made, _) = try await apply(form, namespace, name, fields, marker)
    do throws(ProviderError) {
      return try await ReadinessWait(cluster: cluster, form: form, progress: progress)
        .wait(for: made, timeout: timeout(form, .update))
    } catch {
      throw error.leaving(made)
    }
  }

  func delete(
    _ resource: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) {
    guard let form = try await cluster.form(ifServed: resource.type) else { return }
    try await Deletion(cluster: cluster, form: form, progress: progress)
      .run(resource, timeout: timeout(form, .delete))
  }

  // MARK: Requests

  /// The object as it then is, and whether it was made: the server says 201 for that.
  private func apply(
    _ form: ObjectForm, _ namespace: String?, _ name: String, _ fields: Value, _ marker: Marker
  ) async throws(ProviderError) -> (object: Observed, isNew: Bool) {
    let request = KubernetesRequest.apply(
      form, namespace, name, form.applied(fields, marker), force: ObjectSettings(fields).isForced)
    let answer = try await cluster.client.exchange(request)
    guard let failure = answer.failure else { return (form.observed(answer.value), answer.status == 201) }
    let conflicts = failure.causes.compactMap { FieldConflict($0) }
    guard !conflicts.isEmpty else { throw cluster.client.error(failure, request) }
    let text = conflicts.map { "`\($0.path)` is owned by \($0.author)" }.joined(separator: ", ")
    throw ProviderError(
      .conflict, effect: .none, "`\(form.kind.name)` \(name) cannot be applied: \(text)",
      request: RequestFacts(service: "kubernetes", operation: "apply", status: failure.code, code: failure.reason))
  }

  /// The name was free when the plan was made and when the run began. Where somebody was quicker since, nothing of
  /// theirs was overwritten, as applying does not without force; what was added is taken back.
  private func checkOurs(_ made: Observed, _ form: ObjectForm, isForced: Bool) async throws(ProviderError) {
    guard made.isReady else {
      throw ProviderError(.conflict, effect: .none, "`\(made.remote)` is being deleted, and its name is not free yet")
    }
    let others = ManagedFields(of: made.fields).entries.filter {
      $0.manager != ObjectForm.manager && ($0.subresource ?? "").isEmpty && !$0.isStatus
    }
    // Sent twice, it is ours alone.
    guard !isForced, let other = others.first else { return }
    let (namespace, name) = form.names(made.remote)
    try await cluster.client.send(
      .apply(form, namespace, name, form.named(namespace, name), force: false))
    throw ProviderError(
      .conflict, effect: .none,
      "`\(form.kind.name)` `\(made.remote)` stands already, written by \(other.author), and is nobody's of us",
      request: RequestFacts(service: "kubernetes", operation: "apply"))
  }

  private func timeout(_ form: ObjectForm, _ operation: Operation) -> Duration {
    form.type.operations[operation]?.timeout ?? .seconds(300)
  }

  private static func unnamed(_ desired: Desired) -> ProviderError {
    ProviderError(
      .invalid(field: "metadata.namespace"), effect: .none,
      "`\(desired.address)` needs `metadata.name`, and `metadata.namespace` where its kind lives in namespaces")
  }
}

extension ProviderError {
  /// The same failure, after which an object of ours stands.
  func leaving(_ observed: Observed) -> ProviderError {
    var error = self
    error.effect = .partial(observed)
    return error
  }
}

extension Value {
  /// Fields that name their object.
  fileprivate func naming(_ namespace: String?, _ name: String) -> Value {
    let names: [(String, Value)?] = [("name", .string(name)), namespace.map { ("namespace", .string($0)) }]
    let rest = self["metadata"]?.entries.filter { $0.key != "name" && $0.key != "namespace" } ?? []
    let metadata = Value.map(names.compactMap { $0 } + rest.map { ($0.key, $0.value) })
    return .map([("metadata", metadata)] + entries.filter { $0.key != "metadata" }.map { ($0.key, $0.value) })
  }
}
