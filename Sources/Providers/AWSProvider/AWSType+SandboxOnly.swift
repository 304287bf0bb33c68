import Resources

extension AWSType {
  /// Types whose schema is here and whose requests are not: estates with them plan and apply on the sandbox. A type
  /// leaves this list for `all` with its wire.
  static let sandboxOnly: [ResourceType] = [
    flowLog, logGroup, fileSystem, mountTarget, key, alias, subnetGroup, parameterGroup, cluster,
    openIDConnectProvider, samlProvider, managedPolicy, permissionSet, accountAssignment, identityStoreUser,
    identityStoreGroup, identityStoreGroupMembership, serviceQuotaIncrease,
  ]
}
