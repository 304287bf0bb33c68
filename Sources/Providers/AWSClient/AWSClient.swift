import HTTP
import Platform
import ProviderKit
import Values

/// Asks services of AWS, in one region with one set of keys or with none; knows the protocols and no resource type.
package struct AWSClient: Sendable {
  package let region: String
  package let endpoints: AWSEndpoints
  private let machine: ClientMachine
  /// nil sends requests that are not signed.
  private let source: (any CredentialSource)?
  private let retry: CallRetry

  package init(
    _ machine: ClientMachine, region: String, endpoints: AWSEndpoints, credentials: (any CredentialSource)?,
    retry: RetryPolicy = RetryPolicy()
  ) {
    self.machine = machine
    self.region = region
    self.endpoints = endpoints
    source = credentials
    self.retry = CallRetry(retry, machine)
  }

  package var time: any TimeSource { machine.time }

  /// Sends the call and reads the answer.
  ///
  /// Reads and repeatable writes are tried again after throttling and passing faults; a write that must happen
  /// once goes out once, on a connection of its own.
  @discardableResult
  package func send(_ call: AWSCall) async throws(ProviderError) -> AWSAnswer {
    try await retry.run(call.effect) { () async throws(ProviderError) in try await sendOnce(call) }
  }

  private func sendOnce(_ call: AWSCall) async throws(ProviderError) -> AWSAnswer {
    var request = RequestBuilder(endpoints: endpoints, region: region).request(call)
    if let source {
      let keys = try await source.credentials()
      SigV4Signer(region: endpoints.signingRegion(call.service, region: region), service: call.service.name)
        .sign(&request, with: keys, at: machine.time.now)
    }
    machine.counter.count(request)
    let response: HTTPResponse
    do throws(HTTPError) { response = try await machine.transport.send(request) } catch {
      throw AnswerReader.failure(error, call)
    }
    return try AnswerReader.read(response, call, now: machine.time.now)
  }
}
