import Cryptography
import GCPClient
import ProviderKit
import Resources
import Values

/// Work that goes on after its request was answered:
/// https://cloud.google.com/compute/docs/api/how-tos/api-requests-responses
/// for Compute Engine and Kubernetes Engine, https://google.aip.dev/151 for all others.
struct RemoteOperation: Sendable {
  let style: RESTWire.OperationStyle
  let service: GCPService
  let raw: Value

  var isDone: Bool {
    switch style {
    case .compute, .container: raw["status"]?.string == "DONE"
    case .longRunning: raw["done"]?.bool ?? false
    case .none: true
    }
  }

  /// Where it is asked for, and the method that asks.
  var place: (path: String, method: String)? {
    guard let name = raw["name"]?.string else { return nil }
    switch style {
    case .none: return nil
    case .longRunning: return (name, Self.method(name))
    case .container:
      guard let link = raw["selfLink"]?.string else { return nil }
      let path = RESTWire.path(ofLink: link).replacing("/zones/", with: "/locations/")
      return (path, "projects.locations.operations.get")
    case .compute:
      guard let link = raw["selfLink"]?.string else { return nil }
      let path = RESTWire.path(ofLink: link)
      let scope = path.contains("/regions/") ? "region" : path.contains("/zones/") ? "zone" : "global"
      return (path, "\(scope)Operations.get")
    }
  }

  /// `projects/p/locations/l/operations/o` is asked for by `projects.locations.operations.get`.
  private static func method(_ name: String) -> String {
    let parts = name.split(separator: "/")
    return stride(from: 0, to: parts.count, by: 2).map { String(parts[$0]) }.joined(separator: ".") + ".get"
  }

  /// Why it failed; nil where it did not.
  func failure(_ call: GCPCall) -> ProviderError? {
    guard let problem = raw["error"], problem.kind == .map else { return nil }
    let number = Int(problem["code"]?.int ?? 0)
    let status = raw["httpErrorStatusCode"]?.int.map(Int.init) ?? Self.statuses[number] ?? 500
    let error = GoogleError(problem)
    let code = error.map { $0.code.isEmpty ? Self.codes[number] ?? "" : $0.code } ?? ""
    var reason = error?.reason(status: status) ?? .other
    if number == Self.exhausted, problem["errors"] == nil { reason = .quota(code: nil) }
    if number == Self.failedPrecondition, problem["errors"] == nil { reason = .conflict }
    return ProviderError(
      reason, effect: .unknown, error?.text ?? "`\(call.id)` failed and does not say why",
      request: RequestFacts(
        service: call.service.name, operation: call.operation, status: status, code: code,
        requestID: raw["name"]?.string))
  }

  private static let exhausted = 8
  private static let failedPrecondition = 9

  /// https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
  private static let statuses = [
    1: 499, 2: 500, 3: 400, 4: 504, 5: 404, 6: 409, 7: 403, 8: 429, 9: 400, 10: 409, 11: 400, 12: 501, 13: 500,
    14: 503, 15: 500, 16: 401,
  ]
  private static let codes = [
    3: "INVALID_ARGUMENT", 5: "NOT_FOUND", 6: "ALREADY_EXISTS", 7: "PERMISSION_DENIED", 8: "RESOURCE_EXHAUSTED",
    9: "FAILED_PRECONDITION", 10: "ABORTED", 13: "INTERNAL", 14: "UNAVAILABLE",
  ]
}

extension RESTWire {
  /// Sends a call and waits for the work that it starts. What comes back is the answer, or the operation when it is
  /// done.
  @discardableResult
  func run(_ call: GCPCall, _ task: WriteTask) async throws(ProviderError) -> Value {
    let answer = try await task.session.send(call)
    guard operations != .none else { return answer }
    return try await finish(answer, call, task)
  }

  private func finish(_ answer: Value, _ call: GCPCall, _ task: WriteTask) async throws(ProviderError) -> Value {
    let started = RemoteOperation(style: operations, service: service, raw: answer)
    // Some methods of these services answer with the object itself.
    guard started.isDone || started.place != nil, answer["error"] != nil || started.looksLikeOne else { return answer }
    if started.isDone { return try settled(started, call) }
    guard let place = started.place else { return answer }
    return try await task.patience.wait(until: "`\(call.id)` is done") { () async throws(ProviderError) -> Value? in
      let now = try await task.session.send(.get(service, place.method, place.path))
      let operation = RemoteOperation(style: operations, service: service, raw: now)
      // `Value` has a nil of its own, which a conditional expression would take here.
      guard operation.isDone else { return Value?.none }
      return try settled(operation, call)
    }
  }

  private func settled(_ operation: RemoteOperation, _ call: GCPCall) throws(ProviderError) -> Value {
    if let failure = operation.failure(call) { throw failure }
    return operation.raw
  }
}

extension RemoteOperation {
  /// Operations of Compute Engine have a type, those of the newer services a name among operations.
  var looksLikeOne: Bool {
    switch style {
    case .compute, .container: raw["operationType"] != nil
    case .longRunning: raw["name"]?.string?.contains("operations/") ?? false
    case .none: false
    }
  }
}

extension OperationToken {
  /// The token as the UUID that `requestId` of Compute Engine wants; of the form of a random one (RFC 9562, version 4).
  var requestID: String {
    var bytes = Array(SHA256.digest(text).bytes.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    let hex = Array(Hex.encode(bytes))
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
    return groups.map { String(hex[$0]) }.joined(separator: "-")
  }
}
