import Diagnostics
import Inventory
import Planning
import ProviderKit
import Resources

/// How inventory, markers and reality agree.
package struct InventoryCheck: Sendable {
  package enum Fault: String, Sendable, CaseIterable {
    /// Recorded, and a read by id says that it is not there.
    case gone
    /// Recorded, and the object carries no marker.
    case markerMissing = "marker_missing"
    /// Recorded, and the object's marker names another scope, address or incarnation.
    case markerDifferent = "marker_different"
    /// Carries our marker, and no record has it.
    case unrecorded
    /// Two objects carry one marker.
    case sameMarker = "same_marker"
    /// Two records have one object.
    case sameObject = "same_object"
    /// Recorded in another account or region than its target is now.
    case moved
  }

  package struct Finding: Sendable {
    package var fault: Fault
    package var address: Address
    package var incarnation: Incarnation
    package var type: TypeName
    package var target: TargetName
    package var remotes: [RemoteID]
    /// What else is to be said: the other marker, the other address.
    package var detail: String?
  }

  /// By address.
  package var findings: [Finding] = []
  /// Records whose object stands and carries their marker.
  package var verified = 0
  /// Records of types whose objects carry no marker: only that they stand was looked at.
  package var unmarked = 0
  /// Type and target, and why.
  package var unreadable: [String: String] = [:]

  package init() {}
}

extension Engine {
  /// Compares inventory, markers and reality. Holds readers alone, takes no lock and writes nothing.
  package func verify() async throws(EngineFailure) -> InventoryCheck {
    let workspace = try load()
    let inventory = try await snapshot(of: try open(workspace))
    try checkOrphans(inventory.records, workspace.desired)
    let survey = try await survey(workspace, inventory.records)
    var checker = InventoryChecker(survey, workspace, inventory)
    let missing = checker.missing
    let targets = try await Targets.open(
      Set(missing.map(\.target.target)), of: workspace.desired.targets, world.providers)
    let observer = Observer(scope: workspace.scope, catalog: workspace.catalog, readers: targets.readers)
    for (group, answer) in await observer.read(missing) { checker.add(group, answer) }
    return checker.check()
  }
}

extension Observer {
  /// The records' objects by id: each type and target apart.
  func read(_ records: [Recorded]) async -> [([Recorded], Result<[Observed], ProviderError>)] {
    let groups = Dictionary(grouping: records) { "\($0.target.target) \($0.type)" }
      .sorted { $0.key < $1.key }.map(\.value)
    return await mapConcurrently(groups, width: Self.width) { group in
      guard let first = group.first, let reader = readers[first.target.target] else { return (group, .success([])) }
      do throws(ProviderError) {
        return (group, .success(try await reader.read(first.type, group.map(\.remote))))
      } catch {
        return (group, .failure(error))
      }
    }
  }
}

/// Compares what was recorded with what was seen. Pure.
struct InventoryChecker {
  private let survey: Survey
  private let workspace: Workspace
  private let records: [Recorded]
  private let expected: Set<RecordKey>
  private var seen: [String: Observed] = [:]
  private var unread: [RecordKey: String] = [:]
  private var result = InventoryCheck()

  init(_ survey: Survey, _ workspace: Workspace, _ inventory: InventorySnapshot) {
    self.survey = survey
    self.workspace = workspace
    records = inventory.records.sorted { $0.key < $1.key }
    // What an unfinished run may have made is its recovery's to record.
    expected = Set(inventory.openIntents.map { RecordKey($0.address, $0.incarnation) })
    for sighting in survey.sightings { seen[Self.name(sighting.object.type, sighting.object.remote)] = sighting.object }
    for one in survey.unreadable { result.unreadable["\(one.type) in \(one.target)"] = one.why }
  }

  private static func name(_ type: TypeName, _ remote: RemoteID) -> String { "\(type) \(remote)" }

  /// Records that no list has shown, and that stand where their target is.
  var missing: [Recorded] { records.filter { seen[Self.name($0.type, $0.remote)] == nil && isPlaced($0) } }

  private func isPlaced(_ record: Recorded) -> Bool {
    survey.identities[record.target.target].map { $0.isSamePlace(as: record.target) } ?? false
  }

  mutating func add(_ group: [Recorded], _ answer: Result<[Observed], ProviderError>) {
    switch answer {
    case .success(let objects):
      for object in objects { seen[Self.name(object.type, object.remote)] = object }
    case .failure(let error):
      for record in group {
        unread[record.key] = error.message
        result.unreadable["\(record.type) in \(record.target.target)"] = error.message
      }
    }
  }

  consuming func check() -> InventoryCheck {
    for record in records where unread[record.key] == nil { check(record) }
    let known = Set(records.map { Self.name($0.type, $0.remote) })
    for sighting in survey.sightings where !known.contains(Self.name(sighting.object.type, sighting.object.remote)) {
      guard !expected.contains(sighting.key) else { continue }
      add(.unrecorded, sighting.key, sighting.object.type, sighting.target.target, [sighting.object.remote])
    }
    for same in survey.duplicates {
      let first = same[0]
      add(.sameMarker, first.key, first.object.type, first.target.target, same.map(\.object.remote))
    }
    let shared = Dictionary(grouping: records) { "\(Self.name($0.type, $0.remote)) \($0.target.place)" }
    for group in shared.values where group.count > 1 {
      add(.sameObject, group[0], group.dropFirst().map { "`\($0.address)`" }.joined(separator: ", "))
    }
    result.findings.sort {
      ($0.address, $0.incarnation, $0.fault.rawValue) < ($1.address, $1.incarnation, $1.fault.rawValue)
    }
    return result
  }

  private mutating func check(_ record: Recorded) {
    guard isPlaced(record) else {
      let place = survey.identities[record.target.target]?.place ?? "unknown"
      return add(.moved, record, "recorded in \(record.target.place), and the target is \(place)")
    }
    guard let object = seen[Self.name(record.type, record.remote)] else { return add(.gone, record, nil) }
    switch workspace.catalog[record.type]?.marker {
    case .tags, .labels, .annotation, .description: break
    case .createOnlyDescription, .some(.none), nil:
      result.unmarked += 1
      return
    }
    guard let marker = object.marker else { return add(.markerMissing, record, nil) }
    guard marker.scope == workspace.scope, marker.address == record.address, marker.incarnation == record.incarnation
    else {
      return add(.markerDifferent, record, "it says `\(marker.addressText)` of scope `\(marker.scope)`")
    }
    guard marker.isProtected == record.isProtected else {
      return add(
        .markerDifferent, record, marker.isProtected ? "it says protected" : "it does not say that it is protected")
    }
    result.verified += 1
  }

  private mutating func add(_ fault: InventoryCheck.Fault, _ record: Recorded, _ detail: String?) {
    add(fault, record.key, record.type, record.target.target, [record.remote], detail)
  }

  private mutating func add(
    _ fault: InventoryCheck.Fault, _ key: RecordKey, _ type: TypeName, _ target: TargetName, _ remotes: [RemoteID],
    _ detail: String? = nil
  ) {
    result.findings.append(
      InventoryCheck.Finding(
        fault: fault, address: key.address, incarnation: key.incarnation, type: type, target: target,
        remotes: remotes.sorted(), detail: detail))
  }
}
