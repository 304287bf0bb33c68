import HTTP
import KubernetesClient
import ProviderKit
import Testing
import Values

/// What the roles of our kinds may do on a cluster: the API server is asked for every role, resource and verb, and its
/// answers are compared with what the roles mean.
@Suite("roles on a cluster")
struct KubernetesRolesTests {
  private static let estate = """
    apiVersion: plumb.dev/v1
    kind: Cloud
    metadata: {name: NS-east, target: lab}
    spec: {environment: production, computeStack: K8S, kubernetes: {namespace: NS-cloud}}
    ---
    apiVersion: plumb.dev/v1
    kind: Project
    metadata: {name: NS-ranking}
    spec: {cloudRef: {name: NS-east}, namespace: NS-project}
    """
  private static let scopes = [
    ("organization", "organization: true", ["owner", "collaborator"]),
    (
      "cloud", "cloudRef: {name: NS-east}",
      ["owner", "writer", "collaborator", "project_viewer", "compute_config_viewer", "workload_operator"]
    ), ("project", "projectRef: {name: NS-ranking}", ["owner", "write", "readonly"]),
  ]

  private static func binding(_ place: String, _ scope: String, _ role: String) -> String {
    let name = "NS-\(place)-\(role.replacing("_", with: "-"))"
    return """
      ---
      apiVersion: plumb.dev/v1
      kind: RoleBinding
      metadata: {name: \(name)\(place == "organization" ? ", target: lab" : "")}
      spec: {scope: {\(scope)}, role: \(role), subjects: [{group: \(name)}]}
      """
  }

  /// A question to the server, and the answer that the role's meaning gives.
  private struct Question: Sendable {
    var group: String
    var namespace: String
    var resource: (group: String, name: String)
    var verb: String
    var isAllowed: Bool
  }

  private static let resources = [
    ("", "pods"), ("", "configmaps"), ("", "secrets"), ("apps", "deployments"), ("", "resourcequotas"),
    ("rbac.authorization.k8s.io", "roles"), ("", "nodes"), ("", "persistentvolumes"),
  ]
  private static let reads = ["get", "list", "watch"]
  private static let verbs = reads + ["create", "update", "patch", "delete"]

  /// What a level may do with objects of its namespaces: readers see all but secrets and roles; writers change what
  /// workloads are made of and see secrets; admins also say who else may do what. Nobody below the organization's
  /// owners changes quotas or touches what is the cluster's own.
  private static func allows(_ level: String, _ resource: String, _ verb: String) -> Bool {
    let isRead = reads.contains(verb)
    switch resource {
    case "nodes", "persistentvolumes": return false
    case "resourcequotas": return isRead
    case "secrets": return level != "read"
    case "roles": return level == "admin"
    default: return isRead || level != "read"
    }
  }

  private static func level(_ role: String) -> String {
    switch role {
    case "owner": "admin"
    case "writer", "write", "workload_operator": "write"
    default: "read"
    }
  }

  private static func questions(_ prefix: String) -> [Question] {
    var questions: [Question] = []
    for (place, _, roles) in scopes {
      for role in roles {
        for namespace in ["cloud", "project", "elsewhere"] {
          for resource in resources {
            for verb in verbs {
              let isEverything = place == "organization" && role == "owner"
              let isInside = place == "organization" || place == namespace
              questions.append(
                Question(
                  group: "\(prefix)-\(place)-\(role.replacing("_", with: "-"))", namespace: "\(prefix)-\(namespace)",
                  resource: resource, verb: verb,
                  isAllowed: isEverything || isInside && allows(level(role), resource.1, verb)))
            }
          }
        }
      }
    }
    return questions
  }

  @Test("mean what they say, for every role, resource and verb")
  func matrix() async throws {
    let text = Self.scopes.flatMap { place, scope, roles in roles.map { Self.binding(place, scope, $0) } }
    let estate = try await KubeEstate(["roles.yaml": ([Self.estate] + text).joined(separator: "\n")])
    try await estate.aggregateRoles()
    try await estate.expect("apply --auto-approve", says: "0 changed, 0 destroyed")
    try await estate.expectNothingToDo()
    let client = try estate.client()
    let questions = Self.questions(estate.prefix)
    #expect(questions.count == 11 * 3 * 8 * 7)
    let answers = try await concurrently(questions, width: 32) { question throws(ProviderError) in
      try await Self.ask(question, client)
    }
    let wrong = zip(questions, answers).filter { $0.isAllowed != $1 }.map { question, answer in
      "\(question.group) \(question.verb) \(question.resource.name) in \(question.namespace): \(answer)"
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(20))")
  }

  private static func ask(_ question: Question, _ client: KubernetesClient) async throws(ProviderError) -> Bool {
    let review: Value = [
      "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
      "spec": [
        "user": "somebody", "groups": [.string(question.group)],
        "resourceAttributes": [
          "namespace": .string(question.namespace), "verb": .string(question.verb),
          "group": .string(question.resource.group), "resource": .string(question.resource.name),
        ],
      ],
    ]
    let answer = try await client.send(
      KubernetesRequest(
        .post, "/apis/authorization.k8s.io/v1/subjectaccessreviews", body: review, effect: .repeatable))
    return answer.value["status"]?["allowed"]?.bool ?? false
  }
}

extension KubeEstate {
  /// Fills the roles that are made of others, as the controller manager does.
  /// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
  func aggregateRoles() async throws {
    let path = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
    for role in ["view", "edit", "admin"] {
      let parts = try await object("\(path)?labelSelector=rbac.authorization.k8s.io/aggregate-to-\(role)=true")
      let rules = (parts["items"]?.elements.map { $0 } ?? []).flatMap { $0["rules"]?.elements.map { $0 } ?? [] }
      try #require(!rules.isEmpty)
      let answer = try await send(.patch, "\(path)/\(role)", ["rules": .list(rules)], as: .mergePatch)
      try #require(answer.isSuccess, "\(answer.failure?.message ?? "")")
    }
  }
}
