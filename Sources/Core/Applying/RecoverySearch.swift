import Cryptography
import Inventory
import Platform
import ProviderKit
import Resources
import Values

/// Looks for the objects of open intents: all of one type in one request, again and again while one may still show.
struct RecoverySearch {
  /// The longest pause between two looks.
  static let longestPause = Duration.seconds(2)

  private let environment: ApplyEnvironment
  private let mayWait: Bool
  private var findings: [OperationID: Recovery.Finding] = [:]
  private var twoSided: [RecoveryError.TwoSided] = []
  private var readers: [TargetName: any ResourceReader] = [:]

  init(_ environment: ApplyEnvironment, mayWait: Bool) {
    self.environment = environment
    self.mayWait = mayWait
  }

  mutating func run(_ intents: [Intent]) async throws(RecoveryError) -> [OperationID: Recovery.Finding] {
    for intent in intents { try await open(intent) }
    let creates = intents.filter { $0.operation == "create" }
    try await readObjects(intents.filter { $0.operation != "create" })
    try await searchMarkers(creates)
    try await searchNames(creates)
    guard twoSided.isEmpty else { throw RecoveryError.twoSided(twoSided) }
    return findings
  }

  private mutating func open(_ intent: Intent) async throws(RecoveryError) {
    let name = intent.target.target
    guard let target = environment.targets[name], target.identity.isSamePlace(as: intent.target) else {
      throw RecoveryError.wrongTarget(intent)
    }
    guard readers[name] == nil else { return }
    do throws(ProviderError) {
      readers[name] = try await target.provider.reader(target.target)
    } catch {
      throw RecoveryError.provider(name, error)
    }
  }

  private struct Group: Hashable {
    var target: TargetName
    var type: TypeName
  }

  private func grouped(_ intents: [Intent]) -> [(key: Group, intents: [Intent])] {
    let groups = Dictionary(grouping: intents) { Group(target: $0.target.target, type: $0.type) }
    return groups.map { ($0.key, $0.value) }.sorted { ($0.key.target, $0.key.type) < ($1.key.target, $1.key.type) }
  }

  private mutating func readObjects(_ intents: [Intent]) async throws(RecoveryError) {
    for (group, intents) in grouped(intents.filter { $0.remote != nil && $0.operation != "forget" }) {
      guard let reader = readers[group.target] else { continue }
      let objects: [Observed]
      do throws(ProviderError) {
        objects = try await reader.read(group.type, Set(intents.compactMap(\.remote)).sorted())
      } catch {
        throw RecoveryError.provider(group.target, error)
      }
      for intent in intents {
        findings[intent.id] = objects.first { $0.remote == intent.remote }.map { .found($0) } ?? .missing
      }
    }
  }

  /// Looks for markers until each is found or would have shown.
  private mutating func searchMarkers(_ creates: [Intent]) async throws(RecoveryError) {
    // Counted from here: the call may have been tried again long after its announcement, until its process died.
    let started = environment.time.elapsed
    var open = creates
    while !open.isEmpty {
      let now = environment.time.elapsed
      for (group, intents) in grouped(open) { try await lookForMarkers(group, intents) }
      for intent in open where findings[intent.id] == nil {
        findings[intent.id] = now - started >= window(intent) ? .missing : .pending
      }
      guard mayWait else { return }
      open = open.filter { if case .pending? = findings[$0.id] { true } else { false } }
      guard !open.isEmpty else { return }
      for intent in open { findings[intent.id] = nil }
      let window = open.map { self.window($0) }.min() ?? .zero
      do throws(CancellationError) {
        try await environment.time.sleep(for: min(Self.longestPause, max(window / 5, .milliseconds(10))))
      } catch {
        throw RecoveryError.provider(open[0].target.target, ProviderError.cancelled)
      }
    }
  }

  private func window(_ intent: Intent) -> Duration {
    environment.catalog[intent.type]?.identity.consistencyWindow ?? .seconds(30)
  }

  private mutating func lookForMarkers(_ group: Group, _ intents: [Intent]) async throws(RecoveryError) {
    let usesToken = environment.catalog[group.type]?.recovery == .token
    var evidence: [Evidence] = intents.map { .marker(marker($0)) }
    if usesToken { evidence += intents.map { .token($0.token) } }
    let answers = try await find(group, evidence)
    for (index, intent) in intents.enumerated() {
      var found = (index < answers.count ? answers[index] : []).filter {
        $0.marker.map { $0.isSameObject(as: marker(intent)) } ?? true
      }
      if usesToken, intents.count + index < answers.count {
        for object in answers[intents.count + index] where !found.contains(where: { $0.remote == object.remote }) {
          found.append(object)
        }
      }
      take(found, intent)
    }
  }

  private mutating func take(_ found: [Observed], _ intent: Intent) {
    guard let first = found.first else { return }
    if found.count > 1 {
      twoSided.append(
        RecoveryError.TwoSided(address: intent.address, type: intent.type, objects: found.map(\.remote).sorted()))
    }
    findings[intent.id] = .found(first)
  }

  /// The name of what no marker showed: an object without a marker is the one that was asked for.
  private mutating func searchNames(_ creates: [Intent]) async throws(RecoveryError) {
    let nameless = creates.filter { intent in
      guard case .missing? = findings[intent.id], let planned = intent.planned else { return false }
      return environment.catalog[intent.type]?.holdsNaturalKey(planned.owned) ?? false
    }
    for (group, intents) in grouped(nameless) {
      let answers = try await find(group, intents.map { .naturalKey($0.planned?.owned ?? .map([])) })
      for (intent, holders) in zip(intents, answers) {
        let unmarked = holders.filter { $0.marker == nil }
        guard let first = unmarked.first else { continue }
        take(unmarked, intent)
        findings[intent.id] = .unmarked(first)
      }
    }
  }

  private func find(_ group: Group, _ evidence: [Evidence]) async throws(RecoveryError) -> [[Observed]] {
    guard let reader = readers[group.target] else { return [] }
    do throws(ProviderError) {
      return try await reader.find(group.type, evidence)
    } catch {
      throw RecoveryError.provider(group.target, error)
    }
  }

  private func marker(_ intent: Intent) -> Marker {
    Marker(scope: environment.scope, address: intent.address, incarnation: intent.incarnation)
  }
}
