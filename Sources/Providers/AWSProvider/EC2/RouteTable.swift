import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

extension AWSType {
  static let routeTable = AWSType(
    type: ResourceType(
      TypeName("aws/RouteTable"), "Where a subnet's packets go; routes and associations are part of it.",
      schema: Schema([
        Field(
          "vpcId", .string, [.required, .immutable], references: "aws/Vpc", "The network it belongs to."),
        Field(
          "routes", .list(.object(routeSchema), .keyed(by: "destinationCidrBlock")), [.exclusive, .guarded],
          "Routes by destination, each with one way; local, propagated and endpoint routes are the service's own."
        ),
        Field(
          "associations", .list(.object(associationSchema), .keyed(by: "subnetId")), [.exclusive, .guarded],
          "The subnets that use the table; a subnet uses one table."),
        .tags,
        Field("ownerId", .string, .computed, "The account that owns the table."),
        Field("isMain", .bool, .computed, "Whether subnets use the table that are associated with none."),
      ]),
      identity: .ec2("rtb-"), marker: .tags, recovery: .markerOnCreate, scope: .region,
      operations: [
        .list: .needs("ec2:DescribeRouteTables"),
        .read: .needs("ec2:DescribeRouteTables"),
        .create: .needs(
          "ec2:CreateRouteTable", "ec2:CreateTags", "ec2:CreateRoute", "ec2:AssociateRouteTable",
          quota: "L-589F43AA"),
        .update: .needs(
          "ec2:CreateRoute", "ec2:ReplaceRoute", "ec2:DeleteRoute", "ec2:AssociateRouteTable",
          "ec2:ReplaceRouteTableAssociation", "ec2:DisassociateRouteTable", "ec2:CreateTags", "ec2:DeleteTags"
        ),
        .delete: .needs("ec2:DisassociateRouteTable", "ec2:DeleteRouteTable"),
      ], madeByService: [ServiceMade("isMain", is: true)]),
    wire: EC2Wire(
      describe: .init(
        operation: "DescribeRouteTables", list: "routeTableSet", id: "routeTableId",
        idFilter: "route-table-id",
        pageSize: 100),
      decoder: AnswerDecoder(names: ["routes": "none", "associations": "none", "isMain": "none"]),
      refine: { raw, fields in
        fields["routes"] = RouteTableParts.routes(raw)
        fields["associations"] = .list(
          RouteTableParts.associations(raw).map { ["subnetId": .string($0.subnet)] })
        fields["isMain"] = .bool(raw.items("associationSet").contains { $0.text("main") == "true" })
      },
      creation: .init(
        operation: "CreateRouteTable", fields: ["vpcId"], answer: "routeTable", tagResource: "route-table"),
      writers: [RouteTableParts.routeWriter, RouteTableParts.associationWriter],
      deletion: .init(operation: "DeleteRouteTable", idParameter: "RouteTableId") {
        task, now throws(ProviderError) in
        for association in RouteTableParts.associations(now.raw) {
          try await RouteTableParts.disassociate(association.id, task)
        }
      }))
  static let routeSchema = Schema([
    Field(
      "destinationCidrBlock", .string, .required, equality: .cidr,
      "Where the packets want to go: an IPv4 or IPv6 block, or the id of a prefix list."),
    Field(
      "gatewayId", .string, references: "aws/InternetGateway",
      "An internet gateway or virtual private gateway."),
    Field("natGatewayId", .string, references: "aws/NatGateway", "A NAT gateway."),
    Field("transitGatewayId", .string, [], "A transit gateway."),
    Field("vpcPeeringConnectionId", .string, [], "A peering connection."),
    Field("egressOnlyInternetGatewayId", .string, [], "An egress-only internet gateway, for IPv6."),
    Field("networkInterfaceId", .string, [], "A network interface."),
  ])

  static let associationSchema = Schema([
    Field("subnetId", .string, .required, references: "aws/Subnet", "The subnet.")
  ])
}
