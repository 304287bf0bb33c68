import GCPClient
import Resources
import Schemas

/// One member of one role on one object. Members that nobody wrote here are left alone, and a change is made under the
/// policy's etag: https://cloud.google.com/iam/docs/reference/rest/v1/Policy
extension ResourceType {
  static let gcpProjectIamMember = ResourceType(
    TypeName("gcp/ProjectIamMember"), "A grant on the project: one role to one member.",
    schema: Schema([.role, .member, .iamCondition]),
    identity: .path("projects/{account}/iam/{role}/{member}/{condition.title}", "role", "member", "condition"),
    marker: .none, recovery: .naturalKey, scope: .project, operations: .policy("resourcemanager.projects"))

  /// All members of one role: whoever else has it loses it.
  static let gcpProjectIamBinding = ResourceType(
    TypeName("gcp/ProjectIamBinding"), "A grant on the project: one role to these members and nobody else.",
    schema: Schema([
      .role,
      Field(
        "members", .list(.string, .unordered), [.required, .exclusive, .guarded], equality: .caseInsensitive,
        "`user:…`, `group:…`, `serviceAccount:…`, `principal://…` or `principalSet://…`."),
      .iamCondition,
    ]),
    identity: .path("projects/{account}/iam/{role}//{condition.title}", "role", "condition"), marker: .none,
    recovery: .naturalKey, scope: .project, operations: .policy("resourcemanager.projects"))

  static let gcpServiceAccountIamMember = ResourceType(
    TypeName("gcp/ServiceAccountIamMember"), "A grant on a service account: who may act as it, or make its tokens.",
    schema: Schema([
      Field(
        "serviceAccount", .string, [.required, .immutable], references: "gcp/ServiceAccount",
        "The account, by its id `projects/…/serviceAccounts/…`."),
      .role, .member, .iamCondition,
    ]),
    identity: .path(
      "{serviceAccount}/iam/{role}/{member}/{condition.title}", "serviceAccount", "role", "member", "condition"),
    marker: .none, recovery: .naturalKey, scope: .project, operations: .policy("iam.serviceAccounts"))

  static let gcpBucketIamMember = ResourceType(
    TypeName("gcp/BucketIamMember"), "A grant on a bucket: one role to one member.",
    schema: Schema([
      Field("bucket", .string, [.required, .immutable], references: "gcp/Bucket", "The bucket's name."),
      .role, .member, .iamCondition,
    ]),
    identity: .path(
      "b/{bucket}/iam/{role}/{member}/{condition.title}", "bucket", "role", "member", "condition",
      uniqueness: .global),
    marker: .none, recovery: .naturalKey, scope: .project, operations: .policy("storage.buckets"))
}

extension Field {
  fileprivate static let role = Field(
    "role", .string, [.required, .immutable], "`roles/storage.objectViewer`, or `projects/…/roles/…` of our own.")
  fileprivate static let member = Field(
    "member", .string, [.required, .immutable], equality: .caseInsensitive,
    "`user:…`, `group:…`, `serviceAccount:…`, `principal://…` or `principalSet://…`.")
}

extension ResourceType {
  static let gcpSecretIamMember = ResourceType(
    TypeName("gcp/SecretIamMember"), "A grant on a secret: one role to one member.",
    schema: Schema([
      Field("secret", .string, [.required, .immutable], references: "gcp/Secret", "The secret, by its id."),
      .role, .member, .iamCondition,
    ]),
    identity: .path("{secret}/iam/{role}/{member}/{condition.title}", "secret", "role", "member", "condition"),
    marker: .none, recovery: .naturalKey, scope: .project, operations: .policy("secretmanager.secrets"))
}

extension GCPType {
  static let projectIamMember = GCPType(
    .gcpProjectIamMember, wire: PolicyWire(service: .resourceManager, collection: "projects", access: .body))

  static let projectIamBinding = GCPType(
    .gcpProjectIamBinding,
    wire: PolicyWire(service: .resourceManager, collection: "projects", access: .body, isWhole: true))

  static let serviceAccountIamMember = GCPType(
    .gcpServiceAccountIamMember,
    wire: PolicyWire(
      service: .iam, collection: "projects.serviceAccounts", access: .query,
      parent: ("serviceAccount", { .serviceAccount })))

  static let bucketIamMember = GCPType(
    .gcpBucketIamMember,
    wire: PolicyWire(
      service: .storage, collection: "buckets", access: .storage, parent: ("bucket", { .bucket }), prefix: "b/"))

  static let secretIamMember = GCPType(
    .gcpSecretIamMember,
    wire: PolicyWire(
      service: .secretManager, collection: "projects.secrets", access: .get, parent: ("secret", { .secret })))
}
