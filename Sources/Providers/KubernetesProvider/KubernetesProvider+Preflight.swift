import HTTP
import KubernetesClient
import ProviderKit
import Resources
import Values

/// Asks the API server whether the credentials that write are allowed to.
/// https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/
extension KubernetesProvider {
  /// One permission, and the namespaces it is needed in.
  private struct Need: Sendable {
    /// `apps/deployments:patch`.
    var permission: String
    /// Empty for what lives in none.
    var namespaces: Set<String>
    var types: Set<TypeName>
  }

  /// Most often one question settles everything: whether all is allowed everywhere. Else each permission is asked for
  /// the whole cluster, and only where that is denied for the single namespaces.
  package func preflight(_ target: Target, _ questions: [PreflightQuestion]) async throws(ProviderError)
    -> [PreflightFinding]
  {
    let client = try await clusters.open(target, .write)
    let held = try await contents(questions, target)
    if try await Self.isAllowed("*/*:*", in: "", client) { return held }
    let findings = try await concurrently(needs(questions, target)) { need throws(ProviderError) in
      try await Self.finding(need, client)
    }
    return findings.compactMap(\.self) + held
  }

  /// Namespaces that are to be deleted and hold what nobody of us made: told now, and looked at again when their turn
  /// comes.
  private func contents(_ questions: [PreflightQuestion], _ target: Target) async throws(ProviderError)
    -> [PreflightFinding]
  {
    let leaving = questions.filter { $0.type == NamespaceContents.type && $0.operation == .delete }
      .flatMap { $0.objects.compactMap { $0["metadata"]?["name"]?.string } }
    guard !leaving.isEmpty else { return [] }
    let contents = NamespaceContents(cluster: try await open(target, .read))
    return try await Bounded.map(leaving.sorted(), width: 2) { namespace throws(ProviderError) in
      try await contents.finding(namespace)
    }.compactMap(\.self)
  }

  private func needs(_ questions: [PreflightQuestion], _ target: Target) -> [Need] {
    let catalog = learned(target)?.catalog ?? Self.core
    // What may be done in a namespace of this plan shows when it stands.
    let new = questions.filter { $0.operation == .create && $0.type == NamespaceContents.type }
      .flatMap { $0.objects.compactMap { $0["metadata"]?["name"]?.string } }
    var needs: [String: Need] = [:]
    for question in questions {
      guard let type = catalog[question.type] else { continue }
      let places = Set(question.objects.compactMap { $0["metadata"]?["namespace"]?.string })
      let asked = places.subtracting(new)
      if !places.isEmpty, asked.isEmpty { continue }
      for permission in type.operations[question.operation]?.permissions ?? [] {
        needs[permission, default: Need(permission: permission, namespaces: [], types: [])].namespaces.formUnion(asked)
        needs[permission]?.types.insert(question.type)
      }
    }
    return needs.values.sorted { $0.permission < $1.permission }
  }

  private static func finding(_ need: Need, _ client: KubernetesClient) async throws(ProviderError) -> PreflightFinding?
  {
    if try await isAllowed(need.permission, in: "", client) { return nil }
    var denied: [String] = []
    for namespace in need.namespaces.sorted() {
      if try await !isAllowed(need.permission, in: namespace, client) { denied.append(namespace) }
    }
    if !need.namespaces.isEmpty, denied.isEmpty { return nil }
    let (group, resource, verb) = parts(need.permission)
    let what = group.isEmpty ? resource : "\(resource).\(group)"
    let places = denied.prefix(10).map { "`\($0)`" }.joined(separator: ", ") + (denied.count > 10 ? ", …" : "")
    return PreflightFinding(
      "the credentials that write may not `\(verb)` `\(what)`" + (denied.isEmpty ? "" : " in \(places)"),
      hint: "`plumb permissions` prints the role that they need", types: need.types.sorted())
  }

  /// Nothing is kept of such a question, and the server is told so.
  private static func isAllowed(_ permission: String, in namespace: String, _ client: KubernetesClient)
    async throws(ProviderError) -> Bool
  {
    let (group, resource, verb) = parts(permission)
    let review: Value = [
      "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
      "spec": [
        "resourceAttributes": [
          "group": .string(group), "resource": .string(resource), "verb": .string(verb),
          "namespace": .string(namespace),
        ]
      ],
    ]
    let answer = try await client.send(
      KubernetesRequest(
        .post, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", query: [("dryRun", "All")], body: review))
    return answer.value["status"]?["allowed"]?.bool ?? false
  }

  /// `apps/deployments:patch` and `pods:get` by group, resource and verb.
  private static func parts(_ permission: String) -> (group: String, resource: String, verb: String) {
    let halves = permission.split(separator: ":", maxSplits: 1)
    let path = (halves.first ?? "").split(separator: "/", maxSplits: 1)
    return (
      path.count > 1 ? String(path[0]) : "", path.last.map(String.init) ?? "",
      halves.count > 1 ? String(halves[1]) : ""
    )
  }
}
