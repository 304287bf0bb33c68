import AWSClient
import HTTP
import Platform
import ProviderKit
import Values

/// A server that gives tokens for something that proves who asks (RFC 6749, RFC 7523, RFC 8693).
struct TokenEndpoint: Sendable {
  let url: HTTPURL
  private let machine: ClientMachine

  private static let answerLimit = 256 << 10
  private static let policy = RetryPolicy(attempts: 4, budget: .seconds(30))

  /// - Parameter text: the URL as a file of credentials has it.
  init(_ text: String, of file: CredentialFile) throws(ProviderError) {
    if let problem = GCPEndpoints.problem(text) { throw file.failed(problem) }
    guard let url = HTTPURL(text) else { throw file.failed("`\(text)` is no URL") }
    self.url = url
    machine = file.machine
  }

  /// Asks with a form; the answer's access token.
  ///
  /// - Parameter secrets: texts of the form that no message may repeat.
  func token(
    _ form: [(name: String, value: String)], headers: HTTPHeaders = HTTPHeaders(), hiding secrets: [String]
  ) async throws(ProviderError) -> AccessToken {
    let answer = try await ask(form, headers, secrets)
    guard let text = answer["access_token"]?.string, !text.isEmpty else {
      throw CredentialError.failed("\(name) gave no access token")
    }
    let seconds = answer["expires_in"].flatMap { $0.int ?? $0.string.flatMap { Int64($0) } }
    return AccessToken(text, expires: seconds.map { machine.time.now + .seconds($0) })
  }

  private var name: String { "the token endpoint at \(url.authority)" }

  private func ask(
    _ form: [(name: String, value: String)], _ headers: HTTPHeaders, _ secrets: [String]
  ) async throws(ProviderError) -> Value {
    let pairs = form.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
    var request = HTTPRequest(
      .post, url, headers: headers, body: Array(pairs.joined(separator: "&").utf8), repetition: .allowed,
      operation: HTTPOperation("oauth2", "token"))
    request.headers["Content-Type"] = "application/x-www-form-urlencoded"
    request.responseLimit = Self.answerLimit
    let sent = request
    return try await CallRetry(Self.policy, machine).run(.repeatable) { () async throws(ProviderError) in
      machine.counter.count(sent)
      let response: HTTPResponse
      do throws(HTTPError) { response = try await machine.transport.send(sent) } catch {
        throw ProviderError(.transient, effect: .none, "\(name) does not answer: \(error.text)")
      }
      return try read(response, secrets)
    }
  }

  private func read(_ response: HTTPResponse, _ secrets: [String]) throws(ProviderError) -> Value {
    let answer: Value?
    do throws(JSONError) { answer = try JSONReader.parse(response.body) } catch { answer = nil }
    if response.isSuccess, let answer { return answer }
    let retry = RetryClass(response, now: machine.time.now)
    var text = "\(name) refuses with status \(response.status)"
    if let code = answer?["error"]?.string ?? answer?["error"]?["status"]?.string { text += ": \(code)" }
    if let why = answer?["error_description"]?.string ?? answer?["error"]?["message"]?.string { text += ", \(why)" }
    for secret in secrets where !secret.isEmpty { text = text.replacing(secret, with: JSONWriter.redactedText) }
    let reason: ProviderError.Reason =
      switch retry {
      case .throttled(let after): .throttled(retryAfter: after)
      case .transient: .transient
      case .never: .denied(permission: nil)
      }
    throw ProviderError(
      reason, effect: .none, text,
      request: RequestFacts(service: "oauth2", operation: "token", status: response.status))
  }
}
