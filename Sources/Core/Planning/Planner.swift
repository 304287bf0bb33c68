import Diagnostics
import Resources
import Values

/// Compares desired, recorded and observed state, and says what to do in which order. Pure and total: problems are
/// `plan.diagnostics`, and the same input gives the same plan.
package enum Planner {
  package static func plan(_ input: PlannerInput) -> Plan {
    let register = Register(input)
    var deleteFirst: Set<Int> = []
    // Each turn adds places that were not in the set, so that there are no more turns than places.
    while true {
      var builder = PlanBuilder(input, register, deleteFirst: deleteFirst)
      builder.order()
      builder.select()
      builder.decideAll()
      builder.guardDestruction()
      switch builder.finish() {
      case .success(let plan): return plan
      case .failure(let problem): deleteFirst.formUnion(problem.places)
      }
    }
  }
}

/// What a plan is made in: one place per address, dense and sorted.
struct PlanBuilder {
  let input: PlannerInput
  var places: [Place] = []
  /// Those of `places`.
  var addresses: [Address] = []
  /// The place of each desired resource; nil where nothing is desired.
  var placeOfResource: [Int32?] = []
  /// Places by the addresses that they have moved from.
  var moved: [Address: Int] = [:]
  /// Places in the order in which references can be resolved.
  var resolutionOrder: [Int] = []
  var diagnostics: [Diagnostic] = []
  var coverage = Coverage()
  var secrets: KnownSecrets
  /// Places whose old object must go first: what their new one needs waits for it.
  let deleteFirst: Set<Int>

  /// One address, with all that is known of it.
  struct Place {
    var address: Address
    /// Index into `input.desired.resources`.
    var desired: Int?
    var record: Recorded?
    /// Old objects of replacements that were not finished.
    var superseded: [Recorded] = []
    /// Where the record stood before `movedFrom`.
    var movedFrom: Address?
    /// Places whose objects must stand before this one's: by reference and by `dependsOn`.
    var needs: [Int] = []
    /// Places read by late fields alone.
    var lateNeeds: [Int] = []
    /// Places whose objects hold the name that this one is to have, and are deleted by this plan.
    var waitsFor: [Int] = []
    /// Old objects of unfinished replacements that hold the name that this place's new one is to have.
    var waitsForOld: [RecordKey] = []
    var isSelected = true
    /// The desired fields with everything known filled in.
    var fields: Value?
    var change: Change?
    /// What stands there now, whoever recorded it.
    var observed: Observed?

    /// True where an object is deleted before this place's is made under the same name.
    var isRemade: Bool {
      guard let action = change?.action else { return false }
      return action == .replace || action.isCreating && !(waitsFor.isEmpty && waitsForOld.isEmpty)
    }
  }

  init(_ input: PlannerInput, _ register: Register, deleteFirst: Set<Int> = []) {
    self.input = input
    secrets = KnownSecrets(input.desired)
    self.deleteFirst = deleteFirst
    gather(register)
    connect()
  }
}

extension Register {
  init(_ input: PlannerInput) { self.init(input.options.mode == .apply ? input.desired : nil, input.records) }
}
