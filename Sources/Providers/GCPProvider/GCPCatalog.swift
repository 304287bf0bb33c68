import Resources
import Schemas

/// The types of Google Cloud.
package enum GCPCatalog {
  package static let catalog = TypeCatalog(GCPType.all.map(\.type))
}

extension Field {
  /// The labels of a user: owned key by key. Keys and values are lower-case letters, digits, `_` and `-`, at most 63.
  static let labels = Field(
    "labels", .map(.string), [], "Labels by key; keys that nobody wrote here are left alone.")
  static let selfLink = Field(
    "selfLink", .string, .computed, equality: .link, "The full URL, by which other objects refer to it.")

  static func name(_ summary: String = "The name, unique in the project; lower-case letters, digits and `-`.") -> Field
  {
    Field("name", .string, [.required, .immutable], summary)
  }

  static let region = Field(
    "region", .string, [.required, .immutable], "The region it lies in, such as `europe-west6`.")

  static let network = Field(
    "network", .string, [.required, .immutable], equality: .link, references: "gcp/Network",
    "The network, by its link.")

  /// Grants under a condition of IAM: a title and an expression over `request` and `resource`.
  static let iamCondition = Field(
    "condition",
    .object(
      Schema([
        Field("title", .string, [.required], "What the condition is for; part of the grant's identity."),
        Field("expression", .string, [.required], "Google's CEL over `request` and `resource`."),
        Field("description", .string, [], "For readers."),
      ])), .immutable, "Grants only while this holds; a grant with a condition is apart from one without.")
}

extension [Operation: OperationFacts] {
  /// The usual five permissions of a collection: `compute.networks` has `compute.networks.list` and so on.
  static func permissions(
    _ collection: String, quota: String? = nil, timeout: Duration = .seconds(300), also: String...
  ) -> Self {
    func facts(_ verbs: String..., also: [String] = []) -> OperationFacts {
      OperationFacts(permissions: verbs.map { "\(collection).\($0)" } + also, timeout: timeout)
    }
    var create = facts("create", also: also)
    create.quotaCode = quota
    return [
      .list: facts("list"), .read: facts("get"), .create: create, .update: facts("update", also: also),
      .delete: facts("delete"),
    ]
  }

  /// A grant is read and written as a part of its parent's policy.
  static func policy(_ collection: String) -> Self {
    let read = OperationFacts(permissions: ["\(collection).getIamPolicy"])
    let write = OperationFacts(permissions: ["\(collection).getIamPolicy", "\(collection).setIamPolicy"])
    return [.list: read, .read: read, .create: write, .update: write, .delete: write]
  }
}

extension Identity {
  /// An object with a name of ours at a path.
  static func path(_ path: String, _ key: String..., uniqueness: TypeScope = .project) -> Identity {
    Identity(naturalKey: key, uniqueness: uniqueness, consistencyWindow: .seconds(10), idPath: path)
  }
}
