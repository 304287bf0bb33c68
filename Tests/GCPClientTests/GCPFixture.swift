import GCPClient
import HTTP
import Platform
import ProviderKit
import Values

/// A client on a simulated network, clock and disk.
struct GCPFixture: Sendable {
  let transport: SimulatedTransport
  let time = SimulatedTime(skipsSleep: true)
  let machine: ClientMachine

  init(
    environment: [String: String] = [:], files: [String: String] = [:],
    children: any ChildRunner = SimulatedChildren { _ in ChildResult(status: .exited(1)) },
    _ answer: @escaping SimulatedTransport.Answer = { _ in .json(200, "{}") }
  ) {
    transport = SimulatedTransport(answer)
    machine = ClientMachine(
      transport: transport, environment: Environment(environment), files: SimulatedFiles(files), children: children,
      time: time, random: SeededRandom(seed: 1))
  }

  func client(
    _ tokens: any TokenSource = StaticToken("hush"), endpoints: GCPEndpoints = GCPEndpoints(),
    quotaProject: String? = nil
  ) -> GCPClient {
    GCPClient(machine, endpoints: endpoints, tokens: tokens, quotaProject: quotaProject)
  }

  static let read = GCPCall.get(.compute, "networks.list", "projects/acme/global/networks")
  static let write = GCPCall(
    .compute, "networks.insert", .once, .post, "projects/acme/global/networks", body: ["name": "n"])
  static let repeatable = GCPCall(
    .compute, "networks.insert", .repeatable, .post, "projects/acme/global/networks",
    query: [("requestId", "11111111-1111-4111-8111-111111111111")], body: ["name": "n"])
}

extension HTTPResponse {
  static func json(_ status: Int, _ text: String, _ headers: HTTPHeaders = [:]) -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
  }

  /// In the newer form.
  static func googleError(
    _ code: Int, _ status: String, _ message: String = "why", details: String = "", _ headers: HTTPHeaders = [:]
  ) -> HTTPResponse {
    json(
      code,
      #"{"error": {"code": \#(code), "message": "\#(message)", "status": "\#(status)", "details": [\#(details)]}}"#,
      headers)
  }

  /// In the form of compute and storage.
  static func oldError(_ code: Int, _ reason: String, _ message: String = "why", location: String? = nil)
    -> HTTPResponse
  {
    let place = location.map { #", "location": "\#($0)", "locationType": "parameter""# } ?? ""
    return json(
      code,
      #"{"error": {"code": \#(code), "message": "\#(message)", "#
        + #""errors": [{"message": "\#(message)", "domain": "global", "reason": "\#(reason)"\#(place)}]}}"#)
  }
}

extension ProviderError {
  var hasNoEffect: Bool { if case .none = effect { true } else { false } }
  var hasUnknownEffect: Bool { if case .unknown = effect { true } else { false } }
}
