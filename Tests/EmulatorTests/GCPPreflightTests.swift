import GCPClient
import GCPProvider
import HTTP
import ProviderKit
import Resources
import Testing
import Values

/// What is asked of Google Cloud before anything is written.
@Suite("preflight of Google Cloud")
struct GCPPreflightTests {
  static let emulator = GCPEmulator()

  private static let network = PreflightQuestion(TypeName("gcp/Network"), .create, [["name": "a"], ["name": "b"]])
  private static let address = PreflightQuestion(
    TypeName("gcp/Address"), .create, [["name": "a", "region": "us-central1"], ["name": "b"]])
  private static let redis = PreflightQuestion(TypeName("gcp/RedisInstance"), .create, [["name": "cache"]])

  private func findings(
    _ project: GCPProject, _ questions: [PreflightQuestion], billingAccount: String? = nil, organization: String? = nil
  ) async throws -> [PreflightFinding] {
    var settings = GCPTargetSettings.read(["gcp": ["region": "us-central1"]]).settings
    settings.billingAccount = billingAccount
    settings.organization = organization
    let preflight = GCPPreflight(project.client, project: project.id, settings: settings)
    let found = try await preflight.findings(questions, GCPCatalog.catalog)
    #expect(try await project.wrong() == [])
    return found
  }

  private func set(_ project: GCPProject, _ settings: [(String, Value)]) async throws {
    try await Self.emulator.control(.post, "project", .map([("project", .string(project.id))] + settings))
  }

  @Test("where all is well nothing is said, and only reads are asked")
  func well() async throws {
    let project = try await Self.emulator.project()
    #expect(try await findings(project, [Self.network, Self.address]) == [])
    #expect(try await project.counts().keys.contains { $0.contains("insert") } == false)
  }

  @Test("permissions that are missing are named, with the types that need them")
  func permissions() async throws {
    let project = try await Self.emulator.project()
    try await set(project, [("denied", ["compute.networks.create"])])
    let found = try await findings(project, [Self.network])
    #expect(
      found.map(\.message) == [
        "the credentials lack a permission on project `\(project.id)`: `compute.networks.create`"
      ])
    #expect(found.first?.types == [TypeName("gcp/Network")])
  }

  @Test("one permission that projects do not know hides none of the others")
  func foreign() async throws {
    let project = try await Self.emulator.project()
    try await set(project, [("denied", ["compute.networks.create"])])
    let type = try #require(GCPCatalog.catalog[TypeName("gcp/Network")])
    var catalog = TypeCatalog([type])
    var budget = type
    budget.name = TypeName("gcp/BillingBudget")
    budget.operations = [.create: OperationFacts(permissions: ["billing.budgets.create"])]
    catalog.add(TypeCatalog([budget]))
    let preflight = GCPPreflight(project.client, project: project.id, settings: GCPTargetSettings.read([:]).settings)
    let found = try await preflight.findings(
      [Self.network, PreflightQuestion(TypeName("gcp/BillingBudget"), .create, [["name": "b"]])], catalog)
    #expect(found.first?.message.hasSuffix("`\(project.id)`: `compute.networks.create`") == true)
  }

  @Test("the billing account and the organization are asked for what they grant, where the target names them")
  func above() async throws {
    let project = try await Self.emulator.project()
    let (account, organization) = ("01ABCD-\(project.id)", "98765432\(project.id.count)")
    for (place, permission) in [(account, "billing.budgets.create"), (organization, "orgpolicy.policies.create")] {
      try await Self.emulator.control(
        .post, "project", ["project": .string(place), "denied": [.string(permission)]])
    }
    let questions = [
      PreflightQuestion(TypeName("gcp/Budget"), .create, [["displayName": "ml"]]),
      PreflightQuestion(TypeName("gcp/OrganizationPolicy"), .create, [["constraint": "compute.requireOsLogin"]]),
    ]
    let found = try await findings(project, questions, billingAccount: account, organization: organization)
    #expect(
      found.map(\.message).filter { $0.contains("lack") } == [
        "the credentials lack a permission on billing account `\(account)`: `billing.budgets.create`",
        "the credentials lack a permission on organization `\(organization)`: `orgpolicy.policies.create`",
      ])
  }

  @Test("what the project does not grant, a single bucket or secret may, and then nothing is missing")
  func objects() async throws {
    let project = try await Self.emulator.project()
    let (bucket, other) = ("\(project.id)-a", "\(project.id)-b")
    for name in [bucket, other] {
      try await project.client.send(
        GCPCall(
          .storage, "buckets.insert", .once, .post, "b", query: [("project", project.id)],
          body: ["name": .string(name)]))
    }
    let update = PreflightQuestion(TypeName("gcp/Bucket"), .update, [["name": .string(bucket)]])
    let grant = PreflightQuestion(
      TypeName("gcp/BucketIamMember"), .create,
      [["bucket": .string(bucket), "role": "roles/storage.objectViewer", "member": "user:ana@acme.test"]])
    try await set(project, [("denied", ["storage.buckets.update", "storage.buckets.setIamPolicy"])])
    func lacking(_ questions: [PreflightQuestion]) async throws -> [String] {
      try await findings(project, questions).map(\.message).filter { $0.contains("lack") }
    }
    let text = "the credentials lack a permission on project `\(project.id)`: `storage.buckets.update`"
    #expect(try await lacking([update]) == [text])
    let all: Value = ["storage.buckets.update", "storage.buckets.setIamPolicy"]
    try await set(project, [("granted", .map([("b/\(bucket)", all)]))])
    #expect(try await lacking([update, grant]) == [])
    // One object that does not grant it is enough to say so.
    let both = PreflightQuestion(
      TypeName("gcp/Bucket"), .update, [["name": .string(bucket)], ["name": .string(other)]])
    #expect(try await lacking([both]) == [text])
  }

  @Test("a service that is not enabled is named, unless the plan itself enables it")
  func services() async throws {
    let project = try await Self.emulator.project()
    let found = try await findings(project, [Self.redis])
    #expect(
      found.map(\.message) == ["service `redis.googleapis.com` is not enabled in project `\(project.id)`"])
    let enabling = PreflightQuestion(TypeName("gcp/ProjectService"), .create, [["name": "redis.googleapis.com"]])
    #expect(try await findings(project, [Self.redis, enabling]) == [])
  }

  @Test("a quota that does not suffice is told with what is used of it")
  func quotas() async throws {
    let project = try await Self.emulator.project()
    try await project.client.send(
      GCPCall(
        .compute, "networks.insert", .once, .post, "projects/\(project.id)/global/networks",
        body: ["name": "n", "autoCreateSubnetworks": false]))
    try await set(project, [("quotas", ["NETWORKS": 2, "STATIC_ADDRESSES": 1])])
    let found = try await findings(project, [Self.network, Self.address])
    #expect(
      found.map(\.message) == [
        "the plan makes 2 more of `NETWORKS`, and 1 of 2 are used",
        "the plan makes 2 more of `STATIC_ADDRESSES` in us-central1, and 0 of 1 are used",
      ])
  }
}
