import Diagnostics
import Manifests
import Policies
import Resources
import Schemas
import Values
import YAML

/// Policies: whatever is written, loading, compiling and judging end with a report that is the same each time.
enum PolicySubjects {
  static let policy: Subjects.Subject = { bytes in
    let (documents, problems) = YAMLReader.parse(bytes, file: "policies.yaml")
    var sources = SourceTexts()
    sources.add(bytes, file: "policies.yaml")
    let (set, more) = PolicySet.load(documents, catalog: types, sources: sources)
    Oracles.diagnostics(problems + more, bytes)
    Oracles.diagnostics(set.expired(today: today), bytes)
    for stage in [PolicyInput.Stage.validating, .planning] {
      let first = PolicyEvaluator.evaluate(set, input(stage), catalog: types)
      let second = PolicyEvaluator.evaluate(set, input(stage), catalog: types)
      precondition("\(first)" == "\(second)", "the same policies judge in two ways")
    }
  }

  private static let today = "2026-05-01"

  private static func input(_ stage: PolicyInput.Stage) -> PolicyInput {
    let body: Value = [
      "apiVersion": "aws.plumb.dev/v1", "kind": "Vpc", "metadata": ["name": "main"],
      "spec": ["cidrBlock": "10.0.0.0/16", "tags": ["team": "ml"]],
    ]
    let manifest = ManifestDocument(group: .direct(provider: "aws"), kind: "Vpc", name: "main", body: body)
    return PolicyInput(stage, manifests: [manifest], today: today)
  }

  private static let types = TypeCatalog([
    ResourceType(
      TypeName("aws/Vpc"), "A network.",
      schema: Schema([
        Field("cidrBlock", .string, .required, equality: .cidr, "Its addresses."),
        Field("tags", .map(.string), [], "Its tags."),
      ]), identity: Identity(idPrefix: "vpc-"), marker: .tags, recovery: .markerOnCreate, scope: .region)
  ])
}
