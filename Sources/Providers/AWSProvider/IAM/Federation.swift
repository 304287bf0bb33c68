import Resources
import Schemas
import Values

/// Identities of other providers as principals of trust policies:
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
extension AWSType {
  static let openIDConnectProvider = AWSType(
    type: ResourceType(
      TypeName("aws/OpenIDConnectProvider"), "An OpenID Connect issuer whose tokens roles can trust.",
      schema: Schema([
        Field("url", .string, [.required, .immutable], "The issuer, `https://…`, unique in the account."),
        Field(
          "clientIDList", .list(.string, .unordered), .exclusive,
          "Audiences that are taken, such as `sts.amazonaws.com`."
        ),
        Field(
          "thumbprintList", .list(.string, .unordered), [.exclusive, .optionalComputed],
          "SHA-1 digests of its certificate authority."),
        .tags,
        Field("arn", .string, .computed, "The Amazon resource name."),
      ]),
      identity: Identity(
        naturalKey: ["url"], uniqueness: .account, consistencyWindow: .seconds(60),
        idPath: "arn:aws:iam::{account}:oidc-provider/{url}"),
      marker: .tags, recovery: .naturalKey, scope: .account, operations: federation("OpenIDConnectProvider")),
    wire: OpenIDConnectProviderWire())

  static let samlProvider = AWSType(
    type: ResourceType(
      TypeName("aws/SAMLProvider"), "A SAML identity provider whose assertions roles can trust.",
      schema: Schema([
        Field("name", .string, [.required, .immutable], "The name, unique in the account."),
        Field("samlMetadataDocument", .string, .required, "The provider's metadata, as XML."),
        .tags,
        Field("arn", .string, .computed, "The Amazon resource name."),
        Field("validUntil", .string, [.computed, .volatile], "When its certificate expires."),
      ]),
      identity: Identity(
        naturalKey: ["name"], uniqueness: .account, consistencyWindow: .seconds(60),
        idPath: "arn:aws:iam::{account}:saml-provider/{name}"),
      marker: .tags, recovery: .naturalKey, scope: .account, operations: federation("SAMLProvider")),
    wire: SAMLProviderWire())

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
  static let managedPolicy = AWSType(
    type: ResourceType(
      TypeName("aws/ManagedPolicy"), "A policy that roles, users and groups can share.",
      schema: Schema([
        Field("policyName", .string, [.required, .immutable], "The name, unique in the account."),
        Field("path", .string, .immutable, serverDefault: "/", "Begins and ends with `/`."),
        Field("description", .string, .immutable, serverDefault: "", "What it is for."),
        Field("policyDocument", .any, .required, equality: .jsonPolicy, "What it permits; at most 6,144 characters."),
        .tags,
        Field("arn", .string, .computed, "The Amazon resource name."),
      ]),
      identity: Identity(
        naturalKey: ["policyName"], uniqueness: .account, consistencyWindow: .seconds(60),
        idPath: "arn:aws:iam::{account}:policy/{policyName}"),
      marker: .tags, recovery: .naturalKey, scope: .account,
      operations: [
        .list: .needs("iam:GetAccountAuthorizationDetails", "iam:ListPolicies", "iam:ListPolicyTags", each: 1),
        .read: .needs("iam:GetPolicy", "iam:GetPolicyVersion", each: 2),
        .create: .needs("iam:CreatePolicy", "iam:TagPolicy", quota: "L-E95E4862"),
        .update: .needs("iam:CreatePolicyVersion", "iam:DeletePolicyVersion", "iam:TagPolicy", "iam:UntagPolicy"),
        .delete: .needs("iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:ListPolicyVersions"),
      ]),
    wire: ManagedPolicyWire())

  private static func federation(_ noun: String) -> [Operation: OperationFacts] {
    [
      .list: .needs("iam:List\(noun)s", "iam:Get\(noun)", each: 1), .read: .needs("iam:Get\(noun)", each: 1),
      .create: .needs("iam:Create\(noun)", "iam:Tag\(noun)"),
      .update: .needs("iam:Update\(noun)", "iam:Tag\(noun)", "iam:Untag\(noun)"),
      .delete: .needs("iam:Delete\(noun)"),
    ]
  }
}
