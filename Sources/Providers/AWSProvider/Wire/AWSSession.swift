import AWSClient
import Platform
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

  /// How many requests for single objects are under way at once, where an API offers nothing else.
  static let width = 8

  /// Does the work for every item, a few at a time; results keep the items' order. The first error ends it.
  func each<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ work: @escaping @Sendable (Item) async throws(ProviderError) -> Result
  ) async throws(ProviderError) -> [Result] {
    let outcomes = await withTaskGroup(of: (Int, Swift.Result<Result, ProviderError>).self) { group in
      var outcomes: [Int: Swift.Result<Result, ProviderError>] = [:]
      var next = 0
      while next < items.count || outcomes.count < next {
        while next < items.count, next - outcomes.count < Self.width {
          let (index, item) = (next, items[next])
          group.addTask {
            do throws(ProviderError) { return (index, .success(try await work(item))) } catch {
              return (index, .failure(error))
            }
          }
          next += 1
        }
        guard let (index, outcome) = await group.next() else { break }
        outcomes[index] = outcome
        if case .failure = outcome { next = items.count; group.cancelAll(); break }
      }
      return outcomes
    }
    for case .failure(let error) in outcomes.values { throw error }
    var results: [Result] = []
    for index in items.indices { if let outcome = outcomes[index] { results.append(try outcome.get()) } }
    return results
  }
}

/// One write, with the time it has.
struct WriteTask: Sendable {
  let session: AWSSession
  let type: ResourceType
  let token: OperationToken
  let progress: ProgressSink
  private let deadline: Duration

  init(
    _ session: AWSSession, _ type: ResourceType, _ operation: Operation, _ token: OperationToken,
    _ progress: ProgressSink
  ) {
    self.session = session
    self.type = type
    self.token = token
    self.progress = progress
    deadline = session.client.time.elapsed + (type.operations[operation]?.timeout ?? .seconds(300))
  }

  private static let firstPause = Duration.milliseconds(200)
  private static let longestPause = Duration.seconds(5)

  /// Asks again and again, more and more slowly, until `check` gives something or the time is up.
  func wait<Result>(
    until what: String, atMost patience: Duration? = nil, _ check: () async throws(ProviderError) -> Result?
  ) async throws(ProviderError) -> Result {
    let end = patience.map { min(deadline, session.client.time.elapsed + $0) } ?? deadline
    var pause = Self.firstPause
    while true {
      if let result = try await check() { return result }
      guard session.client.time.elapsed + pause <= end else {
        throw ProviderError(.other, effect: .unknown, "gave up waiting until \(what)")
      }
      progress("waiting until \(what)")
      do { try await session.client.time.sleep(for: pause) } catch {
        throw ProviderError(.cancelled, effect: .unknown, "cancelled while waiting until \(what)")
      }
      pause = min(pause * 2, Self.longestPause)
    }
  }
}

extension WriteTask {
  /// How long what is on its way out may still hold an object: interfaces of endpoints and gateways vanish last.
  static let dependencyPatience = Duration.seconds(120)

  /// How long a new role may be unknown to services that are told of it: IAM's copies agree after a few seconds.
  static let rolePatience = Duration.seconds(30)

  /// Tries again while the service refuses in a way that may pass; what it said last is the error in the end.
  func retrying(
    until what: String, atMost patience: Duration = dependencyPatience,
    while mayPass: (ProviderError) -> Bool, _ work: () async throws(ProviderError) -> Void
  ) async throws(ProviderError) {
    var refusal: ProviderError?
    do throws(ProviderError) {
      try await wait(until: what, atMost: patience) { () async throws(ProviderError) -> Void? in
        do throws(ProviderError) { return try await work() } catch {
          guard mayPass(error) else { throw error }
          refusal = error
          return nil
        }
      }
    } catch {
      if error.reason == .other, let refusal { throw refusal }
      throw error
    }
  }

  /// Writes a policy, whose principals may be roles made a moment ago.
  func retryingPrincipals(_ work: () async throws(ProviderError) -> Void) async throws(ProviderError) {
    try await retrying(
      until: "the policy's principals are known", atMost: Self.rolePatience,
      while: { $0.has("MalformedPolicy", "MalformedPolicyDocument") && $0.message.contains("nvalid principal") }, work)
  }
}

extension ProviderError {
  /// The same failure, after which an object of ours stands.
  func leaving(_ observed: Observed) -> ProviderError {
    var error = self
    error.effect = .partial(observed)
    return error
  }

  /// The service's own code.
  func has(_ codes: String...) -> Bool { request.code.map(codes.contains) ?? false }
}

/// Does the work, and lets an object that is gone already count as done.
func unlessGone(_ work: () async throws(ProviderError) -> Void) async throws(ProviderError) {
  do throws(ProviderError) { try await work() } catch {
    if error.reason != .notFound { throw error }
  }
}
