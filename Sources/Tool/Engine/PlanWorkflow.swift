import Diagnostics
import Inventory
import Manifests
import Planning
import Platform
import Policies
import ProviderKit
import Resources

/// What a plan is made with.
package struct PlanRequest: Sendable {
  package var options = PlannerOptions()
  /// Also reads fields that nobody writes and that cost requests of their own: drift looks at everything.
  var readsEverything = false
  package init() {}
}

/// A plan and everything found on the way to it.
package struct PlanOutcome: Sendable {
  package var plan: Plan
  /// Warnings of the manifests, then the plan's own problems. With an error in it the plan cannot be applied.
  package var diagnostics: [Diagnostic]
  package var catalog: TypeCatalog
  package var targets: [Target]
  /// The inventory that was read.
  package var inventory: InventorySnapshot
  /// Texts of policies that are no files of the estate: packs, and those of a revision.
  package var sources = SourceTexts()
}

extension Engine {
  /// Compares manifests, inventory and clouds. Takes no lock and writes nothing.
  package func plan(_ request: PlanRequest) async throws(EngineFailure) -> PlanOutcome {
    let estate = try await loadAsking()
    let store = try open(estate)
    return try await plan(request, estate, try await snapshot(of: store))
  }

  /// The same over an estate and an inventory that are loaded.
  func plan(_ request: PlanRequest, _ estate: Workspace, _ inventory: InventorySnapshot) async throws(EngineFailure)
    -> PlanOutcome
  {
    let policies = try await policies(estate)
    guard !policies.diagnostics.hasErrors else {
      throw EngineFailure(.error, policies.diagnostics, sources: policies.set.sources)
    }
    let (input, _, findings) = try await observe(request, estate, inventory)
    var plan = Planner.plan(input)
    plan.id = PlanID("plan-" + world.random.base32ID())
    plan.createdAt = world.time.now.rfc3339()
    plan.diagnostics += findings.strays.map(warning) + findings.unreadSecrets
    try judge(&plan, policies, estate)
    if !plan.diagnostics.hasErrors { plan.diagnostics += await preflight(plan, estate.desired.targets) }
    let warnings = policies.diagnostics + policies.set.expired(today: today)
    return PlanOutcome(
      plan: plan, diagnostics: estate.diagnostics + warnings + plan.diagnostics, catalog: estate.catalog,
      targets: estate.desired.targets, inventory: inventory, sources: policies.set.sources)
  }

  /// All that a plan is made from, and what was noticed on the way. Holds readers alone.
  func observe(
    _ request: PlanRequest, _ estate: Workspace, _ inventory: InventorySnapshot
  ) async throws(EngineFailure) -> (input: PlannerInput, observer: Observer, findings: Findings) {
    var desired = estate.desired
    addNeeds(&desired)
    try checkOrphans(inventory.records, desired)
    let isDestroy = request.options.mode == .destroy
    // Secret managers of other targets are asked as well, so that they too must be what they are called.
    let wanted = isDestroy ? [] : desired.resources.map(\.target) + desired.slots.compactMap { $0.secret?.target }
    let used = Set(wanted + inventory.records.map(\.target.target))
    let targets = try await Targets.open(used, of: desired.targets, world.providers)
    let observer = Observer(scope: desired.scope, catalog: estate.catalog, readers: targets.readers)
    let unread = isDestroy ? [] : await readSecrets(estate, inventory.records, into: &desired)
    var groups = groups(isDestroy ? nil : desired, inventory.records)
    if !request.readsEverything { select(&groups, isDestroy ? [] : desired.resources, desired.slots, estate.catalog) }
    narrow(&groups, desired, estate.catalog)
    let (observation, strays) = await observer.observe(groups)
    var input = PlannerInput(
      desired: desired, records: inventory.records, inventorySerial: inventory.serial, observation: observation,
      catalog: estate.catalog, identities: targets.identities, options: request.options, hashKey: try hashKey())
    do throws(ProviderError) {
      input.observation.holders = try await observer.holders(Planner.questions(input))
    } catch {
      throw EngineFailure(error, .readFailed, about: "the names of new resources could not be looked up")
    }
    do throws(ProviderError) {
      input.proposals = try await observer.proposals(Planner.proposals(input))
    } catch {
      throw EngineFailure(error, .readFailed, about: "what would become of the changes could not be asked")
    }
    return (input, observer, Findings(strays: strays, unreadSecrets: unread))
  }

  /// What was noticed while observing.
  struct Findings {
    /// Objects with our marker that nobody wants.
    var strays: [Observed]
    /// Secrets that could not be read, so that their change cannot be seen.
    var unreadSecrets: [Diagnostic]
  }

  /// One list for each type in each target.
  /// - Parameter desired: nil where nothing is desired, whatever the manifests say.
  func groups(_ desired: DesiredEstate?, _ records: [Recorded]) -> [Observer.Group] {
    struct Key: Hashable {
      var target: TargetName
      var type: TypeName
    }
    var groups: [Observer.Group] = []
    var positions: [Key: Int] = [:]
    func position(_ target: TargetName, _ type: TypeName) -> Int {
      let key = Key(target: target, type: type)
      if let known = positions[key] { return known }
      positions[key] = groups.count
      groups.append(Observer.Group(target: target, type: type))
      return groups.count - 1
    }
    let register = Register(desired, records)
    for record in register.records { groups[position(record.target.target, record.type)].records.append(record) }
    for row in register.rows {
      guard let resource = row.desired.flatMap({ desired?.resources[$0] }) else { continue }
      let place = position(resource.target, resource.type)
      if row.records.isEmpty { groups[place].unrecorded.insert(resource.address) }
    }
    return groups.sorted { ($0.target, $0.type) < ($1.target, $1.type) }
  }

  /// A target may only be removed when nothing is recorded in it.
  func checkOrphans(_ records: [Recorded], _ desired: DesiredEstate) throws(EngineFailure) {
    let known = Set(desired.targets.map(\.name))
    let orphans = Dictionary(grouping: records.filter { !known.contains($0.target.target) }, by: \.target.target)
    guard !orphans.isEmpty else { return }
    let problems = orphans.sorted { $0.key < $1.key }.map { target, records in
      Diagnostic.error(
        .orphanedTarget, "there is no target `\(target)`, and \(records.count) resources are recorded in it",
        notes: records.sorted { $0.address < $1.address }.prefix(20).map {
          DiagnosticNote("`\($0.address)` is `\($0.remote)` in \($0.target.place)")
        },
        hint: "restore the target; for a closed account run `plumb inventory forget --target \(target) --reason TEXT`")
    }
    throw EngineFailure(.error, problems)
  }

  func warning(_ stray: Observed) -> Diagnostic {
    let address = stray.marker.map { "`\($0.address)`" } ?? "an address"
    return .warning(
      .stray,
      "`\(stray.remote)` (\(stray.type)) has this estate's marker for \(address), and is neither recorded nor wanted",
      hint: "write a manifest at that address to take it back, or delete the object")
  }
}
