import ProviderKit
import Resources
import Schemas
import Testing
import Values

@testable import KubernetesProvider

@Suite("the catalog of Kubernetes")
struct CatalogTests {
  private let catalog = KubernetesProvider.core

  private func type(_ name: String) throws -> ResourceType { try #require(catalog[TypeName("kubernetes/\(name)")]) }

  @Test("obeys what every catalog must obey")
  func lint() {
    #expect(CatalogLint.problems(catalog) == [])
    #expect(catalog.all.count == 34)
  }

  @Test("objects are as they are, without apiVersion and kind; what the cluster sets is its own")
  func shape() throws {
    let quota = try type("v1/ResourceQuota")
    #expect(quota.schema.fields.map(\.name).sorted() == ["metadata", "spec", "status"])
    #expect(quota.schema["status"]?.marks == [.computed, .volatile])
    guard case .object(let metadata)? = quota.schema["metadata"]?.type else { return #expect(Bool(false)) }
    #expect(metadata["name"]?.marks == [.required, .immutable])
    #expect(metadata["uid"]?.marks.contains(.computed) == true)
    guard case .object(let spec)? = quota.schema["spec"]?.type else { return #expect(Bool(false)) }
    #expect(spec["hard"]?.equality == .quantity)
  }

  @Test("lists are told apart as the API does")
  func lists() throws {
    let account = try type("v1/ServiceAccount")
    guard case .list(_, let order)? = account.schema["secrets"]?.type else { return #expect(Bool(false)) }
    #expect(order == .ordered, "the key of references to objects is optional")
    let deployment = try type("apps/v1/Deployment")
    guard case .object(let spec)? = deployment.schema["spec"]?.type,
      case .object(let template)? = spec["template"]?.type,
      case .object(let pod)? = template["spec"]?.type, case .list(_, let containers)? = pod["containers"]?.type
    else { return #expect(Bool(false)) }
    #expect(containers == .keyed(by: "name"))
  }

  @Test("ids are namespace and name")
  func ids() throws {
    let fields: Value = ["metadata": ["name": "gpus", "namespace": "recsys"]]
    #expect(IdentityPath(try type("v1/ResourceQuota").identity.idPath ?? "").text(fields, account: "") == "recsys/gpus")
    #expect(IdentityPath(try type("v1/Namespace").identity.idPath ?? "").text(fields, account: "") == "gpus")
    #expect(try type("v1/ResourceQuota").holdsNaturalKey(fields))
    #expect(try !type("v1/ResourceQuota").holdsNaturalKey(["metadata": ["name": "gpus"]]))
  }
}
