import Testing
import Values

@testable import KubernetesProvider

@Suite("readiness from status")
struct ReadinessTests {
  struct Case: Sendable, CustomStringConvertible {
    var group: String
    var kind: String
    var object: Value
    /// nil for current; a part of the text otherwise.
    var waits: String?
    var fails: String?
    var description: String { "\(group)/\(kind), \(waits ?? fails ?? "current")" }

    init(_ group: String, _ kind: String, _ object: Value, waits: String? = nil, fails: String? = nil) {
      self.group = group
      self.kind = kind
      self.object = object
      self.waits = waits
      self.fails = fails
    }
  }

  private static func conditions(_ type: String, _ status: String, _ reason: String = "", _ message: String = "")
    -> Value
  {
    [["type": .string(type), "status": .string(status), "reason": .string(reason), "message": .string(message)]]
  }

  static let cases: [Case] = [
    Case("", "ConfigMap", [:]),
    Case("acme.dev", "Thing", ["status": ["conditions": conditions("Ready", "True")]]),
    Case(
      "acme.dev", "Thing", ["status": ["conditions": conditions("Ready", "False", "Busy", "it works")]],
      waits: "`Ready` is False: Busy (it works)"),
    Case("acme.dev", "Thing", ["status": ["conditions": conditions("Stalled", "True", "Lost")]], fails: "Lost"),
    Case(
      "acme.dev", "Thing", ["metadata": ["generation": 3], "status": ["observedGeneration": 2]],
      waits: "generation 2 of 3"),
    Case("", "Namespace", ["status": ["phase": "Active"]]),
    Case("", "Namespace", ["metadata": ["deletionTimestamp": "2026-01-01T00:00:00Z"]], fails: "being deleted"),
    Case("apps", "Deployment", ["spec": ["replicas": 2]], waits: "not looked"),
    Case(
      "apps", "Deployment",
      ["spec": ["replicas": 2], "status": ["observedGeneration": 1, "updatedReplicas": 1, "replicas": 2]],
      waits: "1 of 2 replicas are of the new template"),
    Case(
      "apps", "Deployment",
      [
        "spec": ["replicas": 2],
        "status": [
          "observedGeneration": 1, "updatedReplicas": 2, "replicas": 2, "availableReplicas": 1, "readyReplicas": 2,
        ],
      ], waits: "1 of 2 replicas are available"),
    Case(
      "apps", "Deployment",
      ["status": ["conditions": conditions("Progressing", "False", "ProgressDeadlineExceeded", "it timed out")]],
      fails: "it timed out"),
    Case(
      "apps", "Deployment",
      [
        "status": [
          "observedGeneration": 1, "updatedReplicas": 1, "replicas": 1, "availableReplicas": 1, "readyReplicas": 1,
        ]
      ]),
    Case("apps", "StatefulSet", ["status": ["observedGeneration": 1, "readyReplicas": 0]], waits: "0 of 1"),
    Case("apps", "DaemonSet", ["status": ["observedGeneration": 1, "desiredNumberScheduled": 0]]),
    Case(
      "batch", "Job", ["status": ["conditions": conditions("Failed", "True", "BackoffLimitExceeded")]], fails: "Backoff"
    ),
    Case("batch", "Job", [:]),
    Case("", "PersistentVolumeClaim", ["status": ["phase": "Pending"]]),
    Case("", "PersistentVolumeClaim", ["status": ["phase": "Lost"]], fails: "Lost"),
    Case("apiextensions.k8s.io", "CustomResourceDefinition", [:], waits: "Established"),
    Case(
      "apiextensions.k8s.io", "CustomResourceDefinition",
      ["status": ["conditions": conditions("Established", "True")]]),
    Case(
      "apiextensions.k8s.io", "CustomResourceDefinition",
      ["status": ["conditions": conditions("NamesAccepted", "False", "Taken")]], fails: "Taken"),
  ]

  @Test("of each kind", arguments: cases)
  func readiness(_ one: Case) {
    switch Readiness.of(one.group, one.kind, one.object) {
    case .current: #expect(one.waits == nil && one.fails == nil)
    case .inProgress(let text): #expect(text.contains(one.waits ?? "nothing is waited for"), "\(text)")
    case .failed(let text): #expect(text.contains(one.fails ?? "nothing fails"), "\(text)")
    }
  }
}
