import ProviderKit
import Values

/// A role to members, perhaps under a condition.
struct Grant: Sendable {
  var role: String
  var members: [String]
  var condition: Value?

  init(role: String, members: [String], condition: Value?) {
    self.role = role
    self.members = members
    self.condition = condition
  }

  init(_ fields: Value) {
    let written = fields["condition"].flatMap { $0.isNull ? nil : $0 }
    self.init(
      role: fields["role"]?.string ?? "",
      members: fields["members"]?.elements.compactMap(\.string) ?? [fields["member"]?.string ?? ""],
      condition: written)
  }

  func fields(isWhole: Bool) -> [(String, Value)] {
    let who: (String, Value) =
      isWhole ? ("members", .list(members.map { .string($0) })) : ("member", .string(members.first ?? ""))
    return [("role", .string(role)), who] + (condition.map { [("condition", $0)] } ?? [])
  }
}

/// A policy as it was read. Whatever is not changed stays as it came.
struct IAMPolicy: Sendable {
  private(set) var raw: Value

  init(raw: Value) { self.raw = raw }

  private var bindings: [Value] { Array((raw["bindings"] ?? .null).elements) }

  /// Each binding, or each member of each.
  func grants(isWhole: Bool) -> [Grant] {
    bindings.flatMap { binding in
      let members = (binding["members"] ?? .null).elements.compactMap(\.string)
      let condition = binding["condition"].map {
        Value.map($0.entries.filter { Self.isKept($0.key) }.map { ($0.key, $0.value) })
      }
      let role = binding["role"]?.string ?? ""
      if isWhole { return [Grant(role: role, members: members, condition: condition)] }
      return members.map { Grant(role: role, members: [$0], condition: condition) }
    }
  }

  /// The parts of a condition that a user writes.
  private static func isKept(_ key: String) -> Bool { ["title", "expression", "description"].contains(key) }

  mutating func add(_ grant: Grant) {
    edit(grant) { members in
      members + grant.members.filter { one in !members.contains { Self.same($0, one) } }
    }
  }

  mutating func remove(_ grant: Grant) {
    edit(grant) { members in members.filter { one in !grant.members.contains { Self.same($0, one) } } }
  }

  mutating func set(_ grant: Grant) {
    edit(grant) { members in
      let same =
        members.count == grant.members.count
        && members.allSatisfy { one in grant.members.contains { Self.same($0, one) } }
      return same ? members : grant.members
    }
  }

  mutating func removeBinding(_ grant: Grant) { edit(grant) { _ in [] } }

  /// Addresses of people and groups are kept in lower case.
  private static func same(_ left: String, _ right: String) -> Bool { left.lowercased() == right.lowercased() }

  private mutating func edit(_ grant: Grant, _ change: ([String]) -> [String]) {
    var bindings = bindings
    let place = bindings.firstIndex { binding in
      binding["role"]?.string == grant.role && Self.same(binding["condition"], grant.condition)
    }
    let old = place.map { (bindings[$0]["members"] ?? .null).elements.compactMap(\.string) } ?? []
    let new = change(old)
    if new == old { return }
    if let place {
      let members = Value.list(new.map { .string($0) })
      if new.isEmpty {
        bindings.remove(at: place)
      } else {
        bindings[place] = bindings[place].with([("members", members)])
      }
    } else {
      let condition = grant.condition.map { [("condition", $0)] } ?? []
      bindings.append(.map([("role", .string(grant.role)), ("members", .list(new.map { .string($0) }))] + condition))
    }
    raw = raw.with([("bindings", .list(bindings))])
  }

  private static func same(_ left: Value?, _ right: Value?) -> Bool {
    ["title", "expression", "description"].allSatisfy { key in
      (left?[key]?.string ?? "") == (right?[key]?.string ?? "")
    }
  }
}
