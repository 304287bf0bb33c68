import Expressions
import Resources
import Values

extension Plan {
  /// The addresses that have to be applied before an unknown has a value, in the order in which it reads them. None for
  /// what awaits no other resource, such as a secret that is read when it is written.
  package func awaited(_ slot: Slot) -> [Address] {
    guard slots.indices.contains(Int(slot.index)) else { return [] }
    let references = slots[Int(slot.index)].template.references
    let open = references.filter(isOpen)
    // Where each is known by itself, the object is deleted and made again, and whoever names it waits for that.
    let subjects = (open.isEmpty ? references : open).map { Address($0.subject) }
    return subjects.reduce(into: []) { if !$0.contains($1), change(at: $1) != nil { $0.append($1) } }
  }

  /// True for what only applying its subject tells.
  private func isOpen(_ reference: Reference) -> Bool {
    guard let change = change(at: Address(reference.subject)) else { return false }
    if let written = change.after?[reference.path] { return written.containsUnknown }
    return change.action.isCreating
  }

  /// The change of an address, of an old object's and its successor's the latter.
  private func change(at address: Address) -> Change? {
    var position = changes.partition(by: address, \.address)
    var found: Change?
    while position < changes.count, changes[position].address == address {
      if found == nil || changes[position].after != nil { found = changes[position] }
      position += 1
    }
    return found
  }
}
