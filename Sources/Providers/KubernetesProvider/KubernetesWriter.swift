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
    // Applying makes an object or changes one: one that is there and not ours must not be changed as if it were new.
    if let standing = try await object(form, namespace, name), standing.marker != marker {
      guard standing.isReady else {
        throw ProviderError(.conflict, effect: .none, "`\(remote)` is being deleted, and its name is not free yet")
      }
      throw Self.taken(standing, by: form)
    }
    let made = try await apply(form, namespace, name, desired.fields, marker)
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
    var fields = change.desired
    if fields["metadata"]?["name"] == nil { fields = fields.naming(namespace, name) }
    let made = try await apply(form, namespace, name, fields, marker)
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

  private func apply(
    _ form: ObjectForm, _ namespace: String?, _ name: String, _ fields: Value, _ marker: Marker
  ) async throws(ProviderError) -> Observed {
    let request = KubernetesRequest.apply(
      form, namespace, name, form.applied(fields, marker), force: ObjectSettings(fields).isForced)
    let answer = try await cluster.client.exchange(request)
    guard let failure = answer.failure else { return form.observed(answer.value) }
    let conflicts = failure.causes.compactMap { FieldConflict($0) }
    guard !conflicts.isEmpty else { throw cluster.client.error(failure, request) }
    let text = conflicts.map { "`\($0.path)` is owned by \($0.author)" }.joined(separator: ", ")
    throw ProviderError(
      .conflict, effect: .none, "`\(form.kind.name)` \(name) cannot be applied: \(text)",
      request: RequestFacts(service: "kubernetes", operation: "apply", status: failure.code, code: failure.reason))
  }

  private func object(_ form: ObjectForm, _ namespace: String?, _ name: String) async throws(ProviderError) -> Observed?
  {
    let request = KubernetesRequest.get(form.kind.path(namespace: namespace, name: name))
    let answer = try await cluster.client.exchange(request)
    guard let failure = answer.failure else { return form.observed(answer.value) }
    if failure.code == 404 { return nil }
    throw cluster.client.error(failure, request)
  }

  private func timeout(_ form: ObjectForm, _ operation: Operation) -> Duration {
    form.type.operations[operation]?.timeout ?? .seconds(300)
  }

  private static func unnamed(_ desired: Desired) -> ProviderError {
    ProviderError(
      .invalid(field: "metadata.namespace"), effect: .none,
      "`\(desired.address)` needs `metadata.name`, and `metadata.namespace` where its kind lives in namespaces")
  }

  private static func taken(_ standing: Observed, by form: ObjectForm) -> ProviderError {
    let owner = standing.marker.map { "belongs to `\($0.address)` of scope `\($0.scope)`" } ?? "is nobody's of us"
    return ProviderError(
      .conflict, effect: .none, "`\(form.kind.name)` `\(standing.remote)` stands already and \(owner)",
      request: RequestFacts(service: "kubernetes", operation: "apply"))
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
