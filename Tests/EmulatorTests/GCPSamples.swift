import ProviderKit
import Resources
import Values

/// One object or more of each type of Google Cloud.
enum GCPSamples {
  static let all: [BatterySample] = network + rules + identity + pools + storage + data + more

  private static let network: [BatterySample] = [
    BatterySample(
      TypeName("gcp/Network"), "network",
      updated: { _ in ["name": "ml", "autoCreateSubnetworks": false, "mtu": 8896] },
      fields: { _ in ["name": "ml", "autoCreateSubnetworks": false] }),
    BatterySample(
      TypeName("gcp/Subnetwork"), "subnetwork", updated: { subnetwork($0, "10.40.0.0/19", isPrivate: true) },
      fields: { subnetwork($0, "10.40.0.0/20", isPrivate: false) }),
    BatterySample(
      TypeName("gcp/Address"), "address",
      updated: { _ in ["name": "nat", "region": "europe-west6", "labels": ["team": "ml"]] },
      fields: { _ in ["name": "nat", "region": "europe-west6"] }),
    BatterySample(
      TypeName("gcp/Router"), "router",
      updated: { router($0, ["natIpAllocateOption": "MANUAL_ONLY", "natIps": [$0.field("address", "selfLink")]]) },
      fields: { router($0, ["natIpAllocateOption": "AUTO_ONLY"]) }),
  ]

  private static func subnetwork(_ objects: BatteryObjects, _ block: Value, isPrivate: Bool) -> Value {
    [
      "name": "ml", "region": "europe-west6", "network": objects.field("network", "selfLink"),
      "ipCidrRange": block, "privateIpGoogleAccess": .bool(isPrivate),
    ]
  }

  private static func router(_ objects: BatteryObjects, _ addresses: Value) -> Value {
    let nat: [(String, Value)] = [("name", "nat"), ("sourceSubnetworkIpRangesToNat", "ALL_SUBNETWORKS_ALL_IP_RANGES")]
    return [
      "name": "ml", "region": "europe-west6", "network": objects.field("network", "selfLink"),
      "nats": [.map(nat + addresses.entries.map { ($0.key, $0.value) })],
    ]
  }

  private static let rules: [BatterySample] = [
    BatterySample(
      TypeName("gcp/FirewallPolicy"), "firewall", updated: { policy($0, "203.0.113.0/24") },
      fields: { policy($0, "198.51.100.0/24") })
  ]

  private static func policy(_ objects: BatteryObjects, _ block: String) -> Value {
    [
      "name": "ml",
      "rules": [
        [
          "priority": 1002, "action": "allow",
          "match": [
            "srcIpRanges": [.string(block)], "layer4Configs": [["ipProtocol": "tcp", "ports": ["443"]]],
          ],
        ]
      ],
      "associations": [["name": "ml", "attachmentTarget": objects.field("network", "selfLink")]],
    ]
  }

  private static let identity: [BatterySample] = [
    BatterySample(TypeName("gcp/ProjectService"), "service", fields: { _ in ["name": "compute.googleapis.com"] }),
    BatterySample(
      TypeName("gcp/ServiceAccount"), "account", updated: { _ in ["accountId": "ml-nodes", "displayName": "Nodes"] },
      fields: { _ in ["accountId": "ml-nodes"] }),
    BatterySample(
      TypeName("gcp/ServiceAccountIamMember"), "actor",
      fields: {
        ["serviceAccount": $0.id("account"), "role": "roles/iam.serviceAccountUser", "member": "user:ana@acme.test"]
      }),
    BatterySample(
      TypeName("gcp/ProjectIamMember"), "grant",
      fields: { _ in ["role": "roles/viewer", "member": "group:ml@acme.test"] }),
    BatterySample(
      TypeName("gcp/ProjectIamBinding"), "grants",
      updated: { _ in ["role": "roles/editor", "members": ["user:ana@acme.test", "group:ml@acme.test"]] },
      fields: { _ in ["role": "roles/editor", "members": ["user:ana@acme.test"]] }),
    BatterySample(
      TypeName("gcp/CustomRole"), "role",
      updated: { _ in
        ["roleId": "mlWriter", "includedPermissions": ["compute.instances.get", "compute.instances.list"]]
      },
      fields: { _ in ["roleId": "mlWriter", "includedPermissions": ["compute.instances.get"]] }),
  ]

  private static let pools: [BatterySample] = [
    BatterySample(
      TypeName("gcp/WorkloadIdentityPool"), "pool",
      updated: { _ in ["workloadIdentityPoolId": "acme-ci", "disabled": true] },
      fields: { _ in ["workloadIdentityPoolId": "acme-ci"] }),
    BatterySample(
      TypeName("gcp/WorkloadIdentityPoolProvider"), "provider",
      updated: { provider($0, "assertion.sub") }, fields: { provider($0, "assertion.sub + 'x'") }),
  ]

  private static func provider(_ objects: BatteryObjects, _ subject: String) -> Value {
    [
      "workloadIdentityPool": objects.id("pool"), "workloadIdentityPoolProviderId": "ci-issuer",
      "attributeMapping": ["google.subject": .string(subject)], "oidc": ["issuerUri": "https://ci.acme.test"],
    ]
  }

  private static let storage: [BatterySample] = [
    BatterySample(
      TypeName("gcp/Bucket"), "bucket",
      updated: { _ in ["name": "acme-battery", "location": "EU", "versioning": ["enabled": true]] },
      fields: { _ in ["name": "acme-battery", "location": "EU"] }),
    BatterySample(
      TypeName("gcp/BucketIamMember"), "reader",
      fields: { ["bucket": $0.id("bucket"), "role": "roles/storage.objectViewer", "member": "allUsers"] }),
    BatterySample(
      TypeName("gcp/KeyRing"), "ring", fields: { _ in ["keyRingId": "ml", "location": "europe-west6"] }),
    BatterySample(
      TypeName("gcp/CryptoKey"), "key",
      updated: { ["keyRing": $0.id("ring"), "cryptoKeyId": "data", "rotationPeriod": "7776000s"] },
      fields: { ["keyRing": $0.id("ring"), "cryptoKeyId": "data"] }),
    BatterySample(
      TypeName("gcp/Secret"), "secret",
      updated: { _ in
        ["secretId": "db", "replication": ["automatic": [:]], "labels": ["team": "ml"], "payload": "second"]
      },
      fields: { _ in ["secretId": "db", "replication": ["automatic": [:]], "payload": "first"] }),
    BatterySample(
      TypeName("gcp/SecretIamMember"), "secretReader",
      fields: {
        ["secret": $0.id("secret"), "role": "roles/secretmanager.secretAccessor", "member": "user:ana@acme.test"]
      }),
  ]

  private static let data: [BatterySample] = [
    BatterySample(
      TypeName("gcp/FilestoreInstance"), "files", updated: { files($0, "2048") }, fields: { files($0, "1024") }),
    BatterySample(
      TypeName("gcp/RedisInstance"), "redis", updated: { redis($0, 6) }, fields: { redis($0, 5) }),
    BatterySample(
      TypeName("gcp/QuotaPreference"), "quota", updated: { _ in quota("200") }, fields: { _ in quota("100") }),
  ]

  private static func files(_ objects: BatteryObjects, _ size: String) -> Value {
    [
      "instanceId": "ml", "location": "europe-west6-a", "tier": "BASIC_HDD",
      "fileShares": [["name": "ml", "capacityGb": .string(size)]],
      "networks": [["network": objects.field("network", "selfLink"), "modes": ["MODE_IPV4"]]],
    ]
  }

  private static func redis(_ objects: BatteryObjects, _ size: Int) -> Value {
    [
      "instanceId": "ml", "location": "europe-west6", "tier": "STANDARD_HA", "memorySizeGb": .int(size),
      "authorizedNetwork": objects.field("network", "selfLink"),
    ]
  }

  private static func quota(_ value: String) -> Value {
    [
      "quotaPreferenceId": "cpus", "service": "compute.googleapis.com", "quotaId": "CPUS-per-project-region",
      "quotaConfig": ["preferredValue": .string(value)],
    ]
  }
}
