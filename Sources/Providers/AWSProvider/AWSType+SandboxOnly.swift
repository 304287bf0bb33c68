import Resources

extension AWSType {
  /// Types whose schema is here and whose requests are not: estates with them plan and apply on the sandbox. A type
  /// leaves this list for `all` with its wire.
  static let sandboxOnly: [ResourceType] = [
    fileSystem, mountTarget, subnetGroup, parameterGroup, cluster, samlProvider, permissionSet, accountAssignment,
    identityStoreUser, identityStoreGroup, identityStoreGroupMembership, serviceQuotaIncrease,
  ]
}
