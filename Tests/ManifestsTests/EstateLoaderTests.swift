import Diagnostics
import Manifests
import Platform
import TestSupport
import Testing
import Values

@Suite("Loading an estate")
struct EstateLoaderTests {
  private static let providers = ["aws", "gcp", "kubernetes", "sandbox"]
  private static let head = "apiVersion: plumb.dev/v1\nkind: Estate\nmetadata: {name: test, id: est-1}\n"
  private static let vpc =
    "apiVersion: aws.plumb.dev/v1\nkind: Vpc\nmetadata: {name: a}\nspec: {cidrBlock: 10.0.0.0/16}\n"

  private func load(_ files: [String: String]) -> LoadedEstate {
    let system = SimulatedFiles(
      Dictionary(files.map { ("/e/\($0.key)", $0.value) }, uniquingKeysWith: { $1 }))
    return EstateLoader(files: system, providers: Self.providers).load(root: "/e")
  }

  @Test("included files are read in order, nothing else is")
  func files() {
    let loaded = load([
      "plumb.yaml": Self.head + "spec: {include: ['**/*.yaml']}\n---\n" + Self.vpc.replacingName("root"),
      "b/2.yaml": Self.vpc.replacingName("two") + "---\n---\n" + Self.vpc.replacingName("three"),
      "a/1.yaml": Self.vpc.replacingName("one"),
      "environments/old/prod.yaml": "x", ".plumb/x.yaml": "x", "a/readme.md": "x",
    ])
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
    #expect(loaded.documents.map(\.name) == ["root", "one", "two", "three"])
    #expect(loaded.documents[2].origin?.description == "b/2.yaml:1:1")
    #expect(loaded.estate.name == "test" && loaded.estate.id == "est-1")
    #expect(loaded.files == ["plumb.yaml", "a/1.yaml", "b/2.yaml"])
  }

  @Test("the digest depends on content alone")
  func digest() {
    let one = load([
      "plumb.yaml": Self.head, "manifests/a.yaml": Self.vpc + "---\n" + Self.vpc.replacingName("b"),
    ])
    let same = load([
      "plumb.yaml": Self.head, "manifests/1.yaml": "# note\n" + Self.vpc.replacingName("b"),
      "manifests/2.yml": Self.vpc,
    ])
    let other = load(["plumb.yaml": Self.head, "manifests/a.yaml": Self.vpc])
    #expect(one.digest == same.digest)
    #expect(one.digest != other.digest)
    #expect(one.digest.utf8.count == 64)
  }

  @Test("targets may stand in any file")
  func targets() {
    let target =
      "apiVersion: plumb.dev/v1\nkind: Target\nmetadata: {name: t}\n"
      + "spec: {aws: {region: us-west-2}, credentials: {read: {}}}\n"
    let loaded = load(["plumb.yaml": Self.head, "manifests/t.yaml": target])
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
    #expect(loaded.estate.targets.map(\.name) == ["t"])
    #expect(loaded.estate.targets.map(\.provider) == ["aws"])
    #expect(loaded.estate.targets.first?.settings["aws"]?["region"] == "us-west-2")
  }

  @Test("Kubernetes objects are addressed by namespace and name")
  func kubernetes() {
    let loaded = load([
      "plumb.yaml": Self.head,
      "manifests/k.yaml":
        "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: gpus, namespace: recsys}\nspec: {}\n---\n"
        + "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: []\n",
    ])
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
    #expect(
      loaded.documents.map(\.address) == ["kubernetes.ResourceQuota/recsys/gpus", "kubernetes.ClusterRole/r"])
    #expect(
      loaded.documents.map(\.typeName) == [
        "kubernetes/v1/ResourceQuota", "kubernetes/rbac.authorization.k8s.io/v1/ClusterRole",
      ])
  }

  @Test("the estate's folder is found from below")
  func root() {
    let files = SimulatedFiles(["/w/e/plumb.yaml": "", "/w/e/manifests/x/a.yaml": ""])
    #expect(EstateLoader.root(above: "/w/e/manifests/x", files: files) == "/w/e")
    #expect(EstateLoader.root(above: "/w/e", files: files) == "/w/e")
    #expect(EstateLoader.root(above: "/w", files: files) == nil)
    #expect(EstateLoader.root(above: "/", files: SimulatedFiles(["/plumb.yaml": ""])) == "/")
  }

  @Test("a link that leaves the estate is refused")
  func links() {
    let system = SimulatedFiles(["/e/plumb.yaml": Self.head, "/secret/x.yaml": Self.vpc])
    system.addLink(at: "/e/manifests/out.yaml", to: "/secret/x.yaml")
    let loaded = EstateLoader(files: system, providers: Self.providers).load(root: "/e")
    #expect(loaded.documents.isEmpty)
    #expect(loaded.diagnostics.map(\.code) == [.unreadableManifest])
  }

  @Test("files, their bytes and the length of names have limits; at the limit is fine")
  func limits() {
    func codes(name: Int = 3, files: Int = 2, bytes: Int = 1_000) -> [DiagnosticCode] {
      let manifest = Self.vpc.replacingName(String(repeating: "n", count: name))
      let system = SimulatedFiles([
        "/e/plumb.yaml": Self.head, "/e/manifests/a.yaml": manifest, "/e/manifests/b.yaml": "",
      ])
      return EstateLoader(files: system, providers: Self.providers, fileLimit: files, byteLimit: bytes)
        .load(root: "/e").diagnostics.map(\.code)
    }
    let size = max(Self.head.utf8.count, Self.vpc.utf8.count + 2)
    #expect(codes(bytes: size) == [] && codes(bytes: size - 1) == [.unreadableManifest])
    #expect(codes(files: 2) == [] && codes(files: 1) == [.unreadableManifest])
    #expect(codes(name: ManifestLimits.nameBytes) == [])
    #expect(codes(name: ManifestLimits.nameBytes + 1).count == 1)
  }

  @Test("an estate is looked for in so many folders above, and no more")
  func foldersAbove() {
    func isFound(_ depth: Int) -> Bool {
      let folder = "/e" + String(repeating: "/f", count: depth)
      return EstateLoader.root(above: folder, files: SimulatedFiles(["/e/plumb.yaml": ""])) != nil
    }
    #expect(isFound(ManifestLimits.foldersAbove - 1) && !isFound(ManifestLimits.foldersAbove))
  }

  @Test("an expression without quotes that breaks YAML is answered with quotes")
  func unquotedExpression() {
    let loaded = load(["plumb.yaml": Self.head + "spec: {released: [${a.B.c.id}]}\n"])
    #expect(loaded.diagnostics.map(\.code.number) == [1001])
    #expect(
      loaded.diagnostics.first?.hints.first == "inside `{…}` and `[…]` an expression needs quotes: '${…}'")
  }

  @Test("a file that cannot be read is named, and the others are read")
  func unreadable() {
    let system = SimulatedFiles([
      "/e/plumb.yaml": Self.head, "/e/manifests/a.yaml": Self.vpc, "/e/manifests/b.yaml": Self.vpc,
    ])
    system.fail(.read, at: "/e/manifests/a.yaml", code: 13)
    let loaded = EstateLoader(files: system, providers: Self.providers).load(root: "/e")
    #expect(loaded.documents.count == 1)
    #expect(loaded.diagnostics.map { $0.position?.file } == ["manifests/a.yaml"])
  }

  @Test(
    "what is wrong in plumb.yaml stands where it is written",
    arguments: [
      ("no estate", "1️⃣# nothing\n", [1103]),
      ("two estates", head + "---\n1️⃣" + head, [1103]),
      ("no id", "apiVersion: plumb.dev/v1\nkind: Estate\nmetadata: 1️⃣{name: x}\n", [1104]),
      (
        "an id that cannot be tagged",
        "apiVersion: plumb.dev/v1\nkind: Estate\nmetadata: {name: x, id: 1️⃣'a b'}\n", [1104]
      ),
      ("no name", "apiVersion: plumb.dev/v1\nkind: Estate\nmetadata: 1️⃣{id: x}\n", [1203]),
      ("unknown setting", head + "spec: {1️⃣inlcude: []}\n", [1201]),
      ("include is a text", head + "spec: {include: 1️⃣manifests}\n", [1202]),
      ("include leaves", head + "spec: {include: [1️⃣../x.yaml]}\n", [1105]),
      ("include is absolute", head + "spec: {include: [1️⃣/x.yaml]}\n", [1105]),
      ("include is no pattern", head + "spec: {include: [1️⃣'a[']}\n", [1105]),
      ("unknown provider of a default", head + "spec: {defaults: {targets: {1️⃣asw: t}}}\n", [1115]),
      ("default tag is a number", head + "spec: {defaults: {tags: {a: 1️⃣1}}}\n", [1202]),
      ("two stores", head + "spec: {inventory: 1️⃣{sqlite: {}, s3: {}}}\n", [1103]),
      (
        "target without provider",
        head + "---\napiVersion: plumb.dev/v1\nkind: Target\nmetadata: {name: t}\nspec: 1️⃣{credentials: {}}\n",
        [1111]
      ),
      (
        "target with two",
        head
          + "---\napiVersion: plumb.dev/v1\nkind: Target\nmetadata: {name: t}\nspec: {aws: {}, gcp: 1️⃣{}}\n",
        [1111]
      ),
      (
        "target with a misspelt provider",
        head + "---\napiVersion: plumb.dev/v1\nkind: Target\nmetadata: {name: t}\nspec: {1️⃣asw: {}}\n", [1201]
      ),
      ("target twice", head + "---\n" + target("t") + "---\n" + target("1️⃣t"), [1110]),
      (
        "target's provider is a text",
        head + "---\napiVersion: plumb.dev/v1\nkind: Target\nmetadata: {name: t}\nspec: {aws: 1️⃣x}\n", [1202]
      ),
      ("broken YAML", head + "spec: {a: 1️⃣]\n", [1001]),
    ])
  func wrongEstates(_ name: String, _ marked: String, _ codes: [Int]) {
    let text = MarkedText(marked)
    let loaded = load(["plumb.yaml": text.text])
    let place = text.marker(1)
    #expect(loaded.diagnostics.map(\.code.number) == codes, "\(name): \(loaded.diagnostics)")
    #expect(
      loaded.diagnostics.first?.position?.description == "plumb.yaml:\(place.line):\(place.column)",
      "\(name): \(loaded.diagnostics)")
  }

  private static func target(_ name: String) -> String {
    "apiVersion: plumb.dev/v1\nkind: Target\nmetadata: {name: \(name)}\nspec: {aws: {}}\n"
  }
}

extension String {
  /// The manifest of `a` under another name.
  fileprivate func replacingName(_ name: String) -> String {
    split(separator: "\n", omittingEmptySubsequences: false).map {
      $0 == "metadata: {name: a}" ? "metadata: {name: \(name)}" : String($0)
    }
    .joined(separator: "\n")
  }
}
