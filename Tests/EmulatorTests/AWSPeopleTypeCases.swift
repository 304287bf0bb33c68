import Resources
import Testing
import Values

extension AWSTypeCase {
  /// Identity Center, its store of people, and providers of identities.
  static let people: [AWSTypeCase] = [
    AWSTypeCase(kind: "SAMLProvider") { bench in
      [
        "name": .string("okta-\(bench.account.id)"), "samlMetadataDocument": samlMetadata("https://idp.example.com"),
        "tags": tags,
      ]
    } changes: { _, _ in
      [[("samlMetadataDocument", samlMetadata("https://other.example.com"))], [("tags", ["Name": "two"])]]
    },
    AWSTypeCase(kind: "PermissionSet") { bench in
      [
        "instanceArn": .string(try await bench.center().arn), "name": "Readers", "description": "May look.",
        "sessionDuration": "PT8H", "inlinePolicy": allow("s3:GetObject"),
        "managedPolicies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"], "tags": tags,
      ]
    } changes: { _, _ in
      [
        [("description", "May look around.")], [("sessionDuration", "PT2H")], [("inlinePolicy", allow("s3:Get*"))],
        [("inlinePolicy", nil)],
        [
          (
            "managedPolicies",
            ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", "arn:aws:iam::aws:policy/AdministratorAccess"]
          )
        ],
        [("managedPolicies", [])], [("tags", ["Name": "two"])],
      ]
    },
    AWSTypeCase(kind: "AccountAssignment") { bench in
      let center = try await bench.center()
      let set = try await bench.make("PermissionSet", "set", ["instanceArn": .string(center.arn), "name": "Readers"])
      let group = try await bench.make("IdentityStoreGroup", "group", group(center.store))
      return [
        "instanceArn": .string(center.arn), "permissionSetArn": .string(set.remote.text),
        "targetId": .string(bench.account.id), "principalType": "GROUP", "principalId": .string(group.remote.text),
      ]
    } changes: { _, _ in
      []
    },
    AWSTypeCase(kind: "IdentityStoreUser") { bench in
      user(try await bench.center().store)
    } changes: { _, _ in
      [
        [("displayName", "Ana M.")], [("name", ["givenName": "Anna", "familyName": "Martin"])],
        [("emails", [["value": "anna@example.com", "type": "work", "primary": true]])], [("emails", [])],
      ]
    },
    AWSTypeCase(kind: "IdentityStoreGroup") { bench in
      group(try await bench.center().store)
    } changes: { _, _ in
      [[("description", "Those who train.")], [("description", nil)]]
    },
    AWSTypeCase(kind: "IdentityStoreGroupMembership") { bench in
      let store = try await bench.center().store
      let user = try await bench.make("IdentityStoreUser", "user", user(store))
      let group = try await bench.make("IdentityStoreGroup", "group", group(store))
      return [
        "identityStoreId": .string(store), "groupId": .string(group.remote.text), "userId": .string(user.remote.text),
      ]
    } changes: { _, _ in
      []
    },
  ]

  private static func user(_ store: String) -> Value {
    [
      "identityStoreId": .string(store), "userName": "ana@example.com", "displayName": "Ana Martin",
      "name": ["givenName": "Ana", "familyName": "Martin"],
      "emails": [["value": "ana@example.com", "type": "work", "primary": true]],
    ]
  }

  private static func group(_ store: String) -> Value {
    ["identityStoreId": .string(store), "displayName": "ml-research", "description": "Those who research."]
  }

  /// As long as the API wants it, 1,000 characters.
  static func samlMetadata(_ entity: String) -> Value {
    let certificate = String(repeating: "MIIC", count: 260)
    return .string(
      "<EntityDescriptor entityID=\"\(entity)\"><IDPSSODescriptor><KeyDescriptor><X509Certificate>\(certificate)"
        + "</X509Certificate></KeyDescriptor></IDPSSODescriptor></EntityDescriptor>")
  }
}

extension AWSBench {
  /// The account's instance of Identity Center, and its store.
  func center() async throws -> (arn: String, store: String) {
    let found = try #require(try await account.call("sso-admin.list_instances", [:])["Instances"]?[0])
    return (found["InstanceArn"]?.string ?? "", found["IdentityStoreId"]?.string ?? "")
  }
}
