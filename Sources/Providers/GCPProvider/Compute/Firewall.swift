import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/firewalls
  static let gcpFirewall = ResourceType(
    TypeName("gcp/Firewall"), "A classic firewall rule of a network.",
    schema: Schema([
      .name(),
      .network,
      Field("description", .string, [], "For readers; where the marker stands."),
      Field("direction", .string, .immutable, serverDefault: "INGRESS", allowed: ["INGRESS", "EGRESS"], "Which way."),
      Field("priority", .int, serverDefault: 1000, "0 to 65535; the lowest is asked first."),
      Field("disabled", .bool, serverDefault: false, "Whether it is skipped."),
      Field("allowed", .list(.object(firewallPorts), .unordered), .exclusive, "What is let through."),
      Field("denied", .list(.object(firewallPorts), .unordered), .exclusive, "What is dropped."),
      Field(
        "sourceRanges", .list(.string, .unordered), [.exclusive, .optionalComputed], equality: .cidr,
        "Blocks it comes from; everywhere where no source is written."),
      Field(
        "destinationRanges", .list(.string, .unordered), [.exclusive, .optionalComputed], equality: .cidr,
        "Blocks it goes to; everywhere where none is written."),
      Field("sourceTags", .list(.string, .unordered), .exclusive, "Tags of machines it comes from."),
      Field(
        "targetTags", .list(.string, .unordered), .exclusive, "Tags of machines it is for; all where none is written."),
      Field(
        "targetServiceAccounts", .list(.string, .unordered), .exclusive, "Only for machines that run as one of these."),
      Field(
        "logConfig",
        .object(Schema([Field("enable", .bool, serverDefault: false, "Whether connections that match are logged.")])),
        .optionalComputed, "Logs of connections."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/global/firewalls/{name}", "name"), marker: .description, recovery: .token,
    scope: .project,
    operations: .permissions("compute.firewalls", quota: "FIREWALLS"))
}

extension GCPType {
  static let firewall = GCPType(
    .gcpFirewall,
    .compute("firewalls", [.global("firewalls")], update: .patch, marking: .description, guardField: nil) {
      $0.names = ["allowed.ipProtocol": "IPProtocol", "denied.ipProtocol": "IPProtocol"]
    })
}

private let firewallPorts = Schema([
  Field("ipProtocol", .string, .required, "`tcp`, `udp`, `icmp`, `all`, or a number."),
  Field("ports", .list(.string, .unordered), [], "`443`, `8000-8999`; all where none is named."),
])
