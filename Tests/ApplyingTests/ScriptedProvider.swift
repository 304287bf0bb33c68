import Inventory
import Platform
import ProviderKit
import Resources
import Schemas
import Synchronization
import Values

/// A service in memory whose calls go wrong as a test says.
final class ScriptedProvider: Provider, ResourceReader, ResourceWriter {
  enum Fault: Sendable {
    /// The call is refused and nothing happens, this many times.
    case refuse(ProviderError.Reason, times: Int = 1)
    /// The work is done and the answer lost.
    case loseAnswer
    /// The call is lost on its way.
    case loseCall
    /// Half of a create is done.
    case partial
    /// Nothing comes back until the task is cancelled; the work was done.
    case hang
  }

  struct State {
    var objects: [RemoteID: Observed] = [:]
    var shownAt: [RemoteID: Instant] = [:]
    var faults: [String: Fault] = [:]
    var calls: [String] = []
    var reads = 0
    var lastID = 0
    var hanging = 0
    var onRead: @Sendable (Int) -> Void = { _ in }
  }

  static let vpc = TypeName("aws/Vpc")
  static let bucket = TypeName("aws/Bucket")
  static let target = TargetName("main")

  let name = "aws"
  let state = Mutex(State())
  let time: any TimeSource
  /// How long a fresh object is missing from searches.
  let delay: Duration

  init(time: any TimeSource, delay: Duration = .zero) {
    self.time = time
    self.delay = delay
  }

  let catalog = TypeCatalog([
    ResourceType(
      vpc, "A network.",
      schema: Schema([
        Field("cidrBlock", .string, [.required, .immutable], "Its range."), Field("tags", .map(.string), [], "Tags."),
        Field("secret", .string, [.sensitive], "A secret."), Field("arn", .string, [.computed], "Its name."),
        Field("peers", .list(.string), [.late, .exclusive], "Networks beside it."),
        Field("parent", .string, [], "Another one."),
      ]),
      identity: Identity(consistencyWindow: .seconds(10), idPrefix: "vpc-"), marker: .tags, recovery: .markerOnCreate,
      scope: .region),
    ResourceType(
      bucket, "A bucket.", schema: Schema([Field("name", .string, [.required, .immutable], "Its name.")]),
      identity: Identity(naturalKey: ["name"], uniqueness: .global, consistencyWindow: .seconds(10)), marker: .tags,
      recovery: .naturalKey, scope: .global),
  ])

  func check(_ target: Target) -> [TargetProblem] { [] }
  func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity { StoreBattery.target }
  func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader { self }
  func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter { self }

  var objects: [Observed] { state.withLock { $0.objects.values.sorted { $0.remote < $1.remote } } }
  var calls: [String] { state.withLock { $0.calls } }
  /// Calls that hang at this moment, or have hung since this was reset.
  var hanging: Int {
    get { state.withLock { $0.hanging } }
    set { state.withLock { $0.hanging = newValue } }
  }
  /// Called before each read by id, with how many there were.
  var onRead: @Sendable (Int) -> Void {
    get { state.withLock { $0.onRead } }
    set { state.withLock { $0.onRead = newValue } }
  }
  func fault(_ key: String, _ fault: Fault?) { state.withLock { $0.faults[key] = fault } }
  func change(_ remote: RemoteID, _ body: (inout Observed?) -> Void) { state.withLock { body(&$0.objects[remote]) } }

  func list(_ type: TypeName, _ filter: ListFilter, after: PageToken?) async throws(ProviderError) -> ObservedPage {
    ObservedPage(items: objects.filter { $0.type == type })
  }

  func read(_ type: TypeName, _ ids: [RemoteID]) async throws(ProviderError) -> [Observed] {
    let (reads, onRead) = state.withLock { ($0.reads, $0.onRead) }
    onRead(reads)
    return state.withLock { state in
      state.reads += 1
      return ids.compactMap { state.objects[$0] }.filter { $0.type == type }
    }
  }

  func find(_ type: TypeName, _ evidence: [Evidence]) async throws(ProviderError) -> [[Observed]] {
    let now = time.now
    return state.withLock { state in
      let shown = state.objects.values.filter { $0.type == type && state.shownAt[$0.remote].map { now >= $0 } ?? true }
      return evidence.map { evidence in
        switch evidence {
        case .marker(let marker):
          shown.filter { $0.marker?.address == marker.address && $0.marker?.incarnation == marker.incarnation }
        case .naturalKey(let fields): shown.filter { $0.fields["name"] == fields["name"] }
        case .token: []
        }
      }
    }
  }

  /// Takes the fault of a call: what is left of it, and whether the work is done before it shows.
  private func enter(_ key: String) -> Fault? {
    state.withLock { state in
      state.calls.append(key)
      guard let fault = state.faults[key] else { return nil }
      if case .refuse(let reason, let times) = fault, times > 1 {
        state.faults[key] = .refuse(reason, times: times - 1)
      } else {
        state.faults[key] = nil
      }
      return fault
    }
  }

  private func fail(_ fault: Fault?, _ partial: Observed? = nil) async throws(ProviderError) {
    switch fault {
    case nil: return
    case .refuse(let reason, _): throw ProviderError(reason, effect: .none, "refused")
    case .loseAnswer, .loseCall: throw ProviderError(.transient, effect: .unknown, "the connection was lost")
    case .partial:
      guard let partial else { return }
      throw ProviderError(.denied(permission: "ec2:CreateTags"), effect: .partial(partial), "half done")
    case .hang:
      state.withLock { $0.hanging += 1 }
      while !Task.isCancelled { await Task.yield() }
      throw ProviderError(.cancelled, effect: .unknown, "it was interrupted")
    }
  }

  private func refusesFirst(_ fault: Fault?) -> Bool {
    switch fault {
    case .refuse, .loseCall: true
    case .loseAnswer, .partial, .hang, nil: false
    }
  }

  func create(_ desired: Desired, _ marker: Marker, _ token: OperationToken, _ progress: ProgressSink)
    async throws(ProviderError) -> Observed
  {
    let fault = enter("create \(marker.addressText)")
    if refusesFirst(fault) { try await fail(fault) }
    let now = time.now
    let object = state.withLock { state in
      state.lastID += 1
      let remote =
        desired.type == Self.bucket ? RemoteID(desired.fields["name"]?.string ?? "") : RemoteID("vpc-\(state.lastID)")
      let fields = Value.map(desired.fields.entries.map { ($0.key, $0.value) } + [("arn", .string("arn:\(remote)"))])
      let object = Observed(type: desired.type, remote: remote, fields: fields, marker: marker)
      state.objects[remote] = object
      state.shownAt[remote] = now + delay
      return object
    }
    try await fail(fault, object)
    return object
  }

  func update(_ change: FieldChanges, of object: Observed, _ token: OperationToken, _ progress: ProgressSink)
    async throws(ProviderError) -> Observed
  {
    let address = (change.marker ?? object.marker)?.addressText ?? ""
    let fault = enter("update \(address) \(change.fields.joined(separator: ","))")
    if refusesFirst(fault) { try await fail(fault) }
    let written: Observed = state.withLock { state in
      var written = state.objects[object.remote] ?? object
      var fields = Dictionary(uniqueKeysWithValues: written.fields.entries.map { ($0.key, $0.value) })
      for name in change.fields { fields[name] = change.desired[name] }
      written.fields = .map(fields.sorted { $0.key < $1.key })
      written.marker = change.marker ?? written.marker
      state.objects[object.remote] = written
      return written
    }
    try await fail(fault, written)
    return written
  }

  func delete(_ resource: Observed, _ token: OperationToken, _ progress: ProgressSink) async throws(ProviderError) {
    let fault = enter("delete \(resource.remote)")
    if refusesFirst(fault) { try await fail(fault) }
    state.withLock { $0.objects[resource.remote] = nil }
    try await fail(fault)
  }
}
