import AWSClient
import ProviderKit
import Schemas
import Values

/// The rules of a security group: compared one by one, each for one protocol, port range and peer.
enum SecurityGroupRules {
  /// The group's own account is what is meant where none is written.
  static func withoutOwner(_ permissions: Value, _ owner: String?) -> Value {
    .list(
      permissions.elements.map { permission in
        .map(
          permission.entries.map { entry in
            guard entry.key == "userIdGroupPairs" else { return (entry.key, entry.value) }
            let pairs = entry.value.elements.map {
              $0["userId"]?.string == owner ? $0.without(["userId"]) : $0
            }
            return (entry.key, .list(pairs))
          })
      })
  }

  /// Authorizes what is missing before it revokes what is too much, so that nothing wanted is cut in between.
  static func writer(_ field: String) -> EC2Wire.FieldWriter {
    let direction = field == "ipPermissions" ? "Ingress" : "Egress"
    return .init(fields: [field], followsCreate: true) { task, now, wanted throws(ProviderError) in
      let before = rules(now.fields[field])
      let after = rules(wanted[field])
      let missing = after.filter { rule in !before.contains { $0.key == rule.key } }
      let excess = before.filter { rule in !after.contains { $0.key == rule.key } }
      let renamed = after.filter { rule in
        before.contains { $0.key == rule.key && $0.description != rule.description }
      }
      try await send(
        "AuthorizeSecurityGroup\(direction)", missing, now.id, tolerating: "InvalidPermission.Duplicate", task
      )
      try await send(
        "UpdateSecurityGroupRuleDescriptions\(direction)", renamed, now.id, tolerating: nil, task)
      try await send(
        "RevokeSecurityGroup\(direction)", excess, now.id, tolerating: "InvalidPermission.NotFound", task)
    }
  }

  struct Rule {
    /// Protocol, ports and peer in one spelling.
    var key: String
    var description: String?
    var permission: Value
  }

  static func rules(_ permissions: Value?) -> [Rule] {
    var seen: Set<String> = []
    return (permissions?.distributedItems ?? []).map(rule).filter { seen.insert($0.key).inserted }
  }

  private static func rule(_ permission: Value) -> Rule {
    let name = permission["ipProtocol"]?.scalarText.lowercased() ?? "-1"
    let protocolName = protocols[name] ?? name
    let ports =
      protocolName == "-1"
      ? "" : "\(permission["fromPort"]?.spelling ?? "")-\(permission["toPort"]?.spelling ?? "")"
    let list = permission.entries.first { $0.value.kind == .list }
    let peer = list?.value[0]
    let key = "\(protocolName) \(ports) \(list?.key ?? "") \(peer.map(peerText) ?? "")"
    return Rule(key: key, description: peer?["description"]?.string, permission: permission)
  }

  private static func peerText(_ peer: Value) -> String {
    let text =
      ["cidrIp", "cidrIpv6", "prefixListId", "groupId"].lazy.compactMap { peer[$0]?.string }.first ?? ""
    let block = CIDRBlock(text).map { "\($0.masked)" }
    return "\(block ?? text) \(peer["userId"]?.string ?? "")"
  }

  /// AWS answers with names for these numbers.
  private static let protocols = ["6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"]

  /// One call for all rules. Where one of them is as it should be already, the call fails whole: each goes alone then.
  private static func send(
    _ operation: String, _ rules: [Rule], _ id: String, tolerating code: String?, _ task: WriteTask
  ) async throws(ProviderError) {
    guard !rules.isEmpty else { return }
    let permissions = Value.list(rules.map { parameters($0.permission) })
    do throws(ProviderError) {
      _ = try await task.session.send(
        .ec2(operation, .repeatable, [("GroupId", .string(id)), ("IpPermissions", permissions)]))
    } catch {
      guard let code, error.has(code) else { throw error }
      guard rules.count > 1 else { return }
      for rule in rules { try await send(operation, [rule], id, tolerating: code, task) }
    }
  }

  private static func parameters(_ permission: Value) -> Value {
    .map(
      permission.entries.map { entry in
        let name = entry.key == "userIdGroupPairs" ? "Groups" : entry.key.wireName
        guard entry.value.kind == .list else { return (name, entry.value) }
        return (
          name,
          .list(entry.value.elements.map { peer in .map(peer.entries.map { ($0.key.wireName, $0.value) }) })
        )
      })
  }
}
