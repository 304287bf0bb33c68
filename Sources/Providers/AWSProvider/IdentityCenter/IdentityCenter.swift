import AWSClient
import ProviderKit
import Values

extension AWSCall {
  /// https://docs.aws.amazon.com/singlesignon/latest/APIReference/
  static func center(_ operation: String, _ effect: Effect, _ parameters: [(String, Value)]) -> AWSCall {
    AWSCall(AWSService("sso", .json("SWBExternalService"), id: "SSO Admin"), operation, effect, .map(parameters))
  }

  /// https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/
  static func store(_ operation: String, _ effect: Effect, _ parameters: [(String, Value)]) -> AWSCall {
    AWSCall(AWSService("identitystore", .json("AWSIdentityStore")), operation, effect, .map(parameters))
  }
}

extension AWSSession {
  /// An instance of Identity Center that the account can see, with its store of people. An account sees two at most.
  struct CenterInstance: Sendable {
    var arn: String
    var store: String
  }

  func centers() async throws(ProviderError) -> [CenterInstance] {
    let answer = try await send(.center("ListInstances", .read, []))
    return answer.value.items("Instances").compactMap { one in
      guard let arn = one.text("InstanceArn"), let store = one.text("IdentityStoreId") else { return nil }
      return CenterInstance(arn: arn, store: store)
    }
  }

  /// All items of a list with pages.
  func all(
    _ call: (_ token: [(String, Value)]) -> AWSCall, _ list: String
  ) async throws(ProviderError) -> [Value] {
    var items: [Value] = []
    var token: String?
    repeat {
      let answer = try await send(call(token.map { [("NextToken", .string($0))] } ?? []))
      items += answer.value.items(list)
      token = answer.value.text("NextToken")
    } while token != nil
    return items
  }

  /// The permission sets of an instance, by their resource names.
  func permissionSets(_ instance: String) async throws(ProviderError) -> [String] {
    try await all(
      { .center("ListPermissionSets", .read, [("InstanceArn", .string(instance)), ("MaxResults", 100)] + $0) },
      "PermissionSets"
    ).compactMap(\.string)
  }

  /// The accounts that a permission set has reached.
  func accounts(_ set: PermissionSetName) async throws(ProviderError) -> [String] {
    try await all(
      { .center("ListAccountsForProvisionedPermissionSet", .read, set.parameters + [("MaxResults", 100)] + $0) },
      "AccountIds"
    ).compactMap(\.string)
  }
}

/// A permission set's resource name, which tells its instance: `arn:aws:sso:::permissionSet/ssoins-…/ps-…`.
struct PermissionSetName: Hashable {
  let arn: String
  let instance: String

  init?(_ arn: String) {
    let parts = arn.split(separator: "/")
    guard parts.count == 3, parts[0].hasSuffix(":permissionSet") else { return nil }
    self.arn = arn
    instance = "\(parts[0].dropLast("permissionSet".count))instance/\(parts[1])"
  }

  var parameters: [(String, Value)] { [("InstanceArn", .string(instance)), ("PermissionSetArn", .string(arn))] }
}

extension WriteTask {
  /// Waits for what Identity Center does in the background; its reason where it fails.
  ///
  /// - Parameters:
  ///   - status: the answer that began it.
  ///   - ask: the read of how it goes, by the id of the request.
  func waitForCenter(
    _ what: String, _ status: Value?, _ ask: (_ id: Value) -> AWSCall, _ key: String
  ) async throws(ProviderError) {
    guard let id = status?["RequestId"] else { return }
    var status = status
    try await wait(until: what) { () async throws(ProviderError) -> Void? in
      switch status?.text("Status") {
      case "SUCCEEDED": return ()
      case "FAILED":
        let why = status?.text("FailureReason") ?? "no reason is given"
        throw ProviderError(.other, effect: .none, "Identity Center failed: \(why)")
      default:
        status = try await session.send(ask(id)).value[key]
        return status?.text("Status") == "SUCCEEDED" ? () : nil
      }
    }
  }
}
