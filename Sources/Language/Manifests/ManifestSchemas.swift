import Schemas

/// What the language itself prescribes, as schemas like those of any resource type.
package enum ManifestSchemas {
  /// The only version of our own kinds.
  package static let ownVersion = "plumb.dev/v1"

  static let topLevel = ["apiVersion", "kind", "metadata", "spec"]

  package static let estateMetadata = Schema([
    Field("name", .string, .required, "The estate's name."),
    Field("id", .string, [], "Written once by `plumb init`; names the owner on every object."),
  ])

  package static let estate = Schema([
    Field("include", .list(.string), [], "Patterns of manifest files below the estate's folder."),
    Field("inventory", .object(inventory), [], "Where records are kept; `sqlite: {}` when not written."),
    Field("defaults", .object(defaults), [], "What holds for manifests that say nothing else."),
    Field("variables", .map(.map(.any)), [], "What differs from run to run: by name, the schema of each variable."),
    Field("released", .list(.string), [], "Addresses or prefixes to forget without deleting."),
  ])

  /// One rule of a variable.
  static let variableRule = Schema([
    Field("rule", .string, .required, "A CEL rule over `value`; true allows."),
    Field("message", .string, .required, "What to say where the rule does not hold."),
  ])

  package static let environmentMetadata = Schema([
    Field("name", .string, .required, "The environment's name, which is also the name of its file.")
  ])

  package static let environment = Schema([
    Field("variables", .map(.any), [], "Values of variables that the estate declares, by name."),
    Field("include", .list(.string), [], "Patterns of manifest files that only this environment has."),
    Field("overlays", .list(.object(overlay)), [], "Changes to manifests, in order."),
  ])

  private static let overlay = Schema([
    Field("match", .object(overlayMatch), .required, "Which manifests it changes."),
    Field(
      "merge", .map(.any), .required,
      "What it changes: maps merge, keyed lists merge by key, other lists replace, null removes."),
  ])

  private static let overlayMatch = Schema([
    Field("kind", .string, .required, "The kind as in addresses: `Network`, `aws.Vpc`, `aws.*`, `Target`."),
    Field("name", .string, [], "The name, or a pattern with `*` and `?`; any when not written."),
    Field("namespace", .string, [], "The namespace of Kubernetes objects, or a pattern."),
  ])

  private static let inventory = Schema([
    Field("sqlite", .map(.any), [], "A file below `.plumb/`."),
    Field("s3", .map(.any), [], "A bucket shared by several machines."),
  ])

  private static let defaults = Schema([
    Field("targets", .map(.string), [], "The target of each provider's resources."),
    Field("tags", .map(.string), [], "Tags of every resource that can carry tags."),
  ])

  package static let targetMetadata = Schema([
    Field("name", .string, .required, "The target's name.")
  ])

  /// What stands beside the provider's own key in a target.
  static let targetSettings = Schema([
    Field("credentials", .any, [], "How to sign requests."),
    Field("endpoints", .map(.string), [], "Endpoints by service, or `default` for all."),
    Field("limits", .map(.any), [], "Bounds on concurrency and rates."),
  ])

  /// `metadata` of a resource.
  package static let resourceMetadata = Schema([
    Field("name", .string, .required, "The name within its kind."),
    Field("target", .string, [], "Where it goes; else the estate's default for its provider."),
    Field("protect", .bool, [], "Never deleted or replaced, even after the manifest is gone."),
    Field(
      "managementPolicy", .string, [], allowed: ["Full", "NoDelete", "Observe"], "What may be done with it."),
    Field("createBeforeDestroy", .bool, [], "The order of a replacement."),
    Field("dependsOn", .list(.string), [], "Addresses that must exist first, beyond what expressions read."),
    Field("ignore", .list(.string), [], "Fields whose changes are not ours to mend."),
    Field("movedFrom", .string, [], "The address it had before."),
    Field("adopt", .object(adoption), [], "An existing object to take over."),
  ])

  private static let adoption = Schema([
    Field("id", .string, [], "The provider's id of the object."),
    Field("naturalKey", .bool, [], "Find the object by the fields that are unique."),
  ])
}
