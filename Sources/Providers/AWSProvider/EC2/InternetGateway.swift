import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

extension AWSType {
  static let internetGateway = AWSType(
    type: ResourceType(
      TypeName("aws/InternetGateway"), "The way from a network to the internet and back.",
      schema: Schema([
        Field(
          "vpcId", .string, references: "aws/Vpc", "The network it is attached to; a network has at most one."
        ),
        .tags,
        Field("ownerId", .string, .computed, "The account that owns the gateway."),
      ]),
      identity: .ec2("igw-"), marker: .tags, recovery: .markerOnCreate, scope: .region,
      operations: [
        .list: .needs("ec2:DescribeInternetGateways"),
        .read: .needs("ec2:DescribeInternetGateways"),
        .create: .needs(
          "ec2:CreateInternetGateway", "ec2:CreateTags", "ec2:AttachInternetGateway", quota: "L-A4707A72"),
        .update: .needs(
          "ec2:AttachInternetGateway", "ec2:DetachInternetGateway", "ec2:CreateTags", "ec2:DeleteTags"),
        .delete: .needs("ec2:DetachInternetGateway", "ec2:DeleteInternetGateway", timeout: .seconds(600)),
      ]),
    wire: EC2Wire(
      describe: .init(
        operation: "DescribeInternetGateways", list: "internetGatewaySet", id: "internetGatewayId",
        idFilter: "internet-gateway-id"),
      decoder: AnswerDecoder(names: ["vpcId": "none"]),
      refine: { raw, fields in fields["vpcId"] = attachedVpc(raw).map { .string($0) } },
      creation: .init(
        operation: "CreateInternetGateway", fields: [], answer: "internetGateway",
        tagResource: "internet-gateway"),
      writers: [
        .init(fields: ["vpcId"], followsCreate: true) { task, now, wanted throws(ProviderError) in
          let (attached, target) = (attachedVpc(now.raw), wanted["vpcId"]?.string)
          if let attached, attached != target {
            try await attachment("DetachInternetGateway", now.id, attached, task)
          }
          if let target, attached != target {
            try await attachment("AttachInternetGateway", now.id, target, task)
          }
        }
      ],
      deletion: .init(operation: "DeleteInternetGateway", idParameter: "InternetGatewayId") {
        task, now throws(ProviderError) in
        guard let attached = attachedVpc(now.raw) else { return }
        try await unlessGone { () throws(ProviderError) in
          try await attachment("DetachInternetGateway", now.id, attached, task)
        }
      }))

  /// The network it is attached to, or being attached to.
  private static func attachedVpc(_ raw: Value) -> String? {
    raw.items("attachmentSet").first { $0.text("state").map { !$0.hasPrefix("detach") } ?? true }?.text(
      "vpcId")
  }

  /// Elastic addresses in the network hold the attachment while they are being taken away.
  private static func attachment(
    _ operation: String, _ id: String, _ vpc: String, _ task: WriteTask
  ) async throws(ProviderError) {
    try await task.retrying(
      until: "nothing holds the attachment of \(id) to \(vpc)", while: { $0.has("DependencyViolation") }
    ) {
      () async throws(ProviderError) in
      do throws(ProviderError) {
        _ = try await task.session.send(
          .ec2(operation, .repeatable, [("InternetGatewayId", .string(id)), ("VpcId", .string(vpc))]))
      } catch {
        guard error.has("Gateway.NotAttached") else { throw error }
      }
    }
  }
}
