import GCPClient
import HTTP
import ProviderKit
import Resources
import Schemas
import Values

extension GCPType {
  static let firewallPolicy = GCPType(
    .gcpFirewallPolicy,
    .compute(
      "networkFirewallPolicies", [.global("firewallPolicies")], update: .patch, marking: .description
    ) {
      $0.writers = [.firewallRules, .firewallAssociations]
      $0.deletion.before = FirewallPolicyParts.detach
      $0.refine = FirewallPolicyParts.refine
    })
}

/// Rules and associations are parts of a policy with methods of their own:
/// https://cloud.google.com/compute/docs/reference/rest/v1/networkFirewallPolicies
enum FirewallPolicyParts {
  /// Rules of the service's own have the last priorities and send everything on.
  private static let firstOfService = 2_147_483_644

  static func refine(_ raw: Value, _ fields: inout Fields) {
    let rules = (fields["rules"] ?? .null).elements.filter { Int($0["priority"]?.int ?? 0) < firstOfService }
    fields["rules"] = .list(rules)
    if fields["associations"] == nil { fields["associations"] = .list([]) }
  }

  /// A policy that is in force somewhere cannot be deleted.
  @Sendable
  static func detach(_ task: WriteTask, _ wire: RESTWire, _ now: Snapshot) async throws(ProviderError) {
    for item in (now.observed.fields["associations"] ?? .null).elements {
      try await unlessGone { () async throws(ProviderError) in
        try await call("removeAssociation", [("name", item["name"]?.string ?? "")], nil, task, wire, now)
      }
    }
  }

  static func call(
    _ method: String, _ query: [(name: String, value: String)], _ body: Value?, _ task: WriteTask, _ wire: RESTWire,
    _ now: Snapshot
  ) async throws(ProviderError) {
    _ = try await task.whileBusy(now.id) { () async throws(ProviderError) in
      try await wire.run(
        GCPCall(
          wire.service, "\(wire.collection).\(method)", .conditional, .post, "\(now.id)/\(method)", query: query,
          body: body), task)
    }
  }
}

extension FieldWriter {
  /// Rules are told apart by their priorities.
  static let firewallRules = FieldWriter(fields: ["rules"], followsCreate: true) {
    task, wire, now, wanted async throws(ProviderError) in
    guard case .list(.object(let schema), _) = task.type.schema["rules"]?.type else { return }
    let old = Array((now.observed.fields["rules"] ?? .null).elements)
    let new = Array((wanted.fields["rules"] ?? .null).elements)
    func priority(_ rule: Value) -> String { rule["priority"]?.spelling ?? "" }
    for rule in old where !new.contains(where: { priority($0) == priority(rule) }) {
      try await FirewallPolicyParts.call("removeRule", [("priority", priority(rule))], nil, task, wire, now)
    }
    for rule in new {
      let body = wire.codec.encode(FirewallRuleDefaults.completed(rule), schema, under: "rules.")
      if let standing = old.first(where: { priority($0) == priority(rule) }) {
        if FieldType.object(schema).equal(rule, standing) { continue }
        try await FirewallPolicyParts.call("patchRule", [("priority", priority(rule))], body, task, wire, now)
      } else {
        try await FirewallPolicyParts.call("addRule", [], body, task, wire, now)
      }
    }
  }

  /// Associations are told apart by their names.
  static let firewallAssociations = FieldWriter(fields: ["associations"], followsCreate: true) {
    task, wire, now, wanted async throws(ProviderError) in
    guard case .list(let element, _) = task.type.schema["associations"]?.type else { return }
    let old = Array((now.observed.fields["associations"] ?? .null).elements)
    let new = Array((wanted.fields["associations"] ?? .null).elements)
    for item in old where !new.contains(where: { element.equal($0, item) }) {
      try await FirewallPolicyParts.call(
        "removeAssociation", [("name", item["name"]?.string ?? "")], nil, task, wire, now)
    }
    for item in new where !old.contains(where: { element.equal($0, item) }) {
      try await FirewallPolicyParts.call("addAssociation", [], item, task, wire, now)
    }
  }
}

/// What the API wants to be told of every rule.
private enum FirewallRuleDefaults {
  static func completed(_ rule: Value) -> Value {
    rule["direction"] == nil ? rule.with([("direction", "INGRESS")]) : rule
  }
}
