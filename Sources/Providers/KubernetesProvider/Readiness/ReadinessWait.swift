import KubernetesClient
import Platform
import ProviderKit
import Resources
import Values

/// Waits until an object is as its spec says; what it waits for is told as it goes, and with the last event when the
/// time is up.
struct ReadinessWait: Sendable {
  let cluster: Cluster
  let form: ObjectForm
  let progress: ProgressSink

  static let firstPause = Duration.milliseconds(200), longestPause = Duration.seconds(5)

  func wait(for made: Observed, timeout: Duration) async throws(ProviderError) -> Observed {
    guard ObjectSettings(made.fields).waits else { return made }
    let end = cluster.client.time.elapsed + timeout
    var now = made
    var pause = Self.firstPause
    while true {
      switch Readiness.of(form.kind.group, form.kind.name, now.fields) {
      case .current: return now
      case .failed(let why):
        throw ProviderError(
          .other, effect: .none, "`\(now.remote)` failed: \(why)" + (await lastEvent(now)), request: facts("wait"))
      case .inProgress(let what):
        guard cluster.client.time.elapsed + pause <= end else {
          throw ProviderError(
            .other, effect: .none,
            "`\(now.remote)` is not ready after \(timeout.components.seconds) seconds: \(what)"
              + (await lastEvent(now)), request: facts("wait"))
        }
        progress("waiting for `\(now.remote)`: \(what)")
      }
      try await rest(pause)
      pause = min(pause * 2, Self.longestPause)
      now = try await again(now)
    }
  }

  private func again(_ observed: Observed) async throws(ProviderError) -> Observed {
    let (namespace, name) = form.names(observed.remote)
    let answer = try await cluster.client.send(.get(form.kind.path(namespace: namespace, name: name)))
    return form.observed(answer.value)
  }

  func rest(_ pause: Duration) async throws(ProviderError) {
    do { try await cluster.client.time.sleep(for: pause) } catch {
      throw ProviderError(.cancelled, effect: .none, "interrupted while waiting")
    }
  }

  /// `; its last event is FailedCreate: …`, as far as events can be read.
  func lastEvent(_ observed: Observed) async -> String {
    let namespace = form.names(observed.remote).namespace ?? "default"
    guard let uid = observed.fields["metadata"]?["uid"]?.string,
      // Events only make a message better: without them it stands as it is.
      let answer = try? await cluster.client.send(
        .get(
          "/api/v1/namespaces/\(namespace)/events",
          query: [("fieldSelector", "involvedObject.uid=\(uid)"), ("limit", "100")]))
    else { return "" }
    let events = answer.value["items"]?.elements.map { $0 } ?? []
    let last = events.max { Self.time($0) < Self.time($1) }
    guard let last else { return "" }
    return "; its last event is \(last["reason"]?.string ?? "Event"): \(last["message"]?.string ?? "")"
  }

  private static func time(_ event: Value) -> String {
    event["lastTimestamp"]?.string ?? event["eventTime"]?.string ?? event["metadata"]?["creationTimestamp"]?.string
      ?? ""
  }

  private func facts(_ operation: String) -> RequestFacts {
    RequestFacts(service: "kubernetes", operation: "\(operation) \(form.kind.plural)")
  }
}
