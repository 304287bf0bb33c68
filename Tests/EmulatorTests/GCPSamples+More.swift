import ProviderKit
import Resources
import Values

extension GCPSamples {
  static let more: [BatterySample] = privateLines + machines + balancing + clusters + watching

  /// The value with one more field, or another value of it.
  private static func with(_ base: Value, _ name: String, _ value: Value) -> Value {
    .map(base.entries.filter { $0.key != name }.map { ($0.key, $0.value) } + [(name, value)])
  }

  private static func sample(
    _ kind: String, _ name: String, _ field: String? = nil, _ value: Value = .null,
    _ fields: @escaping @Sendable (BatteryObjects) -> Value
  ) -> BatterySample {
    var sample = BatterySample(TypeName("gcp/\(kind)"), name, fields: fields)
    if let field { sample.updated = { with(fields($0), field, value) } }
    return sample
  }

  private static let privateLines: [BatterySample] = [
    sample("Firewall", "rule", "priority", 900) {
      [
        "name": "ml", "network": $0.field("network", "selfLink"), "sourceRanges": ["10.0.0.0/8"],
        "allowed": [["ipProtocol": "tcp", "ports": ["443"]]],
      ]
    },
    sample("GlobalAddress", "globalAddress", "labels", ["team": "web"]) { _ in ["name": "ml"] },
    sample("VpnGateway", "gateway", "labels", ["team": "web"]) {
      ["name": "ml", "region": "europe-west6", "network": $0.field("network", "selfLink")]
    },
    sample("ExternalVpnGateway", "peer", "labels", ["team": "web"]) { _ in
      [
        "name": "office", "redundancyType": "SINGLE_IP_INTERNALLY_REDUNDANT",
        "interfaces": [["id": 0, "ipAddress": "198.51.100.7"]],
      ]
    },
    sample("VpnTunnel", "tunnel", "labels", ["team": "web"]) {
      [
        "name": "office", "region": "europe-west6", "vpnGateway": $0.field("gateway", "selfLink"),
        "vpnGatewayInterface": 0, "peerExternalGateway": $0.field("peer", "selfLink"),
        "peerExternalGatewayInterface": 0, "router": $0.field("router", "selfLink"), "sharedSecret": "a-secret",
      ]
    },
  ]

  private static let machines: [BatterySample] = [
    sample("InstanceTemplate", "template") {
      [
        "name": "ml",
        "properties": [
          "machineType": "e2-medium", "disks": [["boot": true, "initializeParams": ["diskSizeGb": "20"]]],
          "networkInterfaces": [["network": $0.field("network", "selfLink")]],
        ],
      ]
    },
    sample(
      "Reservation", "reservation", "specificReservation",
      ["count": "3", "instanceProperties": ["machineType": "n2-standard-4"]]
    ) { _ in
      [
        "name": "ml", "zone": "europe-west6-a",
        "specificReservation": ["count": "2", "instanceProperties": ["machineType": "n2-standard-4"]],
      ]
    },
  ]

  private static let balancing: [BatterySample] = [
    sample("HealthCheck", "check", "checkIntervalSec", 10) { _ in
      ["name": "ml", "type": "HTTP", "httpHealthCheck": ["port": 8000, "requestPath": "/healthz"]]
    },
    sample("BackendService", "backend", "timeoutSec", 60) {
      [
        "name": "ml", "protocol": "HTTP", "loadBalancingScheme": "EXTERNAL_MANAGED",
        "healthChecks": [$0.field("check", "selfLink")],
      ]
    },
    sample("BackendService", "backend-2") { ["name": "ml-2", "healthChecks": [$0.field("check", "selfLink")]] },
    sample("UrlMap", "map", "hostRules", [["hosts": ["a.acme.test"], "pathMatcher": "all"]]) {
      [
        "name": "ml", "defaultService": $0.field("backend", "selfLink"),
        "pathMatchers": [["name": "all", "defaultService": $0.field("backend-2", "selfLink")]],
        "hostRules": [["hosts": ["b.acme.test"], "pathMatcher": "all"]],
      ]
    },
    sample("UrlMap", "map-2") { ["name": "ml-2", "defaultService": $0.field("backend-2", "selfLink")] },
    BatterySample(
      TypeName("gcp/TargetHttpProxy"), "proxy", updated: { ["name": "ml", "urlMap": $0.field("map-2", "selfLink")] },
      fields: { ["name": "ml", "urlMap": $0.field("map", "selfLink")] }),
    sample("SslCertificate", "certificate") { _ in
      ["name": "ml", "type": "MANAGED", "managed": ["domains": ["ml.acme.test"]]]
    },
    BatterySample(
      TypeName("gcp/TargetHttpsProxy"), "secureProxy",
      updated: {
        [
          "name": "ml", "urlMap": $0.field("map-2", "selfLink"),
          "sslCertificates": [$0.field("certificate", "selfLink")],
        ]
      },
      fields: {
        [
          "name": "ml", "urlMap": $0.field("map", "selfLink"),
          "sslCertificates": [$0.field("certificate", "selfLink")],
        ]
      }),
    BatterySample(
      TypeName("gcp/GlobalForwardingRule"), "entry",
      updated: {
        [
          "name": "ml", "target": $0.field("proxy", "selfLink"), "ipAddress": $0.field("globalAddress", "address"),
          "portRange": "443-443", "labels": ["team": "web"],
        ]
      },
      fields: {
        [
          "name": "ml", "target": $0.field("secureProxy", "selfLink"),
          "ipAddress": $0.field("globalAddress", "address"), "portRange": "443-443",
        ]
      }),
  ]

  private static let clusters: [BatterySample] = [
    sample("Cluster", "cluster", "releaseChannel", ["channel": "STABLE"]) {
      [
        "name": "ml", "location": "europe-west6", "network": $0.field("network", "selfLink"), "initialNodeCount": 1,
        "resourceLabels": ["team": "ml"],
      ]
    },
    sample("NodePool", "pool-gpu", "autoscaling", ["enabled": true, "minNodeCount": 0, "maxNodeCount": 5]) {
      [
        "cluster": $0.id("cluster"), "name": "gpu", "initialNodeCount": 1,
        "config": ["machineType": "n1-standard-8", "spot": true],
      ]
    },
    sample("Repository", "images", "labels", ["team": "ml"]) { _ in
      ["repositoryId": "ml", "location": "europe-west6", "format": "DOCKER", "description": "Images"]
    },
  ]

  private static let watching: [BatterySample] = [
    sample("LogSink", "sink", "filter", "severity>=WARNING") { _ in
      ["name": "audit", "destination": "storage.googleapis.com/acme-audit", "filter": "severity>=ERROR"]
    },
    sample("LogMetric", "metric", "filter", "severity>=WARNING") { _ in
      ["name": "denied", "filter": "severity>=ERROR", "description": "Denied calls"]
    },
    sample("NotificationChannel", "channel", "displayName", "On call") { _ in
      ["type": "email", "displayName": "Platform", "labels": ["email_address": "ops@acme.test"]]
    },
    sample("AlertPolicy", "alert", "severity", "ERROR") {
      [
        "displayName": "Errors", "combiner": "OR", "notificationChannels": [$0.id("channel")],
        "conditions": [
          [
            "displayName": "many",
            "conditionThreshold": [
              "filter": "metric.type=\"logging.googleapis.com/user/denied\"", "comparison": "COMPARISON_GT",
              "thresholdValue": 5.0, "duration": "60s",
            ],
          ]
        ],
      ]
    },
    sample("Dashboard", "dashboard", "displayName", "All of it") { _ in
      [
        "displayName": "Platform", "labels": ["team": "ml"],
        "gridLayout": ["columns": "2", "widgets": [["title": "A text", "text": ["content": "Hello"]]]],
      ]
    },
    sample("Budget", "budget", "thresholdRules", [["thresholdPercent": 0.5], ["thresholdPercent": 1.0]]) { _ in
      [
        "displayName": "ml", "amount": ["specifiedAmount": ["currencyCode": "EUR", "units": "1000"]],
        "thresholdRules": [["thresholdPercent": 0.5]],
      ]
    },
    sample("OrganizationPolicy", "limits", "spec", ["rules": [["enforce": false]]]) { _ in
      ["constraint": "compute.requireOsLogin", "spec": ["rules": [["enforce": true]]]]
    },
  ]
}
