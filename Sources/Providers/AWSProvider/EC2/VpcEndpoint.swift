import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

extension AWSType {
  static let vpcEndpoint = AWSType(
    type: ResourceType(
      TypeName("aws/VpcEndpoint"), "Reaches a service of AWS without the internet.",
      schema: Schema([
        Field("vpcId", .string, [.required, .immutable], references: "aws/Vpc", "The network it serves."),
        Field(
          "serviceName", .string, [.required, .immutable],
          "The service's full name, such as `com.amazonaws.us-west-2.s3`."),
        Field(
          "vpcEndpointType", .string, .immutable, serverDefault: "Gateway",
          allowed: ["Gateway", "Interface"],
          "`Gateway` adds routes to route tables, `Interface` stands in subnets."),
        Field(
          "routeTableIds", .list(.string, .unordered), .exclusive, references: "aws/RouteTable",
          "The route tables of a gateway endpoint."),
        Field(
          "subnetIds", .list(.string, .unordered), .exclusive, references: "aws/Subnet",
          "The subnets of an interface endpoint, one a zone."),
        Field(
          "securityGroupIds", .list(.string, .unordered), [.exclusive, .optionalComputed],
          references: "aws/SecurityGroup",
          "The groups of an interface endpoint; the network's default group where none is written."),
        Field(
          "policyDocument", .any, .optionalComputed, equality: .jsonPolicy,
          "Who may do what through it; everything where none is written."),
        Field(
          "privateDnsEnabled", .bool, .optionalComputed,
          "Whether the service's usual name leads to an interface endpoint."),
        .tags,
        Field(
          "networkInterfaceIds", .list(.string, .unordered), .computed,
          "The interfaces of an interface endpoint."),
        Field("ownerId", .string, .computed, "The account that owns the endpoint."),
        Field("state", .string, [.computed, .volatile], "`pending`, `available`, `deleting` and others."),
      ]),
      identity: .ec2("vpce-"), marker: .tags, recovery: .token, scope: .region,
      operations: [
        .list: .needs("ec2:DescribeVpcEndpoints"),
        .read: .needs("ec2:DescribeVpcEndpoints"),
        .create: .needs(
          "ec2:CreateVpcEndpoint", "ec2:CreateTags", quota: "L-29B6F2EB", timeout: .seconds(600)),
        .update: .needs("ec2:ModifyVpcEndpoint", "ec2:CreateTags", "ec2:DeleteTags", timeout: .seconds(600)),
        .delete: .needs("ec2:DeleteVpcEndpoints", timeout: .seconds(900)),
      ]),
    wire: EC2Wire(
      describe: .init(
        operation: "DescribeVpcEndpoints", list: "vpcEndpointSet", id: "vpcEndpointId",
        idFilter: "vpc-endpoint-id"),
      decoder: AnswerDecoder(names: [
        "routeTableIds": "routeTableIdSet", "subnetIds": "subnetIdSet",
        "securityGroupIds": "groupSet[groupId]",
        "networkInterfaceIds": "networkInterfaceIdSet",
      ]),
      lifeCycle: .init(
        state: "state", ready: ["available", "pendingacceptance"],
        gone: ["deleting", "deleted", "failed", "expired"],
        failed: ["failed", "rejected"], failureMessage: "failureReason",
        deleted: ["deleted", "failed", "expired", "rejected"]),
      creation: .init(
        operation: "CreateVpcEndpoint",
        fields: [
          "vpcId", "serviceName", "vpcEndpointType", "routeTableIds", "subnetIds", "securityGroupIds",
          "policyDocument", "privateDnsEnabled",
        ],
        names: endpointLists, answer: "vpcEndpoint", tagResource: "vpc-endpoint", takesToken: true),
      writers: [
        .init(
          fields: ["routeTableIds", "subnetIds", "securityGroupIds", "policyDocument", "privateDnsEnabled"],
          followsCreate: false
        ) { task, now, wanted throws(ProviderError) in
          let changes = endpointChanges(now, wanted, task.type)
          guard !changes.isEmpty else { return }
          _ = try await task.session.send(
            .ec2("ModifyVpcEndpoint", .repeatable, [("VpcEndpointId", .string(now.id))] + changes))
        }
      ],
      deletion: .init(operation: "DeleteVpcEndpoints", idParameter: "VpcEndpointId", takesList: true)))

  /// Lists are parameters in the singular.
  private static let endpointLists = [
    "routeTableIds": "RouteTableId", "subnetIds": "SubnetId", "securityGroupIds": "SecurityGroupId",
  ]

  private static func endpointChanges(
    _ now: EC2Wire.Snapshot, _ wanted: EC2Wire.Wanted, _ type: ResourceType
  ) -> [(String, Value)] {
    var changes: [(String, Value)] = []
    for (field, parameter) in endpointLists.sorted(by: { $0.key < $1.key })
    where wanted.touched.contains(field) {
      let (before, after) = (Set(Value.texts(now.fields[field])), Set(Value.texts(wanted[field])))
      for (verb, ids) in [("Add", after.subtracting(before)), ("Remove", before.subtracting(after))]
      where !ids.isEmpty {
        changes.append((verb + parameter, .list(ids.sorted().map { .string($0) })))
      }
    }
    if wanted.touched.contains("policyDocument") {
      let policy = wanted["policyDocument"].map { ("PolicyDocument", Value.string($0.policyText)) }
      changes.append(policy ?? ("ResetPolicy", true))
    }
    if let isEnabled = wanted["privateDnsEnabled"], isEnabled != now.fields["privateDnsEnabled"] {
      changes.append(("PrivateDnsEnabled", isEnabled))
    }
    return changes
  }
}
