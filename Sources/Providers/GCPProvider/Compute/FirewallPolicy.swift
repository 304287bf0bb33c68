import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/networkFirewallPolicies
  static let gcpFirewallPolicy = ResourceType(
    TypeName("gcp/FirewallPolicy"), "A global firewall policy of networks: its rules, and the networks it stands at.",
    schema: Schema([
      .name(),
      Field("description", .string, [], "For readers; where the marker stands, since policies have no labels."),
      Field(
        "rules", .list(.object(rule), .keyed(by: "priority")), [.exclusive, .guarded],
        "Asked in the order of their priorities; the first that matches decides."),
      Field(
        "associations",
        .list(
          .object(
            Schema([
              Field("name", .string, .required, "The name, unique in the policy."),
              Field(
                "attachmentTarget", .string, .required, equality: .link, references: "gcp/Network",
                "The network, by its link."),
            ])), .keyed(by: "name")), [.exclusive, .guarded], "Where it is in force."),
      Field("fingerprint", .string, [.computed, .volatile], "Guards concurrent changes."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/global/firewallPolicies/{name}", "name"), marker: .description,
    recovery: .token, scope: .project,
    operations: .permissions(
      "compute.firewallPolicies", also: "compute.firewallPolicies.use", "compute.networks.setFirewallPolicy"))

  private static let rule = Schema([
    Field("priority", .int, .required, "0 to 2147483647; the lowest is asked first."),
    Field("action", .string, .required, allowed: ["allow", "deny", "goto_next"], "What happens to what matches."),
    Field("direction", .string, serverDefault: "INGRESS", allowed: ["INGRESS", "EGRESS"], "Which way."),
    Field("ruleName", .string, [], "For readers."),
    Field("description", .string, [], "For readers."),
    Field("disabled", .bool, serverDefault: false, "Whether it is skipped."),
    Field("enableLogging", .bool, serverDefault: false, "Whether connections that match are logged."),
    Field("targetServiceAccounts", .list(.string, .unordered), [], "Only for machines that run as one of these."),
    Field(
      "match",
      .object(
        Schema([
          Field("srcIpRanges", .list(.string, .unordered), equality: .cidr, "Blocks it comes from."),
          Field("destIpRanges", .list(.string, .unordered), equality: .cidr, "Blocks it goes to."),
          Field(
            "layer4Configs",
            .list(
              .object(
                Schema([
                  Field("ipProtocol", .string, .required, "`tcp`, `udp`, `icmp`, `all`, or a number."),
                  Field("ports", .list(.string, .unordered), [], "`443`, `8000-8999`; all where none is named."),
                ])), .unordered), .required, "Protocols and ports."),
        ])), .required, "What it is about."),
  ])
}
