import Resources
import Schemas

/// A resource type of AWS: what it is, and how it is spoken of on the wire.
struct AWSType: Sendable {
  var type: ResourceType
  var wire: any AWSWire

  /// Every type there is. A new one adds its own file and one line here.
  static let all: [AWSType] = [
    .vpc, .subnet, .internetGateway, .natGateway, .elasticIp, .routeTable, .securityGroup, .vpcEndpoint,
    .flowLog, .logGroup, .key, .alias,
    .role, .instanceProfile, .managedPolicy, .openIDConnectProvider, .samlProvider,
    .bucket, .fileSystem, .mountTarget,
    .cluster, .subnetGroup, .parameterGroup,
    .permissionSet, .accountAssignment, .identityStoreUser, .identityStoreGroup, .identityStoreGroupMembership,
    .serviceQuotaIncrease,
  ]
}

/// The types of AWS for those who need no AWS: schemas, examples, the sandbox.
package enum AWSCatalog {
  package static let catalog = TypeCatalog(AWSType.all.map(\.type))
}

extension Field {
  /// The tags of a user: owned key by key; the keys of Plumb's marker are never among them.
  static let tags = Field(
    "tags", .map(.string), [], "Tags by key; keys that nobody wrote here are left alone.")
}

extension OperationFacts {
  /// What `permissions` cost where nothing else is to be said.
  static func needs(_ permissions: String..., each: Int = 0, timeout: Duration = .seconds(300))
    -> OperationFacts
  {
    OperationFacts(permissions: permissions, timeout: timeout, requestsPerObject: each)
  }

  /// The same for a create that counts against a service quota.
  static func needs(_ permissions: String..., quota: String, timeout: Duration = .seconds(300))
    -> OperationFacts
  {
    OperationFacts(permissions: permissions, quotaCode: quota, timeout: timeout)
  }
}

extension Identity {
  /// An EC2 object: ids of a prefix and 17 hexadecimal digits, eventually consistent lists.
  static func ec2(_ idPrefix: String, naturalKey: [String] = []) -> Identity {
    Identity(naturalKey: naturalKey, uniqueness: .region, consistencyWindow: .seconds(60), idPrefix: idPrefix)
  }
}
