import Resources
import Values

/// What planning knows of secrets that a manifest does not hold: it compares them, and never puts them into a plan.
struct KnownSecrets {
  /// Values by the slots of secret unknowns.
  var values: [Slot: Value] = [:]
  /// Slots that name the place of a secret, read or not.
  var places: Set<Slot> = []

  init() {}

  init(_ desired: DesiredEstate) {
    values = desired.secrets
    for (index, slot) in desired.slots.enumerated() where slot.secret != nil {
      places.insert(Slot(index: UInt32(index)))
    }
  }

  /// The value with every secret that is known.
  func filling(_ value: Value) -> Value {
    values.isEmpty ? value : value.substituting { values[$0] }
  }
}
