import AWSClient
import ProviderKit
import Resources
import Values

extension EC2Wire {
  /// How long what is on its way out may still hold the object: interfaces of endpoints and gateways vanish last.
  static let dependencyPatience = Duration.seconds(120)

  func delete(_ observed: Observed, _ task: WriteTask) async throws(ProviderError) {
    let id = observed.remote.text
    do throws(ProviderError) {
      if let before = deletion.before {
        guard let now = try await snapshot(task.session, task.type, id) else { return try await waitUntilGone(id, task) }
        try await before(task, now)
      }
      try await unlessGone { () throws(ProviderError) in try await remove(id, task) }
      try await waitUntilGone(id, task)
    } catch {
      if case .unknown = error.effect { throw error.leaving(observed) }
      throw error
    }
  }

  private func remove(_ id: String, _ task: WriteTask) async throws(ProviderError) {
    var refusal: ProviderError?
    do throws(ProviderError) {
      try await task.wait(until: "nothing holds \(id) any more", atMost: Self.dependencyPatience) {
        () async throws(ProviderError) -> Void? in
        do throws(ProviderError) { return try await ask(id, task) } catch {
          guard error.has("DependencyViolation") else { throw error }
          refusal = error
          return nil
        }
      }
    } catch {
      // What holds the object is worth more than that time ran out.
      if error.reason == .other, let refusal { throw refusal }
      throw error
    }
  }

  private func ask(_ id: String, _ task: WriteTask) async throws(ProviderError) {
    let ids: Value = deletion.takesList ? [.string(id)] : .string(id)
    let call = AWSCall.ec2(deletion.operation, .repeatable, [(deletion.idParameter, ids)])
    let answer = try await task.session.send(call)
    guard let problem = answer.value.items("unsuccessful").first?["error"], let code = problem.text("code") else { return }
    if code.hasSuffix(".NotFound") { return }
    throw ProviderError(
      .conflict, effect: .none, "\(code): \(problem.text("message") ?? code)",
      request: RequestFacts(service: "ec2", operation: deletion.operation, status: answer.status, code: code))
  }

  private func waitUntilGone(_ id: String, _ task: WriteTask) async throws(ProviderError) {
    try await task.wait(until: "\(id) is gone") { () async throws(ProviderError) -> Void? in
      let answer = try await describe(task.session, [EC2Filter(name: describe.idFilter, values: [id])])
      guard let raw = answer.value.items(describe.list).first else { return () }
      let state = lifeCycle.state.flatMap { raw.text($0)?.lowercased() }
      return state.map { lifeCycle.deleted.contains($0) } ?? false ? () : nil
    }
  }
}
