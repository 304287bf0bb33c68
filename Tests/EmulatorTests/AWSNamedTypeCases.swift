import Resources
import Values

extension AWSTypeCase {
  /// Types whose objects are found by name.
  static let named: [AWSTypeCase] = [
    AWSTypeCase(kind: "Role") { bench in
      [
        "roleName": .string("role-\(bench.account.id)"), "path": "/plumb/", "description": "a role",
        "maxSessionDuration": 7200, "assumeRolePolicyDocument": trust("ec2.amazonaws.com"),
        "policies": ["read": allow("s3:GetObject"), "list": allow("s3:ListBucket")],
        "managedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"], "tags": tags,
      ]
    } changes: { _, _ in
      [
        [("description", "another")], [("maxSessionDuration", 3600)],
        [("assumeRolePolicyDocument", trust("lambda.amazonaws.com"))],
        [("policies", ["read": allow("s3:Get*"), "write": allow("s3:PutObject")])],
        [("managedPolicyArns", ["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"])],
        [("permissionsBoundary", "arn:aws:iam::aws:policy/ReadOnlyAccess")], [("permissionsBoundary", nil)],
        [("policies", [:]), ("managedPolicyArns", [])], [("tags", ["Name": "two"])],
      ]
    },
    AWSTypeCase(kind: "InstanceProfile") { bench in
      let role = try await bench.make(
        "Role", "node",
        ["roleName": .string("node-\(bench.account.id)"), "assumeRolePolicyDocument": trust("ec2.amazonaws.com")])
      return [
        "instanceProfileName": .string("profile-\(bench.account.id)"), "path": "/plumb/",
        "roles": [.string(role.remote.text)], "tags": tags,
      ]
    } changes: { bench, _ in
      let role = try await bench.make(
        "Role", "other",
        ["roleName": .string("other-\(bench.account.id)"), "assumeRolePolicyDocument": trust("ec2.amazonaws.com")])
      return [[("roles", [.string(role.remote.text)])], [("roles", [])], [("tags", ["Name": "two"])]]
    },
    AWSTypeCase(kind: "Bucket") { bench in
      [
        "bucket": .string("data-\(bench.account.id)"), "versioning": ["status": "Enabled"],
        "encryption": ["sseAlgorithm": "aws:kms", "kmsMasterKeyID": "alias/aws/s3", "bucketKeyEnabled": true],
        "publicAccessBlock": [
          "blockPublicAcls": true, "ignorePublicAcls": true, "blockPublicPolicy": true, "restrictPublicBuckets": true,
        ],
        "cors": [
          [
            "allowedOrigins": ["https://*.example.com"], "allowedMethods": ["GET", "PUT"], "allowedHeaders": ["*"],
            "maxAgeSeconds": 300,
          ]
        ],
        "policy": bucketPolicy("data-\(bench.account.id)", "false"), "tags": tags,
      ]
    } changes: { bench, _ in
      [
        [("versioning", ["status": "Suspended"])], [("encryption", ["sseAlgorithm": "AES256"])],
        [("publicAccessBlock", ["blockPublicAcls": false, "ignorePublicAcls": true])], [("publicAccessBlock", nil)],
        [("policy", bucketPolicy("data-\(bench.account.id)", "true"))], [("policy", nil)], [("cors", [])],
        [("encryption", nil)], [("tags", ["Name": "two & more"])],
      ]
    },
  ]

  static func trust(_ service: String) -> Value {
    [
      "Version": "2012-10-17",
      "Statement": [["Effect": "Allow", "Principal": ["Service": .string(service)], "Action": "sts:AssumeRole"]],
    ]
  }

  static func allow(_ action: String) -> Value {
    ["Version": "2012-10-17", "Statement": [["Effect": "Allow", "Action": [.string(action)], "Resource": "*"]]]
  }

  static func bucketPolicy(_ bucket: String, _ secure: String) -> Value {
    let resources: Value = [.string("arn:aws:s3:::\(bucket)"), .string("arn:aws:s3:::\(bucket)/*")]
    return [
      "Version": "2012-10-17",
      "Statement": [
        [
          "Sid": "tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": resources,
          "Condition": ["Bool": ["aws:SecureTransport": .string(secure)]],
        ]
      ],
    ]
  }
}
