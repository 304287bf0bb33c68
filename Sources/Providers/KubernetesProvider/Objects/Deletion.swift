import HTTP
import KubernetesClient
import Platform
import ProviderKit
import Resources
import Values

/// Deletes one object and waits until it is gone: in the foreground, so that what it owns goes first, or leaving what
/// it owns. An object that is not the one that was planned is not touched.
/// https://kubernetes.io/docs/concepts/architecture/garbage-collection/
struct Deletion: Sendable {
  let cluster: Cluster
  let form: ObjectForm
  let progress: ProgressSink

  func run(_ resource: Observed, timeout: Duration) async throws(ProviderError) {
    let (namespace, name) = form.names(resource.remote)
    let path = form.kind.path(namespace: namespace, name: name)
    let settings = ObjectSettings(resource.fields)
    if form.kind.isNamespace, settings.deletion != .contents, resource.isReady {
      try await NamespaceContents(cluster: cluster).check(name, ours: resource.marker?.scope)
    }
    if resource.isReady, try await !ask(resource, path, settings.deletion) { return }
    try await wait(resource, path, timeout: timeout)
  }

  /// How often a delete is asked for again when only its status has moved on.
  static let attempts = 5

  /// False where the object is gone already.
  private func ask(_ resource: Observed, _ path: String, _ deletion: ObjectSettings.Deletion)
    async throws(ProviderError)
    -> Bool
  {
    var present = resource
    for attempt in 1...Self.attempts {
      let answer = try await cluster.client.exchange(
        KubernetesRequest(.delete, path, body: options(present, deletion), effect: .repeatable))
      guard let failure = answer.failure else { return true }
      if failure.code == 404 { return false }
      guard failure.code == 409, attempt < Self.attempts else { throw refusal(failure, resource, path) }
      let again = try await cluster.client.exchange(.get(path))
      if let failure = again.failure {
        if failure.code == 404 { return false }
        throw cluster.client.error(failure, .get(path))
      }
      let now = form.observed(again.value)
      // Controllers write status all the time: what was planned with is the rest.
      guard ObjectDifference(before: resource.fields, after: now.fields, form.type.schema).changes.isEmpty,
        now.fields["metadata"]?["uid"] == resource.fields["metadata"]?["uid"]
      else { throw refusal(failure, resource, path) }
      present = now
    }
    return true
  }

  /// The uid makes sure that it is this object, the resourceVersion that it is as it was planned with.
  private func options(_ resource: Observed, _ deletion: ObjectSettings.Deletion) -> Value {
    let metadata = resource.fields["metadata"]
    let preconditions = ["uid", "resourceVersion"].compactMap { key in metadata?[key].map { (key, $0) } }
    return .map([
      ("apiVersion", "v1"), ("kind", "DeleteOptions"),
      ("propagationPolicy", deletion == .orphan ? "Orphan" : "Foreground"), ("preconditions", .map(preconditions)),
    ])
  }

  private func refusal(_ failure: APIStatus, _ resource: Observed, _ path: String) -> ProviderError {
    var error = cluster.client.error(failure, KubernetesRequest(.delete, path, effect: .repeatable))
    if failure.code == 409 {
      error.message = "`\(resource.remote)` has changed since it was looked at: \(failure.message)"
    }
    return error
  }

  /// Finalizers are their owners' to remove: who holds the object up is told.
  private func wait(_ resource: Observed, _ path: String, timeout: Duration) async throws(ProviderError) {
    let uid = resource.fields["metadata"]?["uid"]?.string
    let waiting = ReadinessWait(cluster: cluster, form: form, progress: progress)
    let end = cluster.client.time.elapsed + timeout
    var pause = ReadinessWait.firstPause
    while true {
      let answer = try await cluster.client.exchange(.get(path))
      if let failure = answer.failure {
        if failure.code == 404 { return }
        throw cluster.client.error(failure, .get(path))
      }
      // Another object of the same name: the one that was to go is gone.
      if let uid, answer.value["metadata"]?["uid"]?.string != uid { return }
      let what = Self.holders(answer.value)
      guard cluster.client.time.elapsed + pause <= end else {
        throw ProviderError(
          .other, effect: .partial(form.observed(answer.value)),
          "`\(resource.remote)` is being deleted, and after \(timeout.components.seconds) seconds still there: \(what)",
          request: RequestFacts(service: "kubernetes", operation: "delete \(form.kind.plural)"))
      }
      progress("waiting until `\(resource.remote)` is gone: \(what)")
      try await waiting.rest(pause)
      pause = min(pause * 2, ReadinessWait.longestPause)
    }
  }

  /// What keeps an object that is being deleted.
  static func holders(_ object: Value) -> String {
    let finalizers =
      (object["metadata"]?["finalizers"]?.elements.compactMap(\.string) ?? [])
      + (object["spec"]?["finalizers"]?.elements.compactMap(\.string) ?? [])
    let conditions = object["status"]?["conditions"]?.elements.filter { $0["status"]?.string == "True" } ?? []
    let contents = conditions.compactMap { $0["message"]?.string }.first { $0.contains("remaining") }
    guard !finalizers.isEmpty else { return "it ends its work" }
    let names = finalizers.map { "`\($0)`" }.joined(separator: ", ")
    return "held by the finalizer\(finalizers.count == 1 ? "" : "s") \(names)" + (contents.map { " (\($0))" } ?? "")
  }
}
