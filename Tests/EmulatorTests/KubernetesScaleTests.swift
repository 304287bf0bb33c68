import Glibc
import HTTP
import Platform
import TestSupport
import Testing
import Values

/// Many objects, and runs that end in the middle.
@Suite("Kubernetes at size")
struct KubernetesScaleTests {
  /// Namespaces with quotas, RBAC, settings and network policies.
  static func estate(namespaces: Int, settings: Int) -> String {
    (0..<namespaces).map { number -> String in
      let space = "NS-\(number)"
      let maps = (0..<settings).map { index in
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings-\(index), namespace: \(space), labels: {tier: "\(index % 3)"}}
        data: {mode: fast, index: "\(index)"}
        """
      }
      return
        ([
          """
          apiVersion: v1
          kind: Namespace
          metadata: {name: \(space)}
          """,
          """
          apiVersion: v1
          kind: ResourceQuota
          metadata: {name: limits, namespace: \(space)}
          spec: {hard: {requests.cpu: 10000m, requests.memory: 64Gi, pods: 100}}
          """,
          """
          apiVersion: rbac.authorization.k8s.io/v1
          kind: Role
          metadata: {name: team, namespace: \(space)}
          rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]
          """,
          """
          apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: {name: team, namespace: \(space)}
          roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: team}
          subjects: [{kind: Group, name: team-\(number), apiGroup: rbac.authorization.k8s.io}]
          """,
          """
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: inside, namespace: \(space)}
          spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}
          """,
        ] + maps).joined(separator: "\n---\n")
    }.joined(separator: "\n---\n")
  }

  @Test("1,000 objects in 20 namespaces: a plan with nothing to do is one chain of lists for each kind")
  func thousand() async throws {
    let estate = try await KubeEstate(["all.yaml": Self.estate(namespaces: 20, settings: 45)])
    try await estate.expect("apply --auto-approve", says: "Resources: 1000 added")
    let mark = try estate.requests().count
    try await estate.expectNothingToDo()
    let asked = try estate.requests().dropFirst(mark).filter { !$0.contains("namespaces/kube-system") }
    #expect(asked.allSatisfy { $0.hasPrefix("list ") && $0.contains("labelSelector=") }, "\(asked)")
    // Six kinds, and 900 objects of one of them in pages of 500.
    #expect(asked.count == 7, "\(asked)")
    #expect(asked.count { $0.contains("continue=") } == 1)
  }

  // MARK: Runs that end in the middle

  private static func setting(_ name: String, _ usual: Int) -> Int {
    Environment.current()[name].flatMap { Int($0) } ?? usual
  }

  struct Point: Sendable, CustomStringConvertible {
    var isDestroy: Bool
    var write: Int
    var isAfter: Bool
    var description: String {
      "\(isDestroy ? "destroy" : "apply"), \(isAfter ? "after" : "before") write \(write)"
    }
  }

  /// A write for each object, whichever way.
  private static let objects = 16

  static func points(count: Int) -> [Point] {
    (0..<count).map { index in
      Point(isDestroy: index % 4 == 3, write: index * 7 % objects + 1, isAfter: index % 2 == 0)
    }
  }

  @Test("one more run after SIGKILL at any write: everything once, nothing unrecorded, nothing to do")
  func killed() async throws {
    let points = Self.points(count: Self.setting("PLUMB_CRASH_POINTS", 40))
    var problems: [String] = []
    for start in stride(from: 0, to: points.count, by: 4) {
      try await withThrowingTaskGroup(of: [String].self) { group in
        for point in points[start..<min(start + 4, points.count)] { group.addTask { try await Self.crash(at: point) } }
        for try await found in group { problems += found }
      }
    }
    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
  }

  private static func crash(at point: Point) async throws -> [String] {
    let estate = try await KubeEstate(["all.yaml": Self.estate(namespaces: 2, settings: 3)], throughProxy: true)
    let line = point.isDestroy ? "destroy --auto-approve --allow-stateful *" : "apply --auto-approve"
    if point.isDestroy {
      let made = try await estate.plumb("apply --auto-approve")
      guard made.code == 0 else { return ["\(point): the first apply ended with \(made.code)"] }
    }
    let ended = try await estate.plumb(line) { process in
      try await estate.kill(process, write: point.write, after: point.isAfter)
    }
    guard ended.code == 128 + SIGKILL else { return ["\(point): it was not ended: \(ended.code)"] }
    let again = try await estate.plumb(line)
    guard again.code == 0 else { return ["\(point): the next run ended with \(again.code): \(again.errorText)"] }
    return try await leftovers(estate, point)
  }

  /// What stands and what is recorded, compared.
  private static func leftovers(_ estate: KubeEstate, _ point: Point) async throws -> [String] {
    var problems: [String] = []
    let wanted = point.isDestroy ? 0 : objects
    let plan = try await estate.plumb("plan --detailed-exitcode")
    if plan.code != (point.isDestroy ? 2 : 0) { problems.append("\(point): the plan ended with \(plan.code)") }
    let recorded = try await estate.plumb("inventory list --json").text.split(separator: "\n").count {
      $0.contains("\"record\"")
    }
    if recorded != wanted { problems.append("\(point): \(recorded) of \(wanted) are recorded") }
    var standing = 0
    for path in [
      "/api/v1/namespaces", "/api/v1/configmaps", "/api/v1/resourcequotas",
      "/apis/rbac.authorization.k8s.io/v1/roles", "/apis/rbac.authorization.k8s.io/v1/rolebindings",
      "/apis/networking.k8s.io/v1/networkpolicies",
    ] {
      let found = try await estate.object("\(path)?labelSelector=plumb.dev/scope=est-k\(estate.number)")
      standing += found["items"]?.count ?? 0
    }
    if standing != wanted { problems.append("\(point): \(standing) of \(wanted) stand") }
    return problems
  }
}

extension KubeEstate {
  /// Ends a process at its nth writing request, before or after the request's effect.
  func kill(_ process: Int32, write: Int, after: Bool) async throws {
    let url = try #require(HTTPURL("http://127.0.0.1:\(server.proxy)/__kill"))
    let order: Value = [
      "user": .string(user), "pid": .int(Int(process)), "write": .int(write), "after": .bool(after),
    ]
    let answer = try await CurlTransport().send(HTTPRequest(.post, url, body: JSONWriter().bytes(order)))
    try #require(answer.isSuccess)
  }
}
