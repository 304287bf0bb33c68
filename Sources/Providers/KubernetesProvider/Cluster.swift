import KubernetesClient
import ProviderKit
import Resources
import Schemas
import Synchronization
import Values

/// One target, opened: a client, and what the cluster serves.
struct Cluster: Sendable {
  let client: KubernetesClient
  let kinds: KindDirectory

  /// The form of a type's objects; nil where the cluster does not serve the type (yet).
  func form(ifServed type: TypeName) async throws(ProviderError) -> ObjectForm? {
    try await kinds.form(type, client)
  }

  func form(_ type: TypeName) async throws(ProviderError) -> ObjectForm {
    if let form = try await kinds.form(type, client) { return form }
    throw ProviderError(
      .unsupported, effect: .none, "the cluster does not serve `\(type.text)`",
      request: RequestFacts(service: "kubernetes", operation: "discovery"))
  }
}

/// Kinds by type: those that are known beforehand, others as discovery tells them. A kind that was not there is looked
/// for again, since a definition may have been made meanwhile.
final class KindDirectory: Sendable {
  private let forms = Mutex<[TypeName: ObjectForm]>([:])
  private let learned: LearnedTypes?

  init(_ learned: LearnedTypes? = nil) { self.learned = learned }

  private static let known = Dictionary(
    KubernetesProvider.document.kinds.map { ($0.typeName, $0.served) }, uniquingKeysWith: { first, _ in first })

  func form(_ type: TypeName, _ client: KubernetesClient) async throws(ProviderError) -> ObjectForm? {
    if let known = forms.withLock({ $0[type] }) { return known }
    if let kind = learned?.kinds[type] ?? Self.known[type],
      let facts = learned?.catalog[type] ?? KubernetesProvider.core[type]
    {
      let form = ObjectForm(kind: kind, type: facts)
      forms.withLock { $0[type] = form }
      return form
    }
    let version = Self.apiVersion(type)
    let root = version.contains("/") ? "/apis/\(version)" : "/api/\(version)"
    let answer = try await client.exchange(.get(root))
    if let failure = answer.failure {
      if failure.code == 404 { return nil }
      throw ProviderError(
        .transient, effect: .none, "the kinds of `\(version)` could not be read: \(failure.message)",
        request: RequestFacts(service: "kubernetes", operation: "discovery", status: failure.code))
    }
    let found = (answer.value["resources"]?.elements.map { $0 } ?? []).compactMap { Self.form($0, version) }
    forms.withLock { forms in for form in found where forms[form.type.name] == nil { forms[form.type.name] = form } }
    return forms.withLock { $0[type] }
  }

  /// `kubernetes/apps/v1/Deployment` is of `apps/v1`.
  static func apiVersion(_ type: TypeName) -> String {
    type.text.split(separator: "/").dropFirst().dropLast().joined(separator: "/")
  }

  /// An entry of an APIResourceList; subresources are none.
  private static func form(_ entry: Value, _ version: String) -> ObjectForm? {
    guard let kind = entry["kind"]?.string, let plural = entry["name"]?.string, !plural.contains("/") else {
      return nil
    }
    let served = ServedKind(
      apiVersion: version, name: kind, plural: plural, isNamespaced: entry["namespaced"]?.bool ?? false)
    return ObjectForm(kind: served, type: .untyped(served))
  }
}

/// What each target's cluster serves, shared by its readers and writers.
final class KindDirectories: Sendable {
  private let all = Mutex<[TargetName: KindDirectory]>([:])

  func of(_ target: TargetName, _ learned: LearnedTypes?) -> KindDirectory {
    all.withLock { all in
      if let known = all[target] { return known }
      let made = KindDirectory(learned)
      all[target] = made
      return made
    }
  }
}

extension ResourceType {
  /// A type of which nothing is known but how to name its objects: every field is any value.
  static func untyped(_ kind: ServedKind) -> ResourceType {
    let key = (kind.isNamespaced ? ["metadata.namespace"] : []) + ["metadata.name"]
    var type = ResourceType(
      TypeName("kubernetes/\(kind.apiVersion)/\(kind.name)"), "A \(kind.name).",
      schema: Schema([
        Field("metadata", .any, .required, "Name, namespace, labels and annotations."),
        Field("spec", .any, [], "What is wanted."),
        Field("status", .any, [.computed, .volatile], "What the cluster says of it."),
      ]),
      identity: Identity(
        naturalKey: key, uniqueness: .cluster, consistencyWindow: .zero,
        idPath: key.map { "{\($0)}" }.joined(separator: "/")),
      marker: .annotation, recovery: .naturalKey, scope: kind.isNamespaced ? .namespace : .cluster)
    type.isMerged = true
    type.stage = Stage.of(kind.apiVersion, kind.name)
    return type
  }
}
