import GCPClient
import ProviderKit
import Resources

/// A resource type of Google Cloud: what it is, and how it is spoken of on the wire.
struct GCPType: Sendable {
  var type: ResourceType
  var wire: any GCPWire

  init(_ type: ResourceType, _ wire: RESTWire) {
    self.init(type, wire: wire)
  }

  init(_ type: ResourceType, wire: any GCPWire) {
    self.type = type
    self.wire = wire
  }
}

extension GCPType {
  /// Every type there is. A new one adds its own file and one line here.
  static let all: [GCPType] = [
    .network, .subnetwork, .router, .firewallPolicy, .firewall, .address, .globalAddress,
    .vpnGateway, .externalVpnGateway, .vpnTunnel, .instanceTemplate, .reservation,
    .healthCheck, .backendService, .urlMap, .targetHttpProxy, .targetHttpsProxy, .sslCertificate,
    .globalForwardingRule,
    .cluster, .nodePool, .repository,
    .logSink, .logMetric, .notificationChannel, .alertPolicy, .dashboard, .budget, .organizationPolicy,
    .projectService, .serviceAccount, .serviceAccountIamMember, .projectIamMember, .projectIamBinding, .customRole,
    .workloadIdentityPool, .workloadIdentityPoolProvider,
    .bucket, .bucketIamMember, .filestoreInstance, .redisInstance,
    .keyRing, .cryptoKey, .secret, .secretIamMember,
    .quotaPreference,
  ]

  private static let byName = Dictionary(all.map { ($0.type.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// Whether there is such a type.
  static func isManaged(_ name: TypeName) -> Bool { byName[name] != nil }

  static func named(_ name: TypeName) throws(ProviderError) -> GCPType {
    guard let type = byName[name] else {
      throw ProviderError(.unsupported, effect: .none, "Google Cloud has no type `\(name)` here")
    }
    return type
  }
}
