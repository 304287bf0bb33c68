import Diagnostics
import Manifests
import Resources
import Schemas
import Values

/// Reads `Policy` documents; whatever is wrong is reported and left out.
package struct PolicyReader {
  package internal(set) var diagnostics: [Diagnostic] = []

  package init() {}

  /// - Parameter pack: the pack of the program that the document is.
  package mutating func read(_ document: Value, pack: String? = nil) -> Policy? {
    let metadata = document["metadata"] ?? .map([]), spec = document["spec"] ?? .map([])
    diagnostics += PolicySchemas.metadata.validate(metadata, path: "metadata", position: document.origin)
    guard spec.kind == .map else {
      problem(.wrongType, "`spec` must be a map, not \(spec.kind.phrase)", spec)
      return nil
    }
    let found = PolicySchemas.spec.validate(spec, path: "spec", position: document.origin)
    diagnostics += found
    guard !found.hasErrors, let name = metadata["name"]?.string else { return nil }
    var policy = Policy(
      name: name, pack: pack, summary: spec["description"]?.string ?? "", origin: metadata["name"]?.origin)
    policy.packs = (spec["packs"] ?? .null).elements.compactMap { item in
      item.string.map { Placed($0, at: item.origin) }
    }
    policy.parameters = (spec["parameters"] ?? .null).entries.compactMap { parameter($0) }
    policy.rules = (spec["rules"] ?? .null).elements.compactMap { rule($0, policy) }
    policy.effects = (spec["effects"] ?? .null).entries.compactMap { effect($0) }
    policy.waivers = (spec["waivers"] ?? .null).elements.compactMap { waiver($0) }
    policy.prices = spec["prices"].flatMap { prices($0) }
    return policy
  }

  mutating func problem(_ code: DiagnosticCode, _ message: String, _ value: Value, hint: String? = nil) {
    let length = value.kind == .string ? value.spelling.unicodeScalars.count + (value.isPlain ? 0 : 2) : 1
    diagnostics.append(.error(code, message, at: value.origin, length: length, hint: hint))
  }

  // MARK: Rules

  private mutating func rule(_ value: Value, _ policy: Policy) -> PolicyRule? {
    guard let id = text(value, "id"), let match = match(value["match"] ?? .null, id),
      let expression = value["rule"], !(expression.string ?? "").allSatisfy(\.isWhitespace)
    else { return nil }
    return PolicyRule(
      id: id, policy: policy.name, pack: policy.pack, summary: value["description"]?.string ?? "", match: match,
      expression: expression, effect: choice(value["effect"]) ?? .deny,
      onUnknown: choice(value["onUnknown"]) ?? .recheck, message: value["message"], hint: value["hint"],
      severity: choice(value["severity"]), references: texts(value["references"]), origin: value["id"]?.origin)
  }

  private mutating func match(_ value: Value, _ id: String) -> RuleMatch? {
    let address = value["address"]?.string
    let chosen = ["kind", "resource", "estate"].filter { value[$0] != nil && value[$0]?.bool != false }
    guard chosen.count == 1, let name = chosen.first, let what = value[name] else {
      problem(
        .policyForm,
        "the match of rule `\(id)` names \(chosen.isEmpty ? "nothing" : chosen.joined(separator: " and "))",
        value, hint: "write exactly one of `kind`, `resource` and `estate: true`")
      return nil
    }
    if name != "resource", let actions = value["actions"] {
      problem(.policyForm, "rule `\(id)` has `actions`, which only resources have", actions)
    }
    if name == "estate" { return .estate }
    let names = what.kind == .list ? texts(what) : [what.string].compactMap { $0 }
    guard !names.isEmpty, what.kind != .list || names.count == what.count else {
      problem(.policyForm, "`match.\(name)` of rule `\(id)` must be a name or a list of names", what)
      return nil
    }
    if name == "kind" { return .manifests(kinds: names, address: address) }
    let actions = texts(value["actions"]).compactMap(Action.init(rawValue:))
    return .resources(types: names, address: address, actions: actions)
  }

  private mutating func effect(_ entry: Value.Entry) -> RuleEffect? {
    guard let effect: PolicyEffect = choice(entry.value["effect"]), let reason = text(entry.value, "reason") else {
      return nil
    }
    return RuleEffect(rule: entry.key, effect: effect, reason: reason, origin: entry.keyOrigin)
  }

  // MARK: Waivers

  private mutating func waiver(_ value: Value) -> Waiver? {
    guard let rule = text(value, "rule"), let address = text(value, "address"), let owner = text(value, "owner"),
      let reason = text(value, "reason"), let expires = value["expires"]
    else { return nil }
    guard let day = expires.string, PolicyDate.isDay(day) else {
      problem(
        .policyWaiver, "`\(expires.spelling)` is no day", expires, hint: "write the last day as `2027-03-01`")
      return nil
    }
    return Waiver(
      rule: rule, address: address, owner: owner, reason: reason, expires: day, origin: value["rule"]?.origin)
  }

  // MARK: Parts

  /// A text that must not be empty.
  private mutating func text(_ value: Value, _ key: String) -> String? {
    guard let found = value[key], let text = found.string else { return nil }
    guard text.contains(where: { !$0.isWhitespace }) else {
      problem(.policyForm, "`\(key)` is empty", found)
      return nil
    }
    return text
  }

  private func choice<Choice: RawRepresentable<String>>(_ value: Value?) -> Choice? {
    value?.string.flatMap(Choice.init(rawValue:))
  }

  private func texts(_ value: Value?) -> [String] { (value ?? .null).elements.compactMap(\.string) }
}

/// Days as `2027-03-01`, which compare as texts.
enum PolicyDate {
  static func isDay(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard text.utf8.count == 10, parts.map(\.utf8.count) == [4, 2, 2],
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return false }
    return (1...12).contains(month) && day >= 1 && day <= days(month, year)
  }

  private static func days(_ month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

// MARK: Parameters

extension PolicyReader {
  private mutating func parameter(_ entry: Value.Entry) -> PolicyParameter? {
    let declaration = entry.value
    guard let value = declaration["value"] else { return nil }
    let type = declaration["type"].map { self.type($0.string ?? "", items: declaration["items"]) }
    if let type {
      let found = Schema([]).validate(value, field: Field("value", type, [], ""), path: "parameters[\"\(entry.key)\"]")
      diagnostics += found
      if found.hasErrors { return nil }
    }
    return PolicyParameter(
      name: entry.key, type: type, value: value, reason: declaration["reason"]?.string,
      summary: declaration["description"]?.string ?? "", origin: entry.keyOrigin)
  }

  private func type(_ name: String, items: Value?) -> FieldType {
    let element: FieldType = (items?["type"]?.string).map { self.type($0, items: items?["items"]) } ?? .any
    return switch name {
    case "string": .string
    case "integer": .int
    case "number": .double
    case "boolean": .bool
    case "array": .list(element)
    case "object": .map(element)
    default: .any
    }
  }
}
