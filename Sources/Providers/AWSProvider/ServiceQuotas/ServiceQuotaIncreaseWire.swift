import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

/// Wishes for higher quotas. What counts is the higher of the value in force and the one that is being looked at: where
/// that is enough nothing is asked for, and a wish that was denied shows as a difference.
struct ServiceQuotaIncreaseWire: ObjectWire {
  static let service = AWSService("servicequotas", .json("ServiceQuotasV20190624"), id: "Service Quotas")
  private static let pageSize = 100
  private static let open: Set = ["PENDING", "CASE_OPENED", "APPROVED"]

  private func call(_ operation: String, _ effect: AWSCall.Effect, _ parameters: [(String, Value)]) -> AWSCall {
    AWSCall(Self.service, operation, effect, .map(parameters))
  }

  /// Every quota for which somebody asked; all at once, since the requests for one may stand on several pages.
  func page(
    _ session: AWSSession, _ type: ResourceType, after: String?
  ) async throws(ProviderError) -> (items: [Observed], next: String?) {
    var requests: [Value] = []
    var token: String?
    repeat {
      let parameters = [("MaxResults", .int(Self.pageSize))] + (token.map { [("NextToken", Value.string($0))] } ?? [])
      let answer = try await session.send(call("ListRequestedServiceQuotaChangeHistory", .read, parameters))
      requests += answer.value.items("RequestedQuotas")
      token = answer.value.text("NextToken")
    } while token != nil
    let quotas = Dictionary(grouping: requests) { Quota(service: $0.text("ServiceCode"), code: $0.text("QuotaCode")) }
    let found = try await concurrently(quotas.sorted { $0.key.id < $1.key.id }) { entry throws(ProviderError) in
      try await observed(entry.key, entry.value, session, type)
    }
    return (found.compactMap { $0 }, nil)
  }

  func one(_ session: AWSSession, _ type: ResourceType, _ id: String) async throws(ProviderError) -> Observed? {
    let parts = id.split(separator: "/")
    guard parts.count == 2 else { return nil }
    let quota = Quota(service: String(parts[0]), code: String(parts[1]))
    let answer = try await unlessMissing { () async throws(ProviderError) in
      try await session.send(
        call(
          "ListRequestedServiceQuotaChangeHistoryByQuota", .read,
          quota.parameters + [("MaxResults", .int(Self.pageSize))]))
    }
    return try await observed(quota, answer?.value.items("RequestedQuotas") ?? [], session, type)
  }

  /// nil where the service has no such quota.
  private func observed(
    _ quota: Quota, _ requests: [Value], _ session: AWSSession, _ type: ResourceType
  ) async throws(ProviderError) -> Observed? {
    guard let value = try await value(quota, session) else { return nil }
    let asked = requests.filter { Self.open.contains($0.text("Status") ?? "") }
      .compactMap { $0["DesiredValue"]?.double }
    var fields: [(String, Value)] = [
      ("serviceCode", .string(quota.service)), ("quotaCode", .string(quota.code)),
      ("desiredValue", .double(asked.reduce(value, max))), ("value", .double(value)),
    ]
    let latest = requests.max { ($0["Created"]?.double ?? 0) < ($1["Created"]?.double ?? 0) }
    if let status = latest?.text("Status") { fields.append(("requestStatus", .string(status))) }
    return Observed(type: type.name, remote: RemoteID(quota.id), fields: .map(fields), marker: nil)
  }

  /// What is in force: the account's own value, else everybody's.
  private func value(_ quota: Quota, _ session: AWSSession) async throws(ProviderError) -> Double? {
    for operation in ["GetServiceQuota", "GetAWSDefaultServiceQuota"] {
      let answer = try await unlessMissing { () async throws(ProviderError) in
        try await session.send(call(operation, .read, quota.parameters))
      }
      if let value = answer?.value.at("Quota.Value")?.double { return value }
    }
    return nil
  }

  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    let quota = Quota(service: fields["serviceCode"]?.string, code: fields["quotaCode"]?.string)
    let now = try await one(task.session, task.type, quota.id)
    try await ask(quota, fields["desiredValue"], now, task)
    return quota.id
  }

  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    let quota = Quota(service: now.fields["serviceCode"]?.string, code: now.fields["quotaCode"]?.string)
    try await ask(quota, wanted["desiredValue"], now, task)
  }

  private func ask(
    _ quota: Quota, _ desired: Value?, _ now: Observed?, _ task: WriteTask
  ) async throws(ProviderError) {
    guard let desired, let wanted = desired.double, (now?.fields["desiredValue"]?.double ?? 0) < wanted else { return }
    _ = try await task.session.send(
      call("RequestServiceQuotaIncrease", .once, quota.parameters + [("DesiredValue", desired)]))
  }

  func tag(_ edit: TagEdit, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {}

  /// Nothing takes a wish back.
  func remove(_ now: Observed, _ task: WriteTask) async throws(ProviderError) {}
}

/// One quota of one service.
private struct Quota: Hashable {
  var service: String
  var code: String

  init(service: String?, code: String?) {
    self.service = service ?? ""
    self.code = code ?? ""
  }

  var id: String { "\(service)/\(code)" }
  var parameters: [(String, Value)] { [("ServiceCode", .string(service)), ("QuotaCode", .string(code))] }
}
