import Diagnostics
import Resources
import Testing
import Values

/// Each limit of a network on AWS, on both its sides; for what exists already a size is a warning.
@Suite("sizes and ways out of networks on AWS")
struct AWSRuleTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var cidr = "10.20.0.0/19"
    var topology = "Private"
    var subnets = [
      ("public", "us-west-2a", "10.20.0.0/22", true), ("a", "us-west-2a", "10.20.4.0/22", false),
      ("b", "us-west-2b", "10.20.8.0/22", false),
    ]
    var more = ""
    /// Part of the one error; nil for none.
    var error: String?
    var testDescription: String { name }

    var text: String {
      let subnets = subnets.map { "    - {key: \($0.0), zone: \($0.1), cidr: \($0.2), public: \($0.3)}\n" }.joined()
      return "apiVersion: plumb.dev/v1\nkind: Network\nmetadata: {name: it, target: main}\nspec:\n  cidr: \(cidr)\n"
        + "  topology: \(topology)\n  subnets:\n\(subnets)\(more)"
    }
  }

  static let sizes = [
    Case(name: "a network of /19 and subnets of /22 fit exactly"),
    Case(
      name: "a network of /20 is too small", cidr: "10.20.0.0/20",
      error: "a network is /19 or larger, and this is /20"),
    Case(
      name: "a subnet of /23 is too small",
      subnets: [("a", "us-west-2a", "10.20.0.0/23", false), ("b", "us-west-2b", "10.20.4.0/22", true)],
      error: "a subnet is /22 or larger, and `a` is /23"),
    Case(
      name: "two subnets in two zones are enough",
      subnets: [("a", "us-west-2a", "10.20.0.0/22", true), ("b", "us-west-2b", "10.20.4.0/22", false)]),
    Case(
      name: "two subnets in one zone are not",
      subnets: [("a", "us-west-2a", "10.20.0.0/22", true), ("b", "us-west-2a", "10.20.4.0/22", false)],
      error: "subnets lie in 2 zones or more, and these in 1"),
  ]

  static let waysOut = [
    Case(
      name: "without NAT nor endpoints nothing leads out", more: "  egress: {nat: none}\n",
      error: "nothing leads out of the private subnets"),
    Case(
      name: "an endpoint is a way out",
      more: "  egress: {nat: none}\n  endpoints: {gateway: [s3]}\n"),
    Case(
      name: "NAT needs a public subnet",
      subnets: [("a", "us-west-2a", "10.20.0.0/22", false), ("b", "us-west-2b", "10.20.4.0/22", false)],
      error: "NAT gateways stand in public subnets"),
    Case(
      name: "NAT in each zone needs a public subnet in each", more: "  egress: {nat: perZone}\n",
      error: "a NAT gateway a zone needs a public subnet in each zone"),
    Case(name: "a group of 60 rules fits", more: "  accessCidrs: [\(blocks(59))]\n"),
    Case(
      name: "one of 61 does not", more: "  accessCidrs: [\(blocks(60))]\n",
      error: "a security group of AWS has 60 rules at most"),
    Case(
      name: "each port of each block is a rule",
      more: "  firewall: [{name: many, protocol: tcp, ports: [\"1\", \"2\"], cidrs: [\(blocks(30))]}]\n",
      error: "a security group of AWS has 60 rules at most"),
    Case(
      name: "only 443 is open to everybody",
      more: "  firewall: [{name: ssh, protocol: tcp, ports: [\"22\"], cidrs: [0.0.0.0/0]}]\n",
      error: "only port 443 may be open to everybody"),
  ]

  private static func blocks(_ count: Int) -> String {
    (0..<count).map { "198.51.\($0).0/24" }.joined(separator: ", ")
  }

  private func estate(_ text: String) throws -> KindEstate {
    KindEstate([
      "plumb.yaml": try #require(try KindEstate.files(example: "aws")["plumb.yaml"]), "manifests/it.yaml": text,
    ])
  }

  @Test("a limit holds on one side, and the other side names it", arguments: sizes + waysOut)
  func limits(_ one: Case) throws {
    let estate = try estate(one.text)
    let errors = estate.diagnostics.filter { $0.severity == .error }
    #expect(errors.count == (one.error == nil ? 0 : 1), "\(estate.report)")
    if let error = one.error { #expect(errors.first?.message.contains(error) == true, "\(estate.report)") }
  }

  @Test("of a network that exists already a size is only a warning", arguments: sizes)
  func adopted(_ one: Case) throws {
    let ids = one.subnets.map { "\($0.0): subnet-\($0.0)" }.joined(separator: ", ")
    let adopt = "  adopt: {vpcId: vpc-0a1b2c3d4e5f60718, subnetIds: {\(ids)}}\n"
    let estate = try estate(one.text + adopt)
    #expect(!estate.diagnostics.hasErrors, "\(estate.report)")
    let warnings = estate.diagnostics.filter { $0.severity == .warning }
    #expect(warnings.count == (one.error == nil ? 0 : 1), "\(estate.report)")
    if let error = one.error { #expect(warnings.first?.message.contains(error) == true, "\(estate.report)") }
  }

  /// Where each subnet's traffic goes, by the routes that are made.
  @Test(
    "every subnet has a route to the internet, through the NAT gateways that were chosen",
    arguments: [("single", 1), ("perZone", 2)])
  func routes(_ choice: String, _ count: Int) throws {
    var one = Case(name: choice, more: "  egress: {nat: \(choice)}\n")
    one.subnets.insert(("public-b", "us-west-2b", "10.20.12.0/22", true), at: 1)
    let estate = try estate(one.text)
    #expect(!estate.diagnostics.hasErrors, "\(estate.report)")
    let resources = estate.desired.resources
    #expect(resources.count { $0.type.kind == "NatGateway" } == count)
    #expect(resources.count { $0.type.kind == "ElasticIp" } == count)
    let tables = resources.filter { $0.type.kind == "RouteTable" }
    #expect(tables.map { $0.fields["associations"]?.count ?? 0 }.reduce(0, +) == one.subnets.count)
    for table in tables {
      let text = estate.text(of: table)
      #expect(text.contains("destinationCidrBlock: \"0.0.0.0/0\""), "\(text)")
      let isPublic = table.address.text.hasSuffix("publicRoutes")
      #expect(
        text.contains(isPublic ? "gatewayId: <Network/it/gateway.id>" : "natGatewayId: <Network/it/nat["), "\(text)")
    }
  }
}
