import Resources
import Values

extension AWSTypeCase {
  /// Types that the kinds stand for beside networks and machines.
  static let platform: [AWSTypeCase] = [
    AWSTypeCase(kind: "LogGroup") { bench in
      ["logGroupName": .string("/plumb/\(bench.account.id)"), "retentionInDays": 90, "tags": tags]
    } changes: { _, _ in
      [[("retentionInDays", 7)], [("retentionInDays", nil)], [("tags", ["Name": "two"])]]
    },
    AWSTypeCase(kind: "FlowLog") { bench in
      let network = try await bench.network()
      let role = try await bench.make(
        "Role", "flow",
        [
          "roleName": .string("flow-\(bench.account.id)"),
          "assumeRolePolicyDocument": trust("vpc-flow-logs.amazonaws.com"),
        ])
      let group = try await bench.make("LogGroup", "flow", ["logGroupName": .string("/flow/\(bench.account.id)")])
      return [
        "resourceId": .string(network.vpc), "logGroupName": .string(group.remote.text),
        "deliverLogsPermissionArn": role.fields["arn"] ?? .null, "maxAggregationInterval": 60, "tags": tags,
      ]
    } changes: { _, _ in
      [[("tags", ["Name": "two"])]]
    },
    AWSTypeCase(kind: "Key") { _ in
      ["description": "a key", "enableKeyRotation": true, "rotationPeriodInDays": 180, "tags": tags]
    } changes: { bench, _ in
      [
        [("description", "another")], [("enableKeyRotation", false), ("rotationPeriodInDays", nil)],
        [("policy", keyPolicy(bench.account.id))], [("tags", ["Name": "two"])],
      ]
    },
    AWSTypeCase(kind: "Alias") { bench in
      let key = try await bench.make("Key", "one", ["description": "one"])
      return ["aliasName": .string("alias/plumb-\(bench.account.id)"), "targetKeyId": .string(key.remote.text)]
    } changes: { bench, _ in
      let key = try await bench.make("Key", "two", ["description": "two"])
      return [[("targetKeyId", .string(key.remote.text))]]
    },
    AWSTypeCase(kind: "ManagedPolicy") { bench in
      [
        "policyName": .string("policy-\(bench.account.id)"), "path": "/plumb/", "description": "a policy",
        "policyDocument": allow("s3:GetObject"), "tags": tags,
      ]
    } changes: { _, _ in
      // More than the five versions that IAM keeps.
      (1...6).map { [("policyDocument", allow("s3:Get\($0)*"))] } + [[("tags", ["Name": "two"])]]
    },
    AWSTypeCase(kind: "OpenIDConnectProvider") { bench in
      [
        "url": .string("https://ci-\(bench.account.id).example.com"), "clientIDList": ["sts.amazonaws.com"],
        "thumbprintList": ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"], "tags": tags,
      ]
    } changes: { _, _ in
      [[("thumbprintList", ["1e99a48a9960b14926bb7f3b02e22da2b0ab7281"])], [("tags", ["Name": "two"])]]
    },
  ]

  private static func keyPolicy(_ account: String) -> Value {
    [
      "Version": "2012-10-17",
      "Statement": [
        [
          "Sid": "own", "Effect": "Allow", "Principal": ["AWS": .string("arn:aws:iam::\(account):root")],
          "Action": "kms:*", "Resource": "*",
        ]
      ],
    ]
  }
}
