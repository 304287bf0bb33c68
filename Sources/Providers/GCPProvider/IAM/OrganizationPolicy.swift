import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/resource-manager/docs/reference/orgpolicy/rest/v2/projects.policies
  static let gcpOrganizationPolicy = ResourceType(
    TypeName("gcp/OrganizationPolicy"), "What the project may and may not do, beyond what its parents say.",
    schema: Schema([
      Field("constraint", .string, [.required, .immutable], "The constraint, such as `compute.vmExternalIpAccess`."),
      Field(
        "spec",
        .object(
          Schema([
            Field("inheritFromParent", .bool, serverDefault: false, "Whether rules of parents hold too."),
            Field("reset", .bool, serverDefault: false, "Whether the constraint's default is back in force."),
            Field(
              "rules",
              .list(
                .object(
                  Schema([
                    Field("enforce", .bool, [], "Of a constraint that holds or does not."),
                    Field("allowAll", .bool, [], "Whether everything is allowed."),
                    Field("denyAll", .bool, [], "Whether nothing is."),
                    Field(
                      "values",
                      .object(
                        Schema([
                          Field("allowedValues", .list(.string, .unordered), [], "What is allowed."),
                          Field("deniedValues", .list(.string, .unordered), [], "What is not."),
                        ])), [], "Of a constraint with a list."),
                  ]))), .exclusive, "The rules."),
          ])), .required, "What holds."),
    ]),
    identity: .path("projects/{account}/policies/{constraint}", "constraint"), marker: .none, recovery: .naturalKey,
    scope: .project, operations: .permissions("orgpolicy.policies"))
}

extension GCPType {
  static let organizationPolicy = GCPType(
    .gcpOrganizationPolicy,
    .resources(
      .organizationPolicy, "projects.policies", id: nil,
      [.pages("projects/{account}/policies", "policies", most: 100)], marking: .none
    ) {
      $0.creation.namesItself = true
    })
}
