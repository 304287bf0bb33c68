import GCPClient
import Resources
import Schemas
import Values

/// Identities of other providers as members here:
/// https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools
extension ResourceType {
  static let gcpWorkloadIdentityPool = ResourceType(
    TypeName("gcp/WorkloadIdentityPool"),
    "A pool of identities from elsewhere. Its id stays taken for 30 days after.",
    schema: Schema([
      Field(
        "workloadIdentityPoolId", .string, [.required, .immutable],
        "The id: 4 to 32 lower-case letters, digits and `-`."),
      Field("displayName", .string, [], "For readers, at most 32 characters."),
      Field("description", .string, [], "For readers; where the marker stands, since pools have no labels."),
      Field("disabled", .bool, serverDefault: false, "Whether its identities are refused."),
      Field("name", .string, .computed, "Its path with the project's number, by which members of grants name it."),
      Field("state", .string, [.computed, .volatile], "`ACTIVE` or `DELETED`."),
    ]),
    identity: .path(
      "projects/{account}/locations/global/workloadIdentityPools/{workloadIdentityPoolId}", "workloadIdentityPoolId"),
    marker: .description, recovery: .naturalKey, scope: .project,
    operations: .permissions("iam.workloadIdentityPools"))

  static let gcpWorkloadIdentityPoolProvider = ResourceType(
    TypeName("gcp/WorkloadIdentityPoolProvider"), "Whose identities a pool takes, and how they are named.",
    schema: Schema([
      Field(
        "workloadIdentityPool", .string, [.required, .immutable], references: "gcp/WorkloadIdentityPool",
        "The pool, by its id."),
      Field(
        "workloadIdentityPoolProviderId", .string, [.required, .immutable],
        "The id: 4 to 32 lower-case letters, digits and `-`."),
      Field("displayName", .string, [], "For readers, at most 32 characters."),
      Field("description", .string, [], "For readers; where the marker stands, since providers have no labels."),
      Field("disabled", .bool, serverDefault: false, "Whether its identities are refused."),
      Field(
        "attributeMapping", .map(.string), [],
        "Google's attributes by name, each an expression over the token's claims."),
      Field("attributeCondition", .string, [], "An expression that must hold for an identity to be taken."),
      Field(
        "aws",
        .object(Schema([Field("accountId", .string, .required, "The account whose identities are taken.")])),
        [], "Takes the identities of an account of AWS."),
      Field(
        "oidc",
        .object(
          Schema([
            Field("issuerUri", .string, .required, "The issuer, as its tokens name it."),
            Field(
              "allowedAudiences", .list(.string, .unordered),
              [], "Audiences that are taken; the provider's own URL where none is named."),
          ])), [], "Takes the tokens of an OpenID Connect issuer."),
      Field("state", .string, [.computed, .volatile], "`ACTIVE` or `DELETED`."),
    ]),
    identity: .path(
      "{workloadIdentityPool}/providers/{workloadIdentityPoolProviderId}", "workloadIdentityPool",
      "workloadIdentityPoolProviderId"),
    marker: .description, recovery: .naturalKey, scope: .project,
    operations: .permissions("iam.workloadIdentityPoolProviders"))
}

extension GCPType {
  private static let pools = "projects.locations.workloadIdentityPools"

  static let workloadIdentityPool = GCPType(
    .gcpWorkloadIdentityPool,
    .resources(
      .iam, pools, id: "workloadIdentityPoolId",
      [.pages("projects/{account}/locations/global/workloadIdentityPools", "workloadIdentityPools", most: 1000)],
      operations: .longRunning, marking: .description
    ) {
      $0.creation.revive = RESTWire.undelete
      $0.lifeCycle.field = "state"
      $0.lifeCycle.gone = ["DELETED"]
    })

  static let workloadIdentityPoolProvider = GCPType(
    .gcpWorkloadIdentityPoolProvider,
    .resources(
      .iam, "\(pools).providers", id: "workloadIdentityPoolProviderId",
      [.below({ .workloadIdentityPool }, "providers", "workloadIdentityPoolProviders", most: 100)],
      operations: .longRunning, marking: .description
    ) {
      $0.creation.revive = RESTWire.undelete
      $0.lifeCycle.field = "state"
      $0.lifeCycle.gone = ["DELETED"]
    })
}
