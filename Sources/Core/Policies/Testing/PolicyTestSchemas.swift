import Manifests
import Schemas
import Values

/// What a `PolicyTest` document may hold.
package enum PolicyTestSchemas {
  static let answers = PolicyTestCase.Answer.allCases.map(\.rawValue)

  static let spec = Schema([
    Field("packs", .list(.string), [], "Packs that are tested."),
    Field("policies", .list(.string), [], "Files with `Policy` documents, relative to this one."),
    Field("parameters", .map(.any), [], "Values of parameters in these tests."),
    Field("today", .string, serverDefault: "2026-01-01", "The day of the tests, for waivers."),
    Field("target", .object(target), [], "Where resources lie."),
    Field("tests", .list(.object(test), .keyed(by: "name")), .required, "One after the other."),
  ])

  private static let target = Schema([
    Field("name", .string, serverDefault: "test", "Its name."),
    Field("account", .string, serverDefault: "123456789012", "Account, project or cluster."),
    Field("region", .string, serverDefault: "us-west-2", "Its region."),
  ])

  private static let resource: [Field] = [
    Field("resource", .string, [], "The type of the resource that is looked at."),
    Field("address", .string, [], "Its address, where rules look at it."),
    Field("after", .any, [], "Its wanted fields; `${…}` stands for what is not known yet."),
    Field("references", .list(.string), [], "Addresses that it refers to."),
    Field("protected", .bool, [], "Whether its manifest protects it."),
  ]

  private static let test = Schema(
    [Field("name", .string, .required, "What the test shows.")] + resource + [
      Field("before", .any, [], "The fields as they stand."),
      Field(
        "action", .string, serverDefault: "create", allowed: PolicySchemas.actions, "What is done with it."),
      Field("target", .object(target), [], "Where it lies, where that is not where all lie."),
      Field("manifest", .any, [], "A manifest that is looked at, instead of a resource."),
      Field("with", .list(.object(Schema(resource))), [], "Further resources of the estate."),
      Field(
        "expect", .map(.string), .required,
        "What each rule answers: \(answers.map { "`\($0)`" }.joined(separator: ", "))."),
    ])

  /// For `plumb explain`.
  package static let kind = LanguageKind(
    name: "PolicyTest", summary: "Examples that `plumb policy test` puts before rules, with what they must answer.",
    schema: Schema([
      Field("metadata", .object(PolicySchemas.metadata), .required, "Its name."),
      Field("spec", .object(spec), .required, "What is tested, and the tests."),
    ]))
}
