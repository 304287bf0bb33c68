import GCPClient
import HTTP
import ProviderKit
import Resources
import Values

extension RESTWire {
  func delete(_ observed: Observed, _ task: WriteTask) async throws(ProviderError) {
    if task.type.lifespan == .permanent { return }
    let id = observed.remote.text
    if deletion.before != nil || deletion.instead != nil {
      guard let now = try await one(id, task.session, task.type, for: .change) else { return }
      try await deletion.before?(task, self, now)
      if let instead = deletion.instead { return try await instead(task, self, now) }
    }
    let call = deletionCall(id, task)
    try await unlessGone { () throws(ProviderError) in
      try await task.patience.retrying(
        until: "nothing holds \(id) any more", atMost: WriteTask.busyPatience,
        while: { $0.isBusy || $0.isStale || $0.isInUse }
      ) { () async throws(ProviderError) -> Void in
        do throws(ProviderError) { try await run(call, task) } catch {
          if try await isGone(id, error, task) { return }
          throw error
        }
      }
    }
  }

  /// A refusal may be about an object that is deleted already and kept only to be had back.
  private func isGone(_ id: String, _ error: ProviderError, _ task: WriteTask) async throws(ProviderError) -> Bool {
    switch error.reason {
    case .conflict, .invalid: try await one(id, task.session, task.type) == nil
    case .notFound: true
    case .throttled, .transient, .denied, .quota, .unsupported, .cancelled, .other: false
    }
  }

  private func deletionCall(_ id: String, _ task: WriteTask) -> GCPCall {
    guard let suffix = deletion.suffix else {
      return GCPCall(
        service, "\(collection).\(deletion.verb)", .repeatable, .delete, path(id), query: deletion.query)
    }
    return GCPCall(
      service, "\(collection).\(deletion.verb)", .repeatable, .post, path(id) + suffix, query: deletion.query,
      body: deletion.body ?? .map([]))
  }
}
