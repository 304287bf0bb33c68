import Cryptography
import Diagnostics
import Inventory
import Planning
import ProviderKit
import Resources

/// What a recovery wrote, and what it could not know.
package struct RecoverOutcome: Sendable {
  /// By address and incarnation.
  package var records: [Recorded]
  /// Sentences: what markers and manifests do not tell.
  package var unknown: [String]
  /// Wanted and not found: the next plan creates them.
  package var missing: [Address]
  package var diagnostics: [Diagnostic]
}

extension DiagnosticCode {
  static let inventoryNotEmpty = DiagnosticCode(5021)
  static let sameMarker = DiagnosticCode(5022)
  static let unlisted = DiagnosticCode(5023)
}

extension Engine {
  /// Writes an empty inventory anew: records from markers, and by their names those whose type has no place for a
  /// marker; owned fields from the present manifests. With `merges` it adds what is missing from an inventory that is
  /// not empty.
  package func recover(merges: Bool, _ request: ApplyRequest) async throws(EngineFailure) -> RecoverOutcome {
    let workspace = try await loadAsking()
    return try await withLock(workspace, request) { (session) async throws(EngineFailure) in
      try await recover(merges, workspace, session, request)
    }
  }

  private func recover(
    _ merges: Bool, _ workspace: Workspace, _ session: Session, _ request: ApplyRequest
  ) async throws(EngineFailure) -> RecoverOutcome {
    let inventory = try await settle(session, workspace, request) { _ in }
    guard inventory.records.isEmpty || merges else {
      throw EngineFailure(
        .error,
        [
          .error(
            .inventoryNotEmpty, "the inventory holds \(inventory.records.count) records",
            hint: "`--merge` adds what is missing; `plumb inventory verify` compares it with what stands")
        ])
    }
    let survey = try await survey(workspace, inventory.records)
    try check(survey, workspace)
    let key: HashKey
    do throws(StoreError) { key = try world.hashKeys.findOrMake(world.random) } catch { throw EngineFailure(error) }
    var rebuilding = Rebuilding(survey, workspace, inventory, key)
    rebuilding.seed()
    do throws(ProviderError) {
      // A name may hold what an object found by its own name is called; no name is asked for twice.
      while case let questions = rebuilding.questions(), !questions.isEmpty {
        rebuilding.take(try await survey.observer.holders(questions))
      }
    } catch {
      throw EngineFailure(error, .readFailed, about: "what carries no marker could not be looked up")
    }
    rebuilding.finish()
    try await write(rebuilding.changes.map { .put($0) }, "recover", key, session, request)
    return RecoverOutcome(
      records: rebuilding.changes, unknown: rebuilding.unknown + survey.unlisted, missing: rebuilding.missing,
      diagnostics: workspace.diagnostics)
  }

  /// Nothing is written upon evidence that is two-sided or incomplete.
  private func check(_ survey: Survey, _ workspace: Workspace) throws(EngineFailure) {
    let used = Set(workspace.desired.resources.map { "\($0.target) \($0.type)" })
    var problems = survey.duplicates.map { same in
      Diagnostic.error(
        .sameMarker, "\(same.count) objects carry the marker of `\(same[0].key.address)`",
        notes: same.map { DiagnosticNote("`\($0.object.remote)` (\($0.object.type)) in \($0.target.place)") },
        hint: "delete the one that is not wanted, or remove its `\(Marker.addressKey)` tag")
    }
    problems += survey.unreadable.filter { used.contains("\($0.target) \($0.type)") }.map { target, type, why in
      .error(.unlisted, "\(type) in target `\(target)` cannot be listed, so what is ours is not known: \(why)")
    }
    guard problems.isEmpty else { throw EngineFailure(.error, problems) }
  }
}

extension Survey {
  fileprivate var unlisted: [String] {
    unreadable.map { "whether there is \($0.type) in target `\($0.target)`, which could not be listed: \($0.why)" }
  }
}
