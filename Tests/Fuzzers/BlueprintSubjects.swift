import Blueprints
import Diagnostics
import Manifests
import Platform
import Resources
import Schemas
import Values

/// Blueprints with manifests of their kinds: whatever is written, loading, compiling and expanding end with a report.
enum BlueprintSubjects {
  static let blueprint: Subjects.Subject = { bytes in
    let files = SimulatedFiles([
      "/e/plumb.yaml": estate, "/e/manifests/a.yaml": String(decoding: bytes, as: UTF8.self),
    ])
    let providers = ["aws", "gcp", "kubernetes"]
    let loaded = EstateLoader(files: files, providers: providers).load(root: "/e")
    let (kinds, problems) = KindCatalog.make(loaded.documents, providers: providers, files: [])
    let built = DesiredStateBuilder.build(
      loaded, catalog: types, providers: providers, scope: ScopeID(estate: "fuzz"), kinds: kinds)
    Oracles.diagnostics(loaded.diagnostics + problems + built.diagnostics, [])
    var addresses: Set<String> = []
    for resource in built.desired.resources {
      precondition(addresses.insert(resource.address.text).inserted, "\(resource.address) stands twice")
      for slot in resource.fields.unknownSlots {
        precondition(Int(slot.index) < built.desired.slots.count, "an unknown without a slot")
      }
    }
    _ = ManifestJSONSchema.files(of: types, kinds: kinds.all)
  }

  private static let estate = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: fuzz, id: est-fuzz}
    spec: {defaults: {targets: {aws: main}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {aws: {accountId: "123456789012", region: us-west-2}}
    """

  private static let types = TypeCatalog([
    ResourceType(
      TypeName("aws/Vpc"), "A network.",
      schema: Schema([
        Field("cidrBlock", .string, .required, equality: .cidr, "Its addresses."),
        Field("tags", .map(.string), [], "Its tags."),
      ]), identity: Identity(idPrefix: "vpc-"), marker: .tags, recovery: .markerOnCreate, scope: .region),
    ResourceType(
      TypeName("aws/Subnet"), "A part of a network.",
      schema: Schema([
        Field("vpcId", .string, .required, references: "aws/Vpc", "Its network."),
        Field("cidrBlock", .string, .required, equality: .cidr, "Its addresses."),
        Field("rules", .list(.object(Schema([Field("port", .int, [], "A port.")]))), .late, "Its rules."),
      ]), identity: Identity(idPrefix: "subnet-"), marker: .tags, recovery: .markerOnCreate, scope: .region),
  ])
}
