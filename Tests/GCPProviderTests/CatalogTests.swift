import HTTP
import Platform
import ProviderKit
import Resources
import Schemas
import Testing
import Values

@testable import GCPProvider

@Suite("the catalog of Google Cloud")
struct CatalogTests {
  @Test("obeys what every catalog must obey")
  func lint() {
    #expect(CatalogLint.problems(GCPCatalog.catalog) == [])
  }

  @Test("every type says what each operation needs, and every reference leads to a type of ours")
  func declarations() {
    for type in GCPCatalog.catalog.all {
      #expect(Set(type.operations.keys) == Set(Operation.allCases), "\(type.name)")
    }
    #expect(GCPCatalog.catalog.all.count == GCPType.all.count)
  }

  @Test("ids are paths of what is written")
  func paths() throws {
    let fields = Value.map([("name", .string("ml")), ("region", .string("europe-west6"))])
    let path = try #require(ResourceType.gcpSubnetwork.identity.idPath)
    #expect(IdentityPath(path).text(fields, account: "acme") == "projects/acme/regions/europe-west6/subnetworks/ml")
    let member = try #require(ResourceType.gcpProjectIamMember.identity.idPath)
    let grant = Value.map([("role", .string("roles/viewer")), ("member", .string("user:ana@acme.test"))])
    #expect(IdentityPath(member).text(grant, account: "acme") == "projects/acme/iam/roles/viewer/user:ana@acme.test/")
  }

  @Test("a target without a project is a problem at its place")
  func target() {
    let target = Target(
      name: TargetName("gcp"), provider: "gcp", settings: .map([("gcp", .map([("region", .string("r"))]))]), origin: nil
    )
    let machine = ClientMachine(
      transport: SimulatedTransport { _ throws(HTTPError) in HTTPResponse(status: 501) }, environment: Environment(),
      files: SimulatedFiles(), time: SimulatedTime(), random: SeededRandom(seed: 1))
    #expect(GCPProvider(machine).check(target).map(\.path.description) == ["gcp.project"])
  }
}
