import AWSClient
import HTTP
import Platform
import ProviderKit
import Values

/// Asks services of Google Cloud with the tokens of one identity; knows REST, JSON and errors, and no resource type.
package struct GCPClient: Sendable {
  package let endpoints: GCPEndpoints
  private let machine: ClientMachine
  private let tokens: any TokenSource
  private let quotaProject: String?
  private let retry: CallRetry

  /// - Parameter quotaProject: the project whose quota and billing requests count against; nil leaves that to the
  ///   credentials and to the service.
  package init(
    _ machine: ClientMachine, endpoints: GCPEndpoints, tokens: any TokenSource, quotaProject: String? = nil,
    retry: RetryPolicy = RetryPolicy()
  ) {
    self.machine = machine
    self.endpoints = endpoints
    self.tokens = tokens
    self.quotaProject = quotaProject
    self.retry = CallRetry(retry, machine)
  }

  package var time: any TimeSource { machine.time }
  package var random: any RandomSource { machine.random }

  /// The same client, whose transport refuses every request that is not a read (`ReadRequests`).
  package var readOnly: GCPClient {
    var limited = machine
    limited.transport = ReadOnlyTransport(machine.transport, allowing: ReadRequests.allows)
    return GCPClient(self, limited)
  }

  private init(_ other: GCPClient, _ machine: ClientMachine) {
    endpoints = other.endpoints
    tokens = other.tokens
    quotaProject = other.quotaProject
    retry = other.retry
    self.machine = machine
  }

  /// Sends the call and reads the answer.
  ///
  /// Reads and repeatable writes are tried again after throttling and passing faults; a write that must happen
  /// once goes out once, on a connection of its own. Long-running operations are the caller's to wait for.
  @discardableResult
  package func send(_ call: GCPCall) async throws(ProviderError) -> GCPAnswer {
    try await retry.run(call.effect) { () async throws(ProviderError) in
      let token = try await tokens.token()
      do throws(ProviderError) { return try await send(call, token) } catch {
        guard error.request.status == 401, await tokens.canReplace(token) else { throw error }
      }
      // A token that is not accepted any more has done nothing, so even a write may go out again with a new one.
      return try await send(call, try await tokens.token())
    }
  }

  private func send(_ call: GCPCall, _ token: AccessToken) async throws(ProviderError) -> GCPAnswer {
    var request = call.request(endpoints)
    request.headers["Authorization"] = "Bearer \(token.text)"
    request.headers["X-Goog-User-Project"] = quotaProject ?? tokens.quotaProject
    machine.counter.count(request)
    let response: HTTPResponse
    do throws(HTTPError) { response = try await machine.transport.send(request) } catch {
      throw GCPAnswerReader.failure(error, call)
    }
    return try GCPAnswerReader.read(response, call, now: machine.time.now)
  }
}
