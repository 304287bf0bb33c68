import Diagnostics
import Expressions
import Resources
import Testing

@Suite("rules of readiness")
struct ReadinessRuleTests {
  private func estate(_ readiness: String, isOpen: Bool = true) -> EstateFixture {
    EstateFixture(
      """
      apiVersion: plumb.dev/v1
      kind: Blueprint
      metadata: {name: net}
      spec:
        defines: {apiVersion: acme.dev/v1, kind: Net}
        schema: {properties: {isOpen: {type: boolean, default: true}}}
        resources:
          aws:
            - {role: vpc, type: aws/Vpc, template: {cidrBlock: 10.0.0.0/16}}
            - {role: gateway, type: aws/InternetGateway, when: spec.isOpen, template: {}}
        outputs: {vpcId: "${resources.vpc.id}", state: "${resources.vpc.state}"}
        readiness:
          - \(readiness)
      ---
      apiVersion: acme.dev/v1
      kind: Net
      metadata: {name: prod}
      spec: {isOpen: \(isOpen)}
      """)
  }

  @Test("each becomes an expression over the manifest's own resources, with its message and limit")
  func rules() throws {
    let fixture = estate(
      #"{rule: outputs.state == "available", message: "${outputs.vpcId} is ${resources.vpc.state}", timeoutSeconds: 9}"#
    )
    #expect(fixture.diagnostics == [])
    let rule = try #require(fixture.desired.readiness.first)
    #expect(rule.condition.source == #"${(Net["prod/vpc"].state == "available")}"#)
    #expect(rule.message.source == #"${Net["prod/vpc"].id} is ${Net["prod/vpc"].state}"#)
    #expect(rule.manifest.text == "Net/prod" && rule.limit == .seconds(9) && rule.origin?.line == 13)
  }

  @Test("a rule that the manifest answers already is no wait, and one that it can never keep is an error")
  func settled() {
    let rule = #"{rule: '!has(resources.gateway) || resources.gateway.id != ""', message: no gateway}"#
    #expect(estate(rule, isOpen: false).desired.readiness.isEmpty)
    #expect(estate(rule).desired.readiness.map(\.limit) == [.seconds(300)])
    #expect(estate("{rule: spec.isOpen, message: closed}", isOpen: false).summary == ["1510 manifests/a.yaml:17:18"])
  }

  @Test(
    "a limit is a number of seconds up to an hour",
    arguments: [(0, false), (1, true), (3_600, true), (3_601, false)])
  func limits(seconds: Int, isRight: Bool) {
    let fixture = estate(#"{rule: resources.vpc.id != "", message: none, timeoutSeconds: \#(seconds)}"#)
    #expect(fixture.diagnostics.isEmpty == isRight, "\(fixture.diagnostics)")
  }
}
