import HTTP
import Platform
import TestSupport
import Testing
import Values

/// The platform's third on Google Cloud, from nothing to nothing, by the built program.
@Suite("the platform on Google Cloud")
struct GCPPlatformTests {
  static let emulator = GCPEmulator()

  @Test("it is applied, planned again without a change, and destroyed to nothing")
  func life() async throws {
    let estate = try await GCPEstate(platformOn: Self.emulator)
    try await estate.expect("apply --auto-approve", says: "Apply complete!")
    #expect(try await estate.disagreements() == [])
    #expect(try await estate.project.remaining().count >= 8)
    try await estate.expectNothingToDo()
    try await estate.expect("drift", says: "No drift")
    try await estate.expect(GCPEstate.everything, says: "Destroy complete!")
    #expect(try await estate.project.remaining() == [])
    #expect(try await estate.recorded().isEmpty)
    #expect(try await estate.project.wrong() == [])
  }

  @Test("what was changed behind its back is told as drift, and set right")
  func drift() async throws {
    let estate = try await GCPEstate(Self.emulator, files: GCPFiles.network)
    try await estate.expect("apply --auto-approve", says: "Resources: 4 added")
    let place = "regions/us-central1/subnetworks/inner"
    try await estate.project.drift("compute", place, ["privateIpGoogleAccess": false])
    try await estate.expect("drift", code: 3, says: "privateIpGoogleAccess")
    try await estate.expect("apply --auto-approve", says: "Resources: 0 added, 1 changed, 0 destroyed.")
    try await estate.project.lose("compute", "regions/us-central1/addresses/out")
    try await estate.expect("drift", code: 3, says: "gcp.Address/out")
    try await estate.expect("apply --auto-approve", says: "Resources: 1 added, 0 changed, 0 destroyed.")
    try await estate.expectNothingToDo()
    #expect(try await estate.disagreements() == [])
    #expect(try await estate.project.wrong() == [])
  }

  @Test("a subnetwork grows where it is, and is made anew where its block is another")
  func growth() async throws {
    let estate = try await GCPEstate(Self.emulator, files: GCPFiles.network)
    func write(_ block: String) {
      let text = GCPFiles.network["manifests/network.yaml"]?.replacing("10.40.0.0/20", with: block) ?? ""
      estate.folder.write(text, to: "manifests/network.yaml")
    }
    try await estate.expect("apply --auto-approve", says: "Resources: 4 added")
    write("10.40.0.0/18")
    try await estate.project.fault(#"compute\.subnetworks\.expandIpCidrRange"#, ["drop": "after", "times": 2])
    try await estate.expect("apply --auto-approve", says: "Resources: 0 added, 1 changed, 0 destroyed.")
    let grown = try await estate.project.standing()[
      "compute/projects/\(estate.project.id)/regions/us-central1/subnetworks/inner"]
    #expect(grown?["ipCidrRange"]?.string == "10.40.0.0/18")
    try await estate.expectNothingToDo()
    for block in ["10.40.0.0/20", "10.44.0.0/20"] {
      write(block)
      try await estate.expect("apply --auto-approve", says: "Resources: 1 added, 0 changed, 1 destroyed.")
      try await estate.expectNothingToDo()
    }
    #expect(try await estate.disagreements() == [])
    #expect(try await estate.project.wrong() == [])
  }

  @Test("gcloud lists what was created, and agrees", .enabled(if: GCPSecondOpinion.isInstalled))
  func secondOpinion() async throws {
    let estate = try await GCPEstate(Self.emulator, files: GCPFiles.network)
    try await estate.expect("apply --auto-approve", says: "Resources: 4 added")
    let opinion = try await GCPSecondOpinion(estate.project, estate.folder)
    let networks = try await opinion.gcloud("compute networks list")
    #expect(networks.elements.map { $0["name"]?.string } == ["outer"])
    #expect(networks[0]?["autoCreateSubnetworks"]?.bool == false)
    let subnetworks = try await opinion.gcloud("compute networks subnets list")
    #expect(subnetworks.elements.map { $0["ipCidrRange"]?.string } == ["10.40.0.0/20"])
    #expect(subnetworks[0]?["network"] == networks[0]?["selfLink"])
    #expect(subnetworks[0]?["privateIpGoogleAccess"]?.bool == true)
    let addresses = try await opinion.gcloud("compute addresses list")
    #expect(addresses.elements.map { $0["name"]?.string } == ["out"])
    let accounts = try await opinion.gcloud("iam service-accounts list")
    #expect(accounts[0]?["email"]?.string == "runner@\(estate.project.id).iam.gserviceaccount.com")
    #expect(try await estate.project.wrong() == [])
  }

  @Test("a plan that lacks a permission and a service says so before it is applied")
  func preflight() async throws {
    let estate = try await GCPEstate(Self.emulator, files: GCPFiles.network)
    try await Self.emulator.control(
      .post, "project",
      ["project": .string(estate.project.id), "denied": ["compute.subnetworks.create"], "quotas": ["NETWORKS": 0]])
    let answer = try await estate.plumb("plan")
    #expect(answer.code == 0)
    #expect(answer.errorText.contains("PLB4006"))
    #expect(answer.errorText.contains("`compute.subnetworks.create`"))
    #expect(answer.errorText.contains("the plan makes 1 more of `NETWORKS`, and 0 of 0 are used"))
    #expect(try await estate.project.writes() == [])
  }
}

/// Estates for tests on the stand-in for Google Cloud.
enum GCPFiles {
  static let settings = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: test, id: est-gcptest001}
    spec:
      defaults: {targets: {gcp: main}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {gcp: {project: PROJECT, region: us-central1}}

    """

  /// A network with one subnetwork, an address and a service account.
  static let network = [
    "plumb.yaml": settings,
    "manifests/network.yaml": """
    apiVersion: gcp.plumb.dev/v1
    kind: Network
    metadata: {name: outer}
    spec: {autoCreateSubnetworks: false}
    ---
    apiVersion: gcp.plumb.dev/v1
    kind: Subnetwork
    metadata: {name: inner}
    spec:
      network: "${gcp.Network.outer.selfLink}"
      region: us-central1
      ipCidrRange: 10.40.0.0/20
      privateIpGoogleAccess: true
    ---
    apiVersion: gcp.plumb.dev/v1
    kind: Address
    metadata: {name: out}
    spec: {region: us-central1}
    ---
    apiVersion: gcp.plumb.dev/v1
    kind: ServiceAccount
    metadata: {name: runner}
    spec: {accountId: runner, displayName: Runner}

    """,
  ]
}

/// What `gcloud` sees of a project.
struct GCPSecondOpinion {
  private let environment: Environment

  static let isInstalled: Bool = {
    let found = ["/usr/bin/gcloud", "/usr/local/bin/gcloud", "/snap/bin/gcloud"].contains { LocalFiles().exists($0) }
    if !found { print("SKIPPED: gcloud is not installed, so nobody else looks at what was created on Google Cloud") }
    return found
  }()

  init(_ project: GCPProject, _ folder: TemporaryDirectory) async throws {
    let base = try await project.emulator.base
    folder.write("any", to: "token")
    var variables = Environment.current().variables
    variables.merge([
      "CLOUDSDK_CONFIG": folder.file("gcloud"), "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE": folder.file("token"),
      "CLOUDSDK_CORE_PROJECT": project.id, "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
      "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "1", "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "1",
      "CLOUDSDK_CORE_CHECK_GCE_METADATA": "false", "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE": "\(base)/compute/v1/",
      "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM": "\(base)/iam/",
    ]) { $1 }
    environment = Environment(variables)
  }

  func gcloud(_ line: String) async throws -> Value {
    let words = ["gcloud"] + line.split(separator: " ").map(String.init) + ["--format=json"]
    let answer = try await ProcessGate.run(words, environment: environment)
    try #require(answer.code == 0, "\(answer.errorText)")
    return try JSONReader.parse(answer.output)
  }
}
