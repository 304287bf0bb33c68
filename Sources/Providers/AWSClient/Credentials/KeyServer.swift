import HTTP
import Platform
import ProviderKit
import Values

/// A server of keys on the machine's own network: asked without a signature and past any proxy, with little patience,
/// since where there is none nobody answers.
package struct KeyServer: Sendable {
  /// What messages call it: never with a path, which may hold a secret.
  private let name: String
  private let machine: ClientMachine

  package init(name: String, machine: ClientMachine) {
    self.name = name
    self.machine = machine
  }

  static let attempts = 3
  private static let pause = Duration.milliseconds(200)
  private static let timeouts = HTTPTimeouts(connect: .seconds(1), firstByte: .seconds(2), total: .seconds(4))
  private static let answerLimit = 64 << 10

  /// The body of a successful answer. Where nobody listens there is one attempt, after a passing fault there are more.
  package func ask(
    _ method: HTTPMethod, _ url: HTTPURL, _ headers: [(name: String, value: String)] = []
  ) async throws(ProviderError) -> [UInt8] {
    var request = HTTPRequest(method, url, repetition: .allowed)
    for header in headers { request.headers[header.name] = header.value }
    request.timeouts = Self.timeouts
    request.usesProxy = false
    request.responseLimit = Self.answerLimit
    var attempt = 1
    while true {
      let response: HTTPResponse
      do throws(HTTPError) { response = try await machine.transport.send(request) } catch {
        throw CredentialError.failed("\(name) does not answer: \(error.text)")
      }
      if response.isSuccess { return response.body }
      guard response.status >= 500 || response.status == 429, attempt < Self.attempts else {
        throw CredentialError.failed("\(name) answers with status \(response.status)")
      }
      attempt += 1
      do { try await machine.time.sleep(for: Self.pause) } catch {
        throw ProviderError(.cancelled, effect: .none, "cancelled")
      }
    }
  }

  package func text(
    _ method: HTTPMethod, _ url: HTTPURL, _ headers: [(name: String, value: String)] = []
  ) async throws(ProviderError) -> String {
    String(decoding: try await ask(method, url, headers), as: UTF8.self)
  }

  /// Keys in the words that containers and instances share.
  func keys(_ url: HTTPURL, _ headers: [(name: String, value: String)] = []) async throws(ProviderError)
    -> AWSCredentials
  {
    let answer = try json(try await ask(.get, url, headers))
    guard let id = answer["AccessKeyId"]?.string, let secret = answer["SecretAccessKey"]?.string else {
      throw CredentialError.failed("\(name) gave no keys" + (answer["Code"]?.string.map { ": \($0)" } ?? ""))
    }
    return AWSCredentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: answer["Token"]?.string,
      expires: answer["Expiration"]?.string.flatMap { Instant(rfc3339: $0) })
  }

  package func json(_ body: [UInt8]) throws(ProviderError) -> Value {
    do throws(JSONError) { return try JSONReader.parse(body) } catch {
      throw CredentialError.failed("\(name) answered with something that is no JSON")
    }
  }
}
