import Expressions

/// Which resource holds each unknown of an estate, and which ones it reads, as positions in the estate's resources.
/// Found once, where the manifests are checked: in a large estate, looking addresses up again and again costs more
/// than planning does.
package struct SlotLinks: Sendable {
  /// Stands for what is no resource of the estate.
  private static let nobody: Int32 = -1
  private var owners: [Int32] = []
  /// Where the subjects of each slot begin; one more than there are slots.
  private var starts: [Int32] = [0]
  private var subjects: [Int32] = []

  package init() {}

  package init(_ resources: [Desired], _ slots: [Deferred]) {
    var positions: [String: Int] = [:]
    for (position, resource) in resources.enumerated() { positions[resource.address.text] = position }
    for slot in slots {
      append(owner: positions[slot.owner.text], reading: slot.template.references.map { positions[$0.subject] })
    }
  }

  /// Adds the next slot.
  /// - Parameter reading: for each reference of its template, in order, the resource that it reads.
  package mutating func append(owner: Int?, reading: [Int?]) {
    owners.append(owner.map(Int32.init) ?? Self.nobody)
    for subject in reading { subjects.append(subject.map(Int32.init) ?? Self.nobody) }
    starts.append(Int32(subjects.count))
  }

  /// How many slots there are.
  package var count: Int { owners.count }

  /// The resource whose field holds the slot.
  package func owner(of slot: Int) -> Int? { owners[slot] == Self.nobody ? nil : Int(owners[slot]) }

  /// For each reference of the slot's template, in order, the resource that it reads; negative for what is none of the
  /// estate.
  package func subjects(of slot: Int) -> ArraySlice<Int32> { subjects[Int(starts[slot])..<Int(starts[slot + 1])] }
}
