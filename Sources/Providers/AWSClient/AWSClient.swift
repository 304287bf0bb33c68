import HTTP
import Platform
import ProviderKit
import Values

/// Asks services of AWS, in one region with one set of keys or with none; knows the protocols and no resource type.
package struct AWSClient: Sendable {
  package let region: String
  package let endpoints: AWSEndpoints
  private let machine: AWSMachine
  /// nil sends requests that are not signed.
  private let source: (any CredentialSource)?
  private let retry: RetryPolicy

  package init(
    _ machine: AWSMachine, region: String, endpoints: AWSEndpoints, credentials: (any CredentialSource)?,
    retry: RetryPolicy = RetryPolicy()
  ) {
    self.machine = machine
    self.region = region
    self.endpoints = endpoints
    source = credentials
    self.retry = retry
  }

  package var time: any TimeSource { machine.time }

  /// Sends the call and reads the answer.
  ///
  /// Reads and repeatable writes are tried again after throttling and passing faults; a write that must happen
  /// once goes out once, on a connection of its own.
  @discardableResult
  package func send(_ call: AWSCall) async throws(ProviderError) -> AWSAnswer {
    let start = machine.time.elapsed
    var attempt = 1
    while true {
      let failure: ProviderError
      do throws(ProviderError) { return try await sendOnce(call) } catch { failure = error }
      let decision = retry.decide(
        retryClass(failure, call), attempt: attempt, spent: machine.time.elapsed - start,
        fraction: machine.random.fraction())
      guard case .retry(let wait) = decision else { throw failure }
      do { try await machine.time.sleep(for: wait) } catch {
        throw ProviderError(.cancelled, effect: failure.effect, "cancelled", request: failure.request)
      }
      attempt += 1
    }
  }

  private func retryClass(_ failure: ProviderError, _ call: AWSCall) -> RetryClass {
    guard call.effect != .once else { return .never }
    switch failure.reason {
    case .throttled(let after): return .throttled(after: after)
    case .transient: return call.effect == .conditional ? .never : .transient
    case .conflict, .notFound, .denied, .invalid, .quota, .unsupported, .cancelled, .other: return .never
    }
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
