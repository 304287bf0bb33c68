import TestSupport
import Testing

@testable import Commands

@Suite("readiness, through the built program")
struct ReadinessCommandTests {
  private func plumb(_ wanted: String) -> BuiltBinary {
    BuiltBinary([
      "plumb.yaml": """
      apiVersion: plumb.dev/v1
      kind: Estate
      metadata: {name: test, id: est-ready}
      spec: {defaults: {targets: {aws: main}}}
      ---
      apiVersion: plumb.dev/v1
      kind: Target
      metadata: {name: main}
      spec: {aws: {accountId: "123456789012", region: us-west-2}}
      """,
      "manifests/net.yaml": """
      apiVersion: plumb.dev/v1
      kind: Blueprint
      metadata: {name: net}
      spec:
        defines: {apiVersion: acme.dev/v1, kind: Net}
        schema: {properties: {}}
        resources:
          aws:
            - {role: vpc, type: aws/Vpc, template: {cidrBlock: 10.0.0.0/16}}
        readiness:
          - rule: resources.vpc.cidrBlock == "\(wanted)"
            message: "the network has ${resources.vpc.cidrBlock}"
            timeoutSeconds: 1
      ---
      apiVersion: acme.dev/v1
      kind: Net
      metadata: {name: prod}
      """,
    ])
  }

  @Test("a manifest that does not become ready within its limit ends in 8, and apply asks again")
  func unready() async throws {
    let plumb = plumb("10.1.0.0/16")
    let text = try await plumb.transcript(["apply --sandbox --auto-approve", "apply --sandbox --auto-approve"])
    expectSnapshot(text)
    let events = try await plumb.run("apply --sandbox --auto-approve --json")
    #expect(events.code == 8)
    #expect(events.text.contains(#""type":"readiness_errored""#) && events.text.contains(#""not_ready":1"#))
  }

  @Test("one that is ready at once says nothing of it")
  func ready() async throws {
    let run = try await plumb("10.0.0.0/16").run("apply --sandbox --auto-approve")
    #expect(run.code == 0 && !run.text.contains("eady"), "\(run.text)")
  }
}
