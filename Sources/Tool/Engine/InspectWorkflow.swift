import Diagnostics
import Inventory
import ProviderKit
import Resources
import Values

/// One resource as recorded and as it stands now.
package struct Inspection: Sendable {
  package var record: Recorded
  /// nil where it is gone.
  package var observed: Observed?

  /// The fields as they stand, with `id`; what is recorded where the object is gone.
  package var fields: Value {
    let fields = observed?.fields ?? record.owned
    return .map(
      [("id", .string(record.remote.text))] + fields.entries.filter { $0.key != "id" }.map { ($0.key, $0.value) })
  }
}

extension Engine {
  /// What the inventory holds, by address and incarnation.
  package func inventory() async throws(EngineFailure) -> InventorySnapshot {
    var inventory = try await snapshot(of: try open(try load()))
    inventory.records.sort { $0.key < $1.key }
    return inventory
  }

  /// Reads one recorded resource from its provider.
  package func inspect(_ address: Address) async throws(EngineFailure) -> Inspection {
    let workspace = try load()
    let inventory = try await snapshot(of: try open(workspace))
    let record = try current(address, in: inventory)
    let targets = try await Targets.open([record.target.target], of: workspace.desired.targets, world.providers)
    guard let reader = targets.readers[record.target.target] else {
      throw EngineFailure(.error, [.error(.orphanedTarget, "there is no target `\(record.target.target)`")])
    }
    do throws(ProviderError) {
      let found = try await reader.read(record.type, [record.remote])
      return Inspection(record: record, observed: found.first)
    } catch {
      throw EngineFailure(error, .readFailed, about: "`\(address)` cannot be read")
    }
  }

  /// The record at an address; the newest incarnation where a replacement is unfinished.
  func current(_ address: Address, in inventory: InventorySnapshot) throws(EngineFailure) -> Recorded {
    let found = inventory.records.filter { $0.address == address }.sorted { $0.incarnation < $1.incarnation }
    guard let record = found.last(where: { !$0.isSuperseded }) ?? found.last else {
      let names = inventory.records.map(\.address.text)
      throw EngineFailure(
        .error,
        [
          .error(
            .notRecorded, "`\(address)` is not in the inventory",
            hint: Suggestion.hint(for: address.text, among: names) ?? "`plumb inventory list` shows what is")
        ])
    }
    return record
  }
}
