import Inventory
import Planning
import ProviderKit
import Resources
import SandboxProvider

/// What must hold when every run has ended and one more has run undisturbed.
struct Reckoning {
  let world: SimulatedWorld
  private(set) var violations: [String] = []

  init(_ world: SimulatedWorld) { self.world = world }

  /// - Parameter foreign: objects that somebody else has made.
  mutating func reckon(
    _ run: SimulatedRun, foreign: Set<RemoteID> = [], _ options: (inout PlannerOptions) -> Void = { _ in }
  )
    async throws
  {
    world.time.advance(by: .seconds(3_600))
    try await checkPlan(run, options)
    try await checkObjects(foreign)
    await reckonHistory()
  }

  /// What must hold at any time: the journal's rules, and what no service may ever have seen.
  mutating func reckonHistory() async {
    do throws(StoreError) { try await world.inventory.verify() } catch {
      violations.append("illegal journal: \(error.message)")
    }
    violations += world.ledger.violations
  }

  /// Nothing is left to do, and looking writes nothing.
  private mutating func checkPlan(_ run: SimulatedRun, _ options: (inout PlannerOptions) -> Void) async throws {
    let before = world.log.effects.count
    let plan = try await run.plan(options)
    if !plan.isEmpty { violations.append("does not converge: \(plan.gist)") }
    if !plan.diagnostics.isEmpty { violations.append("the plan complains: \(plan.gist)") }
    if world.log.effects.count != before { violations.append("a reader wrote") }
  }

  private mutating func checkObjects(_ foreign: Set<RemoteID>) async throws {
    let inventory = try await world.inventory.load()
    if !inventory.openIntents.isEmpty { violations.append("open intents: \(inventory.openIntents.map(\.address))") }
    let recorded = Dictionary(grouping: inventory.records) { "\($0.type) \($0.remote)" }
    for (name, records) in recorded where records.count > 1 {
      violations.append("recorded twice: \(name) as \(records.map(\.key))")
    }
    var markers: [Marker: RemoteID] = [:]
    for object in try await world.objects() where !foreign.contains(object.remote) {
      if recorded["\(object.type) \(object.remote)"] == nil {
        violations.append(
          "orphan: \(object.type) \(object.remote), marked \(object.marker?.addressText ?? "not at all")")
      }
      guard var marker = object.marker else { continue }
      marker.isProtected = false
      if let other = markers.updateValue(object.remote, forKey: marker) {
        violations.append("duplicate: \(other) and \(object.remote) are \(marker.addressText)")
      }
    }
    for (address, records) in Dictionary(grouping: inventory.records, by: \.address) where records.count > 1 {
      violations.append("\(address) is recorded \(records.count) times")
    }
  }

  /// The whole journal, folded from its beginning.
  mutating func checkJournal(_ entries: [JournalEntry]) {
    var fold = JournalFold()
    for entry in entries {
      do throws(JournalFold.Problem) { try fold.apply(entry) } catch {
        return violations.append("illegal journal: \(error)")
      }
    }
  }
}

extension SimulatedWorld {
  /// Every object of every type that stands in the cloud.
  func objects() async throws -> [Observed] {
    let provider = cloud
    let reader = try await provider.reader(Self.target)
    var objects: [Observed] = []
    for type in provider.catalog.all {
      var next: PageToken?
      repeat {
        let page = try await reader.list(type.name, .all, after: next)
        objects += page.items
        next = page.next
      } while next != nil
    }
    return objects
  }
}
