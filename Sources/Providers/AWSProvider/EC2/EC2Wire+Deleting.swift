import AWSClient
import ProviderKit
import Resources
import Values

extension EC2Wire {
  func delete(_ observed: Observed, _ task: WriteTask) async throws(ProviderError) {
    let id = observed.remote.text
    if let before = deletion.before, let now = try await snapshot(task.session, task.type, id) {
      try await before(task, now)
    }
    try await unlessGone { () throws(ProviderError) in try await remove(id, task) }
    try await waitUntilGone(id, task)
  }

  private func remove(_ id: String, _ task: WriteTask) async throws(ProviderError) {
    try await task.retrying(until: "nothing holds \(id) any more", while: { $0.has("DependencyViolation") }) {
      () async throws(ProviderError) in try await ask(id, task)
    }
  }

  private func ask(_ id: String, _ task: WriteTask) async throws(ProviderError) {
    let ids: Value = deletion.takesList ? [.string(id)] : .string(id)
    let call = AWSCall.ec2(deletion.operation, .repeatable, [(deletion.idParameter, ids)])
    let answer = try await task.session.send(call)
    guard let problem = answer.value.items("unsuccessful").first?["error"], let code = problem.text("code")
    else { return }
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
