import Blueprints
import Platform
import Resources
import TestSupport
import Testing
import Values

@Suite("JSON Schema of manifests")
struct ManifestJSONSchemaTests {
  private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/")

  /// What `plumb schema` writes outside of an estate, by names below `schemas`.
  private static let files: [String: Value] = {
    let kinds = KindCatalog.make([], providers: EstateFixture.providers).catalog.all
    let files = ManifestJSONSchema.files(of: EstateFixture.everyType, kinds: kinds)
    return Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.value) })
  }()

  @Test(
    "the schema of each kind and of each type is what it says; a missing file is written",
    arguments: files.keys.sorted())
  func file(name: String) throws {
    let path = "\(Self.root)/schemas/\(name)"
    let text = JSONWriter(.pretty).text(try #require(Self.files[name])) + "\n"
    let written = TextFile.read(path)
    if written == nil { TextFile.write(text, to: path) }
    #expect(written == text, "remove schemas/\(name), run again, and look at the difference")
  }

  @Test("every provider's types are among them, and no schema is left of a kind or type that is gone")
  func leftovers() throws {
    let everything = [try GlobPattern("**/*.json")]
    let found = try DirectoryWalk(LocalFiles()).find(everything, under: "\(Self.root)/schemas").paths
    #expect(found.filter { $0 != "plan.schema.json" } == Self.files.keys.sorted())
    for provider in ["aws", "gcp", "kubernetes"] {
      let count = EstateFixture.everyType.names.count { $0.provider == provider }
      let schemas = found.count { $0.hasPrefix("types/\(provider)/") && !$0.hasSuffix("/definitions.json") }
      #expect(count > 20 && schemas == count)
    }
  }

  @Test("a name that defaults to the manifest's need not be written")
  func nameField() throws {
    let bucket = try #require(Self.files["types/aws/Bucket.json"])
    #expect(bucket["properties"]?["spec"]?["required"] == nil)
    #expect(bucket["properties"]?["metadata"]?["required"] == ["name"])
  }

  @Test("an object of Kubernetes is as it is, and what several kinds have stands once")
  func native() throws {
    let deployment = try #require(Self.files["types/kubernetes/apps.v1.Deployment.json"])
    #expect(deployment["properties"]?["apiVersion"] == ["const": "apps/v1"])
    #expect(deployment["required"] == ["apiVersion", "kind", "metadata"])
    let reference = deployment["properties"]?["spec"]?["anyOf"]?[0]
    #expect(reference == ["$ref": "definitions.json#/$defs/apps.v1.DeploymentSpec"])
    let parts = try #require(Self.files["types/kubernetes/definitions.json"]?["$defs"])
    #expect(parts["core.v1.PodSpec"]?["properties"]?["containers"] != nil)
    #expect(parts.keys.count { $0.hasPrefix("core.v1.PodSpec") } == 1)
  }

  /// A manifest, and whether the schemas take it.
  private static let manifests: [(manifest: Value, isRight: Bool)] = [
    (aws("Vpc", ["cidrBlock": "10.0.0.0/16"]), true), (aws("Vpc", ["cidr": "10.0.0.0/16"]), false),
    (gcp("Network", ["autoCreateSubnetworks": "${var.x}"]), true),
    (gcp("Network", ["autoCreateSubnetworks": 5]), false),
    (object("v1", "ConfigMap", ["data": ["a": "b"]]), true), (object("v1", "ConfigMap", ["spec": .map([])]), false),
    (deployment(["name": "a", "image": "b"]), true), (deployment(["image": 5]), false),
    (object("plumb.dev/v1", "Quota", ["spec": ["scope": ["organization": true], "limits": .map([])]]), true),
    (object("plumb.dev/v1", "Quota", ["spec": ["scop": .map([])]]), false),
  ]

  private static func object(_ version: String, _ kind: String, _ rest: Value) -> Value {
    let head: [(String, Value)] = [
      ("apiVersion", .string(version)), ("kind", .string(kind)), ("metadata", ["name": "a"]),
    ]
    return .map(head + rest.entries.map { ($0.key, $0.value) })
  }

  private static func aws(_ kind: String, _ spec: Value) -> Value { object("aws.plumb.dev/v1", kind, ["spec": spec]) }
  private static func gcp(_ kind: String, _ spec: Value) -> Value { object("gcp.plumb.dev/v1", kind, ["spec": spec]) }

  private static func deployment(_ container: Value) -> Value {
    let template: Value = ["spec": ["containers": [container]]]
    return object("apps/v1", "Deployment", ["spec": ["selector": .map([]), "template": template]])
  }

  @Test("a validator reads the files, follows their references, and takes what is right and nothing else")
  func validator() async throws {
    let script = """
      import json, os, sys
      try:
          from jsonschema import Draft202012Validator
          from referencing import Registry, Resource
      except ImportError:
          sys.exit(77)
      root = sys.argv[1]
      def load(uri): return Resource.from_contents(json.load(open(uri.removeprefix("file://"))))
      for folder, _, names in os.walk(root):
          for name in names:
              Draft202012Validator.check_schema(json.load(open(os.path.join(folder, name))))
      schema = {"$ref": "file://" + root + "/manifest.schema.json"}
      validator = Draft202012Validator(schema, registry=Registry(retrieve=load))
      for line in sys.stdin:
          print(validator.is_valid(json.loads(line)))
      """
    let own = "\(Self.root)/.venv/bin/python3"
    let python = LocalFiles().exists(own) ? own : "python3"
    let input = Self.manifests.map { JSONWriter().text($0.manifest) + "\n" }.joined()
    let answer = try await ProcessGate.run(
      [python, "-c", script, "\(Self.root)/schemas"], input: Array(input.utf8))
    if answer.code == 77 { return print("SKIPPED: python3 has no jsonschema, so nobody else reads the schemas") }
    #expect(answer.code == 0, "\(answer.errorText)")
    let verdicts = answer.text.split(separator: "\n").map { $0 == "True" }
    #expect(verdicts == Self.manifests.map(\.isRight))
  }
}
