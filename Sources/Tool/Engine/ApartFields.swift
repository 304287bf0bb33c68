import Expressions
import Planning
import Resources
import Schemas
import Values

/// Of one type's fields that cost requests of their own, those that a plan looks at: written, recorded as ours, or
/// named by an expression.
struct ApartFields: Sendable {
  private(set) var wanted: Set<String> = []
  /// The others, so far.
  private var rest: [String]

  init(_ type: ResourceType) {
    rest = type.schema.fields.filter { $0.marks.contains(.apart) }.map(\.name)
  }

  var isComplete: Bool { rest.isEmpty }

  mutating func want(_ name: String) {
    guard let index = rest.firstIndex(of: name) else { return }
    wanted.insert(rest.remove(at: index))
  }

  mutating func wantAll() {
    wanted.formUnion(rest)
    rest = []
  }

  /// Everything that these fields write.
  mutating func want(_ fields: Value) {
    for name in rest where fields[name] != nil { want(name) }
  }
}

extension Engine {
  /// Leaves out of the groups' lists what costs requests of its own and what the plan does not look at.
  func select(
    _ groups: inout [Observer.Group], _ resources: [Desired], _ slots: [Deferred], _ catalog: TypeCatalog
  ) {
    var positions: [TypeName: [Int]] = [:]
    for index in groups.indices {
      guard let type = catalog[groups[index].type] else { continue }
      var apart = ApartFields(type)
      for record in groups[index].records where !apart.isComplete { apart.want(record.owned) }
      groups[index].apart = apart
      if !apart.isComplete { positions[groups[index].type, default: []].append(index) }
    }
    guard !positions.isEmpty else { return }
    for resource in resources {
      for index in positions[resource.type] ?? [] where groups[index].target == resource.target {
        groups[index].apart?.want(resource.fields)
      }
    }
    // By name alone: what an expression names is looked at in every type that has such a field.
    let open = positions.values.flatMap { $0 }
    for reference in slots.lazy.flatMap({ $0.template.references }) {
      for index in open {
        if let name = reference.path.field { groups[index].apart?.want(name) } else { groups[index].apart?.wantAll() }
      }
    }
  }
}
