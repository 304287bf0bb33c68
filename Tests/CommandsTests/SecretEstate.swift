import Resources
import SandboxProvider
import Schemas
import Testing

/// A catalog with a secret of every shape, and manifests that fill them all.
enum SecretEstate {
  static let catalog = TypeCatalog([vault, client])

  private static let settings = Schema([
    Field("token", .string, .sensitive, "A token."), Field("level", .string, [], "A level."),
  ])
  private static let user = Schema([
    Field("name", .string, .required, "Who."), Field("secret", .string, .sensitive, "A password."),
  ])

  private static let vault = ResourceType(
    TypeName("aws/Vault"), "Holds secrets.",
    schema: Schema([
      Field("name", .string, [.required, .immutable], "Its name."),
      Field("password", .string, .sensitive, "A password."),
      Field("pin", .int, .sensitive, "A number."),
      Field("phrases", .list(.string, .unordered), [.sensitive, .exclusive], "Words."),
      Field("environment", .map(.string), .sensitive, "Variables."),
      Field("settings", .object(settings), [], "Settings."),
      Field("users", .list(.object(user), .keyed(by: "name")), .exclusive, "Users."),
      Field("seed", .string, [.sensitive, .writeOnly], "Only sent."),
      Field("hook", .string, [.sensitive, .late], "Written after the create."),
      Field("allowed", .string, .sensitive, allowed: ["one", "two"], "One of some."),
      Field("range", .string, .sensitive, equality: .cidr, "Addresses."),
      Field("tags", .map(.string), [], "Tags."),
      Field("arn", .string, .computed, "The full name."),
    ]),
    identity: Identity(naturalKey: ["name"], consistencyWindow: .zero, idPrefix: "vault-"), marker: .tags,
    recovery: .markerOnCreate, scope: .region)

  private static let client = ResourceType(
    TypeName("aws/Client"), "Reads secrets.",
    schema: Schema([
      Field("vaultId", .string, [.required, .immutable], references: "aws/Vault", "Its vault."),
      Field("label", .string, [], "Any text."),
      Field("tags", .map(.string), [], "Tags."),
    ]),
    identity: Identity(consistencyWindow: .zero, idPrefix: "client-"), marker: .tags, recovery: .markerOnCreate,
    scope: .region)

  static func rule(_ fault: FaultPlan.Fault, _ operation: Operation) -> FaultPlan.Rule {
    var rule = FaultPlan.Rule(fault)
    rule.operations = [operation]
    rule.limit = 1
    return rule
  }

  static func manifest(_ kind: String, _ name: String, _ spec: String) -> String {
    "apiVersion: aws.plumb.dev/v1\nkind: \(kind)\nmetadata: {name: \(name)}\nspec: \(spec)\n"
  }

  /// Secrets literal, nested, in templates, waiting for an id, and read by another manifest.
  static func manifests(suffix: String) -> String {
    let vault = """
      {name: main, password: c4n4ry-\(suffix), pin: 24681357\(suffix == "one" ? 1 : 2),
        phrases: [c4n4ry-1-\(suffix), c4n4ry-2], environment: {KEY: c4n4ry-3-\(suffix)},
        settings: {token: c4n4ry-4-\(suffix), level: high},
        users: [{name: ana, secret: c4n4ry-5-\(suffix)}, {name: bo, secret: 'c4n4ry-6-${aws.Vault.other.id}'}],
        seed: c4n4ry-7, hook: 'c4n4ry-8-\(suffix)-${aws.Vault.main.id}', allowed: one}
      """
    return manifest("Vault", "main", vault) + "---\n"
      + manifest("Vault", "other", "{name: other, password: c4n4ry-other, tags: {of: \(suffix)}}") + "---\n"
      + manifest("Client", "main", "{vaultId: '${aws.Vault.main.id}', label: 'is ${aws.Vault.main.password}'}")
  }

  /// A manifest that is wrong inside a secret. The tests' own output does not repeat it either.
  struct Wrong: Sendable, ExpressibleByStringLiteral, CustomTestStringConvertible {
    let spec: String
    init(stringLiteral spec: String) { self.spec = spec }
    var testDescription: String { "a spec of \(spec.utf8.count) bytes" }
  }

  static let wrong: [Wrong] = [
    "{name: main, password: [c4n4ry]}", "{name: main, password: 24681357}", "{name: main, pin: c4n4ry}",
    "{name: main, allowed: c4n4ry-c}", "{name: main, range: c4n4ry/77}", "{name: main, settings: {token: [c4n4ry]}}",
    "{name: main, users: [{name: a, secret: {a: c4n4ry}}]}", "{name: main, nosuch: 1, password: c4n4ry}",
    "{name: main, password: 'c4n4ry ${aws.Vault.none.id}'}", "{name: main, password: 'c4n4ry ${'}",
    "{name: main, password: 'x${c4n4ry'}", "{name: main, password: '${c4n4ry c4n4ry}'}",
    "{name: main, environment: {KEY: [c4n4ry]}}", "{name: main, phrases: c4n4ry}",
  ]
}
