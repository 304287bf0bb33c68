import Diagnostics
import Inventory
import Planning
import ProviderKit
import Resources

/// What drift is looked for with.
package struct DriftRequest: Sendable {
  /// Address globs; empty for all.
  package var only: [String] = []
  /// Names of targets; empty for all.
  package var targets: [TargetName] = []
  package init() {}
}

package struct DriftOutcome: Sendable {
  package var report: DriftReport
  package var diagnostics: [Diagnostic]
}

extension Engine {
  /// Says what differs between what was applied last, what the manifests say, and what stands. Holds readers
  /// alone, takes no lock and writes nothing.
  package func drift(_ request: DriftRequest) async throws(EngineFailure) -> DriftOutcome {
    let workspace = try await loadAsking()
    let inventory = try await snapshot(of: try open(workspace))
    var everything = PlanRequest()
    everything.readsEverything = true
    let (input, observer, findings) = try await observe(everything, workspace, inventory)
    let asked = inventory.records.filter { request.includes($0.address, $0.target.target) }
    let providers = Dictionary(
      workspace.desired.targets.map { ($0.name, world.providers[$0.provider]) }, uniquingKeysWith: { first, _ in first }
    )
    let scanned = DriftBuilder.scanned(asked, workspace.catalog).filter { target, type in
      providers[target]??.canList(type) ?? true
    }
    let scans = await observer.scan(scanned)
    let unsettled = Dictionary(
      inventory.openIntents.map { ($0.address, "nobody knows yet how its last `\($0.operation)` ended") },
      uniquingKeysWith: { first, _ in first })
    var report = DriftBuilder(input, scans: scans, unsettled: unsettled, selects: request.includes).build()
    nameAuthors(&report, input, observer)
    var diagnostics =
      workspace.diagnostics
      + findings.unreadSecrets
      + findings.strays.filter { stray in
        !report.unmanaged.contains { $0.type == stray.type && $0.remote == stray.remote }
      }.map(warning)
    if !unsettled.isEmpty {
      diagnostics.append(
        .warning(
          .unsettled, "an earlier run ended in the middle of \(unsettled.count) operations",
          hint: "`plumb apply` finds out how they ended"))
    }
    return DriftOutcome(report: report, diagnostics: diagnostics)
  }
}

extension Engine {
  /// Who changed what, where services keep that.
  private func nameAuthors(_ report: inout DriftReport, _ input: PlannerInput, _ observer: Observer) {
    var objects: [Address: Observed] = [:]
    for (key, state) in input.observation.recorded {
      if case .present(let object) = state { objects[key.address] = object }
    }
    for index in report.drifted.indices {
      guard let object = objects[report.drifted[index].address],
        let reader = observer.readers[report.drifted[index].target]
      else { continue }
      for field in report.drifted[index].fields.indices {
        let path = report.drifted[index].fields[field].path
        report.drifted[index].fields[field].author = reader.author(of: path, in: object)
      }
    }
  }
}

extension DriftRequest {
  func includes(_ address: Address, _ target: TargetName) -> Bool {
    (only.isEmpty || only.contains { address.matches(glob: $0) }) && (targets.isEmpty || targets.contains(target))
  }
}
