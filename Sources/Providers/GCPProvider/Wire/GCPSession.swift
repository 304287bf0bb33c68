import GCPClient
import Platform
import ProviderKit
import Resources
import Values

/// One target, opened: a client with its tokens, and where it works.
struct GCPSession: Sendable {
  let client: GCPClient
  /// The project's id, not its number.
  let project: String
  /// What the target names beside: types of a region are listed nowhere where it names none.
  let settings: GCPTargetSettings
  /// Whose turn it is to change a policy that many grants share.
  let turns = Turns()

  @discardableResult
  func send(_ call: GCPCall) async throws(ProviderError) -> Value { try await client.send(call).value }

  /// The path with the target's own project, region, billing account and organization in their places; nil where the
  /// target names none.
  func path(_ pattern: String) -> String? {
    var text = ""
    for part in IdentityPath(pattern).parts {
      switch part {
      case .text(let piece): text += piece
      case .account: text += project
      case .field(let name):
        guard let setting = setting(name) else { return nil }
        text += setting
      }
    }
    return text
  }

  private func setting(_ name: String) -> String? {
    switch name {
    case "region": settings.region
    case "billingAccount": settings.billingAccount
    case "organization": settings.organization
    default: nil
    }
  }

  /// Services name projects by number in some answers: `projects/1234/secrets/x` is `projects/acme/secrets/x`.
  func withProject(_ name: String) -> String {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count > 2, parts[0] == "projects" else { return name }
    return (["projects", project[...]] + parts.dropFirst(2)).joined(separator: "/")
  }
}

/// One write, with the time it has.
struct WriteTask: Sendable {
  let session: GCPSession
  let type: ResourceType
  let token: OperationToken
  let patience: Patience

  init(
    _ session: GCPSession, _ type: ResourceType, _ operation: Operation, _ token: OperationToken,
    _ progress: ProgressSink
  ) {
    self.session = session
    self.type = type
    self.token = token
    patience = Patience(
      session.client.time, timeout: type.operations[operation]?.timeout ?? .seconds(300), progress)
  }

  /// How long what is on its way out, or being changed by somebody else, may still hold an object.
  static let busyPatience = Duration.seconds(120)

  /// Tries again while somebody else's work is in the way.
  func whileBusy<Result>(
    _ what: String, _ work: () async throws(ProviderError) -> Result
  ) async throws(ProviderError) -> Result {
    try await patience.retrying(
      until: "nobody else changes \(what)", atMost: Self.busyPatience, while: { $0.isBusy || $0.isStale }, work)
  }
}

/// Lets one task at a time work on each of many things.
final actor Turns {
  private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

  func enter(_ thing: String) async {
    guard waiting[thing] != nil else { return waiting[thing] = [] }
    await withCheckedContinuation { waiting[thing]?.append($0) }
  }

  func leave(_ thing: String) {
    guard var queue = waiting[thing] else { return }
    guard !queue.isEmpty else { return waiting[thing] = nil }
    let next = queue.removeFirst()
    waiting[thing] = queue
    next.resume()
  }
}

extension ProviderError {
  /// Another operation on the object, or on one it refers to, is under way.
  var isBusy: Bool {
    has("resourceNotReady", "RESOURCE_NOT_READY", "RESOURCE_OPERATION_IN_PROGRESS")
      || reason == .conflict && message.contains("unable to queue the operation")
      || reason == .conflict && message.contains("incompatible operation")
  }

  /// The object changed since it was read: its fingerprint or etag is another now.
  var isStale: Bool {
    request.status == 412 || has("conditionNotMet", "CONDITION_NOT_MET", "fingerprintMismatch")
      || has("ABORTED") && request.status == 409
  }

  /// The name is taken.
  var isTaken: Bool { has("alreadyExists", "ALREADY_EXISTS") || has("conflict") && request.status == 409 }

  /// Something still refers to the object.
  var isInUse: Bool {
    has(
      "resourceInUseByAnotherResource", "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE", "resourceInUse", "RESOURCE_IN_USE")
  }
}
