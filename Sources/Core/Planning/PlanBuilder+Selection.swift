import Diagnostics
import Resources

extension PlanBuilder {
  /// Narrows the plan to what `--only` names, what that depends on, and what depends on what is to be deleted.
  mutating func select() {
    let globs = input.options.only, targets = input.options.targets
    guard !globs.isEmpty || !targets.isEmpty else { return }
    var selected = Array(repeating: false, count: places.count)
    for (position, place) in places.enumerated() {
      let isNamed =
        globs.isEmpty || globs.contains { place.address.matches(glob: $0) || place.address.isWithin(Address($0)) }
      let target = place.desired.map { input.desired.resources[$0].target } ?? place.record?.target.target
      selected[position] = isNamed && (targets.isEmpty || target.map(targets.contains) == true)
    }
    if !selected.contains(true) {
      let names = (globs + targets.map(\.text)).map { "`\($0)`" }.joined(separator: ", ")
      diagnostics.append(
        .error(.nothingSelected, "nothing matches \(names)", hint: "run `plumb inventory list` to see the addresses"))
    }
    spread(&selected) { $0.needs + $0.lateNeeds }
    let removed = dependentsOfRemoved()
    spread(&selected) { place in place.desired == nil ? removed[place.address] ?? [] : [] }
    for position in places.indices { places[position].isSelected = selected[position] }
  }

  private func spread(_ selected: inout [Bool], _ next: (Place) -> [Int]) {
    var pending = selected.indices.filter { selected[$0] }
    while let position = pending.popLast() {
      for other in next(places[position]) where !selected[other] {
        selected[other] = true
        pending.append(other)
      }
    }
  }

  /// For each address: the recorded places that refer to it and are no longer desired either.
  private func dependentsOfRemoved() -> [Address: [Int]] {
    var dependents: [Address: [Int]] = [:]
    for (position, place) in places.enumerated() where place.desired == nil {
      for dependency in (place.record?.dependencies ?? []) + (place.record?.lateDependencies ?? []) {
        dependents[dependency, default: []].append(position)
      }
    }
    return dependents
  }
}
