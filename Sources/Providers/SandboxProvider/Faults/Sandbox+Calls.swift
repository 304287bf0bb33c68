import Platform
import ProviderKit
import Resources

/// A call under way.
struct SandboxCall: Sendable {
  var operation: Operation
  var type: TypeName
  var address: Address?
  var remote: RemoteID?
  var fate: CallFate

  func record(remote: RemoteID?, hasEffect: Bool, _ problem: String?) -> CallRecord {
    CallRecord(
      number: fate.number, operation: operation, type: type, address: address, remote: remote ?? self.remote,
      hasEffect: hasEffect, problem: problem)
  }
}

extension Sandbox {
  /// Counts a call, takes its time, and strikes with what comes before the effect.
  func begin(
    _ operation: Operation, _ type: TypeName, _ address: Address? = nil, _ remote: RemoteID? = nil
  ) async throws(ProviderError) -> SandboxCall {
    let fate = try faults.next(operation, type)
    let call = SandboxCall(operation: operation, type: type, address: address, remote: remote, fate: fate)
    if faults.plan.latency > .zero {
      do throws(CancellationError) { try await time.sleep(for: faults.plan.latency) } catch {
        throw problem(call, .cancelled, effect: .none, "cancelled before the call was sent", nil)
      }
    }
    if fate.crash == .before { try die(at: operation, type) }
    switch fate.fault {
    case .throttle:
      throw problem(
        call, .throttled(retryAfter: fate.retryAfter), effect: .none, "request limit exceeded",
        "RequestLimitExceeded",
        status: 503)
    case .errorBefore:
      throw problem(call, .transient, effect: .none, "the service is unavailable", "Unavailable", status: 503)
    case .denied:
      throw problem(
        call, .denied(permission: "\(type):\(operation.rawValue)"), effect: .none, "not authorized",
        "UnauthorizedOperation", status: 403)
    case .errorAfter, .lostResponse, .partial, nil: return call
    }
  }

  /// Notes the effect, and strikes with what comes after it.
  func end(_ call: SandboxCall, remote: RemoteID?, hasEffect: Bool, partial: Observed? = nil)
    throws(ProviderError)
  {
    log?.add(call.record(remote: remote, hasEffect: hasEffect, call.fate.fault?.rawValue))
    if call.fate.crash == .after { try die(at: call.operation, call.type) }
    let lost: ProviderError.Effect = call.operation.isWrite ? .unknown : .none
    switch call.fate.fault {
    case .errorAfter:
      throw ProviderError(
        .other, effect: lost, "internal error", request: facts(call, code: "InternalError", status: 500))
    case .lostResponse:
      throw ProviderError(.transient, effect: lost, "the connection was closed", request: facts(call))
    case .partial:
      throw ProviderError(
        .other, effect: partial.map { .partial($0) } ?? lost, "internal error half-way",
        request: facts(call, code: "InternalError", status: 500))
    case .throttle, .errorBefore, .denied, nil: return
    }
  }

  /// Notes a refusal of the pretend service.
  func refused(_ call: SandboxCall, _ error: ProviderError) -> ProviderError {
    log?.add(call.record(remote: nil, hasEffect: false, error.request.code ?? "refused"))
    return error
  }

  private func problem(
    _ call: SandboxCall, _ reason: ProviderError.Reason, effect: ProviderError.Effect, _ message: String,
    _ code: String?, status: Int? = nil
  ) -> ProviderError {
    log?.add(call.record(remote: nil, hasEffect: false, call.fate.fault?.rawValue ?? "cancelled"))
    return ProviderError(reason, effect: effect, message, request: facts(call, code: code, status: status))
  }

  private func facts(_ call: SandboxCall, code: String? = nil, status: Int? = nil) -> RequestFacts {
    RequestFacts(
      service: "sandbox", operation: "\(call.operation.rawValue) \(call.type)", status: status, code: code,
      requestID: "call-\(call.fate.number)")
  }
}
