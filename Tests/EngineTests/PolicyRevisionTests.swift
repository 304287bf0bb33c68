import Diagnostics
import Engine
import Manifests
import Planning
import Platform
import Policies
import Resources
import TestSupport
import Testing

@Suite("policies of a git revision")
struct PolicyRevisionTests {
  /// A repository whose `main` denies, and whose working tree waives itself.
  private func repository() async throws -> TemporaryDirectory {
    let folder = TemporaryDirectory()
    folder.write(
      """
      apiVersion: plumb.dev/v1
      kind: Estate
      metadata: {name: test, id: est-git000}
      spec: {include: ["manifests/*.yaml"], defaults: {targets: {aws: main}}}
      ---
      apiVersion: plumb.dev/v1
      kind: Target
      metadata: {name: main}
      spec: {aws: {accountId: "123456789012", region: us-west-2}}
      """, to: "estate/plumb.yaml")
    folder.write(
      "apiVersion: aws.plumb.dev/v1\nkind: Vpc\nmetadata: {name: main}\nspec: {cidrBlock: 10.0.0.0/16}\n",
      to: "estate/manifests/network.yaml")
    folder.write(Self.policy, to: "estate/manifests/policies.yaml")
    for arguments in [
      ["init", "--quiet", "--initial-branch=main"], ["add", "."],
      ["-c", "user.name=test", "-c", "user.email=test@acme.test", "commit", "--quiet", "-m", "first"],
    ] {
      let answer = try await ProcessGate.run(
        ["git"] + arguments, environment: Environment(["PATH": "/usr/bin:/bin", "HOME": folder.path]),
        directory: folder.path)
      #expect(answer.code == 0, "\(answer.errorText)")
    }
    folder.write(
      Self.policy + "  waivers: [{rule: never, address: '*', owner: me, reason: please, expires: 2099-01-01}]\n",
      to: "estate/manifests/policies.yaml")
    return folder
  }

  private static let policy = """
    apiVersion: plumb.dev/v1
    kind: Policy
    metadata: {name: house}
    spec:
      rules: [{id: never, match: {resource: aws/Vpc}, rule: 'false', message: no}]

    """

  private func engine(_ folder: TemporaryDirectory, _ revision: String?) -> Engine {
    var engine = EngineWorld(root: folder.file("estate")).engine
    var world = engine.world
    world.environment = Environment(["PATH": "/usr/bin:/bin", "HOME": folder.path])
    engine = Engine(world: world, root: engine.root)
    engine.policyRequest.revision = revision
    return engine
  }

  @Test("a working tree cannot waive itself")
  func revision() async throws {
    let folder = try await repository()
    let own = try await engine(folder, nil).plan(PlanRequest()).plan.policies
    #expect(own?.findings.map(\.outcome) == [.waived] && own?.revision == nil)
    let judged = try await engine(folder, "main").plan(PlanRequest())
    let report = try #require(judged.plan.policies)
    #expect(report.isDenied && report.revision?.name == "main" && report.revision?.commit.utf8.count == 40)
    #expect(report.findings.first?.ruleOrigin?.description == "main:manifests/policies.yaml:5:16")
    #expect(report.findings.first?.origin?.file == "manifests/network.yaml")
    #expect(judged.sources.bytes(of: "main:manifests/policies.yaml") != nil)
  }

  @Test("a revision that is not there is an error, and no shell sees its name")
  func missing() async throws {
    let folder = try await repository()
    for name in ["nowhere", "--all", "$(touch x)", "main;touch x", ""] {
      do throws(EngineFailure) {
        _ = try await engine(folder, name).plan(PlanRequest())
        Issue.record("`\(name)` was read")
      } catch {
        #expect(error.exitCode == .error && error.diagnostics.map(\.code) == [.policyRevision])
      }
    }
    #expect(!LocalFiles().exists(folder.file("estate/x")))
  }
}
