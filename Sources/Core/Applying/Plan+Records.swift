import Inventory
import Planning
import Resources

extension Plan {
  /// Records that are to be written anew although nothing is done to their objects. None where the inventory has
  /// changed since the plan read it: the next plan finds what is still to be mended.
  package func recordsAnew(_ snapshot: InventorySnapshot) -> [RecordChange] {
    guard snapshot.serial == inventorySerial, changes.contains(where: { $0.recordedAnew != nil }) else { return [] }
    var records: [RecordKey: Recorded] = [:]
    for record in snapshot.records { records[record.key] = record }
    return changes.compactMap { change in
      guard let owned = change.recordedAnew, var record = records[RecordKey(change.address, change.incarnation)] else {
        return nil
      }
      record.owned = owned
      record.dependencies = change.dependencies
      record.lateDependencies = change.lateDependencies
      record.managementPolicy = change.lifecycle.managementPolicy
      record.isComplete = true
      return .put(record)
    }
  }
}
