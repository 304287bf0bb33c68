import KubernetesClient
import ProviderKit
import Resources
import Values

/// What would go with a namespace: everything in it that nobody of us made keeps it from being deleted, unless its
/// manifest says that it may go.
struct NamespaceContents: Sendable {
  let cluster: Cluster

  /// Names that are told.
  static let named = 10
  static let width = 8

  /// Refuses the delete of a namespace that holds what is not ours.
  func check(_ namespace: String, ours: ScopeID?) async throws(ProviderError) {
    guard let what = try await held(by: namespace, ours: ours) else { return }
    throw ProviderError(
      .conflict, effect: .none, "\(what); \(Self.advice)",
      request: RequestFacts(service: "kubernetes", operation: "delete namespaces"))
  }

  /// The same before anything is deleted, for a namespace as it stands.
  func finding(_ namespace: String) async throws(ProviderError) -> PreflightFinding? {
    let form = try await cluster.form(Self.type)
    let answer = try await cluster.client.exchange(.get(form.kind.path(namespace: nil, name: namespace)))
    guard answer.isSuccess else { return nil }
    let standing = form.observed(answer.value)
    guard standing.isReady, ObjectSettings(standing.fields).deletion != .contents,
      let what = try await held(by: namespace, ours: standing.marker?.scope)
    else { return nil }
    return PreflightFinding("\(what), and will not be deleted", hint: Self.advice, types: [Self.type])
  }

  static let type = TypeName("kubernetes/v1/Namespace")
  private static let advice =
    "delete them, or let them go with it by its annotation `\(ObjectSettings.deletionKey): contents`"

  /// What it holds that nobody of us made, in words; nil where that is nothing.
  private func held(by namespace: String, ours: ScopeID?) async throws(ProviderError) -> String? {
    let found = try await Bounded.map(try await kinds(), width: Self.width) { kind throws(ProviderError) in
      try await strangers(kind, namespace, ours)
    }.flatMap { $0 }.sorted()
    guard !found.isEmpty else { return nil }
    let names = found.prefix(Self.named).map { "`\($0)`" }.joined(separator: ", ")
    return "the namespace `\(namespace)` holds \(found.count) \(found.count == 1 ? "object" : "objects") "
      + "that nobody of us made: \(names)" + (found.count > Self.named ? ", …" : "")
  }

  /// Every kind that lives in namespaces and can be listed, each once, by its group's preferred version.
  private func kinds() async throws(ProviderError) -> [ServedKind] {
    var versions = ["v1"]
    let groups = try await cluster.client.send(.get("/apis"))
    versions += groups.value["groups"]?.elements.compactMap { $0["preferredVersion"]?["groupVersion"]?.string } ?? []
    let lists = try await Bounded.map(versions, width: Self.width) { version throws(ProviderError) -> [ServedKind] in
      let answer = try await cluster.client.exchange(.get(version == "v1" ? "/api/v1" : "/apis/\(version)"))
      // A group whose server is not there has objects that nobody can list.
      guard answer.isSuccess else { return [] }
      return (answer.value["resources"]?.elements.map { $0 } ?? []).compactMap { Self.kind($0, version) }
    }
    return lists.flatMap { $0 }
  }

  private static func kind(_ entry: Value, _ version: String) -> ServedKind? {
    guard let name = entry["kind"]?.string, let plural = entry["name"]?.string, !plural.contains("/"),
      entry["namespaced"]?.bool == true, entry["verbs"]?.elements.contains(where: { $0.string == "list" }) == true
    else { return nil }
    return ServedKind(apiVersion: version, name: name, plural: plural, isNamespaced: true)
  }

  private func strangers(_ kind: ServedKind, _ namespace: String, _ ours: ScopeID?) async throws(ProviderError)
    -> [String]
  {
    if Self.records.contains(kind.name) { return [] }
    var query = [(name: "limit", value: "100")]
    if let ours { query.append(("labelSelector", "\(ScopeLabel.key)!=\(ScopeLabel.value(ours))")) }
    let answer = try await cluster.client.exchange(.get(kind.path(namespace: namespace), query: query))
    if let failure = answer.failure {
      if failure.code == 404 || failure.code == 405 { return [] }
      throw cluster.client.error(failure, .get(kind.path(namespace: namespace)))
    }
    return (answer.value["items"]?.elements.map { $0 } ?? []).filter { !Self.isMadeByCluster($0, kind) }
      .map { "\(kind.name)/\($0["metadata"]?["name"]?.string ?? "")" }
  }

  /// Kinds that only record what happens.
  private static let records: Set = [
    "Event", "Lease", "Endpoints", "EndpointSlice", "ControllerRevision", "PodMetrics",
  ]

  /// What every namespace has, and what controllers made for objects that are looked at themselves.
  private static func isMadeByCluster(_ object: Value, _ kind: ServedKind) -> Bool {
    let metadata = object["metadata"]
    if metadata?["ownerReferences"]?.elements.contains(where: { $0["controller"]?.bool == true }) == true {
      return true
    }
    let name = metadata?["name"]?.string ?? ""
    switch kind.name {
    case "ServiceAccount": return name == "default"
    case "ConfigMap": return name == "kube-root-ca.crt"
    case "Secret": return object["type"]?.string == "kubernetes.io/service-account-token"
    default: return false
    }
  }
}
