import AWSClient
import ProviderKit
import Resources
import Values

/// One target, opened: a client with its keys, and whose account it is.
struct AWSSession: Sendable {
  let client: AWSClient
  let account: String

  var region: String { client.region }

  /// Names of buckets are shared by all accounts of AWS: a bucket of another account, made open to us, is refused.
  func send(_ call: AWSCall) async throws(ProviderError) -> AWSAnswer {
    var call = call
    if call.rest?.bucket != nil, call.operation != "CreateBucket" {
      call.rest?.headers.append((name: "x-amz-expected-bucket-owner", value: account))
    }
    return try await client.send(call)
  }
}

/// One write, with the time it has.
struct WriteTask: Sendable {
  let session: AWSSession
  let type: ResourceType
  let token: OperationToken
  private let patience: Patience

  init(
    _ session: AWSSession, _ type: ResourceType, _ operation: Operation, _ token: OperationToken,
    _ progress: ProgressSink
  ) {
    self.session = session
    self.type = type
    self.token = token
    patience = Patience(
      session.client.time, timeout: type.operations[operation]?.timeout ?? .seconds(300), progress)
  }

  /// Asks again and again, more and more slowly, until `check` gives something or the time is up.
  func wait<Result>(
    until what: String, atMost limit: Duration? = nil, _ check: () async throws(ProviderError) -> Result?
  ) async throws(ProviderError) -> Result {
    try await patience.wait(until: what, atMost: limit, check)
  }
}

extension WriteTask {
  /// How long what is on its way out may still hold an object: interfaces of endpoints and gateways vanish last.
  static let dependencyPatience = Duration.seconds(120)

  /// How long a new role may be unknown to services that are told of it: IAM's copies agree after a few seconds.
  static let rolePatience = Duration.seconds(30)

  /// Tries again while the service refuses in a way that may pass; what it said last is the error in the end.
  func retrying(
    until what: String, atMost limit: Duration = dependencyPatience,
    while mayPass: (ProviderError) -> Bool, _ work: () async throws(ProviderError) -> Void
  ) async throws(ProviderError) {
    try await patience.retrying(until: what, atMost: limit, while: mayPass, work)
  }

  /// Writes a policy, whose principals may be roles made a moment ago.
  func retryingPrincipals(_ work: () async throws(ProviderError) -> Void) async throws(ProviderError) {
    try await retrying(
      until: "the policy's principals are known", atMost: Self.rolePatience,
      while: { $0.has("MalformedPolicy", "MalformedPolicyDocument") && $0.message.contains("nvalid principal") }, work)
  }
}
