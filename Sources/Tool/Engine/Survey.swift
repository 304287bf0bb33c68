import Inventory
import Planning
import ProviderKit
import Resources

/// One object that carries our marker, and where it stands.
struct Sighting: Sendable {
  var object: Observed
  var marker: Marker
  var target: TargetIdentity

  var key: RecordKey { RecordKey(marker.address, marker.incarnation) }
}

/// Everything in all targets of an estate that carries its marker.
struct Survey: Sendable {
  /// By address and incarnation; each object once, although several targets may show it.
  var sightings: [Sighting] = []
  /// Lists that failed, and why.
  var unreadable: [(target: TargetName, type: TypeName, why: String)] = []
  var identities: [TargetName: TargetIdentity]
  /// Who looked, for whoever has further questions.
  var observer: Observer

  /// Sightings that share address and incarnation.
  var duplicates: [[Sighting]] {
    Dictionary(grouping: sightings, by: \.key).values.filter { $0.count > 1 }.sorted { $0[0].key < $1[0].key }
  }
}

extension Engine {
  /// Lists every type of every target by the scope's marker.
  func survey(_ workspace: Workspace, _ records: [Recorded]) async throws(EngineFailure) -> Survey {
    let desired = workspace.desired
    let targets = try await Targets.open(Set(desired.targets.map(\.name)), of: desired.targets, world.providers)
    let observer = Observer(scope: desired.scope, catalog: workspace.catalog, readers: targets.readers)
    let types = desired.targets.flatMap { target in
      let provider = world.providers[target.provider]
      return (provider?.catalog.all ?? []).map(\.name).filter { provider?.canList($0) ?? false }
        .map { (target.name, $0) }
    }
    var survey = Survey(identities: targets.identities, observer: observer)
    var places = Places(workspace, records)
    for scan in await observer.survey(types) {
      if let why = scan.unreadable { survey.unreadable.append((scan.target, scan.type, why)) }
      guard let identity = targets.identities[scan.target] else { continue }
      for object in scan.objects {
        guard let marker = object.marker, marker.scope == desired.scope else { continue }
        places.add(Sighting(object: object, marker: marker, target: identity))
      }
    }
    survey.sightings = places.chosen.values.sorted { ($0.key, $0.object.remote) < ($1.key, $1.object.remote) }
    return survey
  }
}

/// Which target an object belongs to, where several show it: that of its manifest, else that of its record.
private struct Places {
  private let catalog: TypeCatalog
  private var wanted: [Address: TargetName]
  private(set) var chosen: [String: Sighting] = [:]

  init(_ workspace: Workspace, _ records: [Recorded]) {
    catalog = workspace.catalog
    wanted = Dictionary(records.map { ($0.address, $0.target.target) }, uniquingKeysWith: { _, last in last })
    for resource in workspace.desired.resources { wanted[resource.address] = resource.target }
  }

  mutating func add(_ sighting: Sighting) {
    let key = key(sighting)
    guard let known = chosen[key] else {
      chosen[key] = sighting
      return
    }
    if wanted[sighting.marker.address] == sighting.target.target, known.target != sighting.target {
      chosen[key] = sighting
    }
  }

  /// Names of an account or of the whole provider are the same object in all regions.
  private func key(_ sighting: Sighting) -> String {
    let type = catalog[sighting.object.type], target = sighting.target
    let isNamed = type?.identity.idField != nil
    let isWide =
      switch isNamed ? type?.identity.uniqueness : type?.scope {
      case .global, .account: true
      case .region, .zone, .project, .cluster, .namespace, nil: false
      }
    return [
      sighting.object.type.text, sighting.object.remote.text, target.provider, target.account, target.endpoint,
      isWide ? "" : target.region,
    ].joined(separator: "\n")
  }
}
