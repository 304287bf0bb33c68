import Diagnostics
import Manifests
import Platform
import TestSupport
import Testing

/// What a user sees of mistakes in `plumb.yaml`, in files that cannot be read, and in what only an estate as a whole
/// can have wrong.
@Suite("Mistakes of estates as they are shown")
struct ShownEstateTests {
  private static let head = EstateFiles.head
  private static let target = "---\napiVersion: plumb.dev/v1\nkind: Target\nmetadata: {name: t}\nspec: "

  private static let estates: [(name: String, text: String)] = [
    ("a second estate", head + "---\n" + head),
    ("no estate", "# nothing\n"),
    ("no id", "apiVersion: plumb.dev/v1\nkind: Estate\nmetadata: {name: x}\n"),
    ("an id that cannot be tagged", "apiVersion: plumb.dev/v1\nkind: Estate\nmetadata: {name: x, id: 'a b'}\n"),
    ("two stores", head + "spec: {inventory: {sqlite: {}, s3: {}}}\n"),
    ("a pattern that leaves", head + "spec: {include: [../x.yaml]}\n"),
    ("a pattern that is none", head + "spec: {include: ['a[']}\n"),
    ("a default for a provider there is not", head + "spec: {defaults: {targets: {asw: t}}}\n"),
    ("a target without a provider", head + target + "{credentials: {}}\n"),
    ("a target with two", head + target + "{aws: {}, gcp: {}}\n"),
    ("a target with a misspelt provider", head + target + "{asw: {}}\n"),
    ("a target twice", head + target + "{aws: {}}\n" + target + "{aws: {}}\n"),
    ("an expression without quotes", head + "spec: {released: [${a.B.c.id}]}\n"),
    (
      "too many variables",
      head + "spec:\n  variables:\n"
        + (0...ManifestLimits.variables).map { "    v\($0): {default: 1}\n" }.joined()
    ),
    (
      "a value that is no YAML", head + "spec: {variables: {n: {type: integer, from: {file: n.txt}}}}\n"
    ),
    (
      "a file of a variable that leads out", head + "spec: {variables: {n: {type: integer, from: {file: out.txt}}}}\n"
    ),
  ]

  private static func system(_ files: [String: String]) -> SimulatedFiles {
    let all = files.merging(["n.txt": "[1\n"]) { own, _ in own }
    let system = SimulatedFiles(
      Dictionary(all.map { ("/e/\($0.key)", $0.value) } + [("/secret/x.yaml", "a: 1\n")], uniquingKeysWith: { $1 }))
    system.addLink(at: "/e/out.txt", to: "/secret/x.yaml")
    return system
  }

  private static func shown(_ name: String, _ loaded: LoadedEstate) -> String {
    #expect(!loaded.diagnostics.isEmpty, "\(name)")
    return "# \(name)\n\(EstateFiles.text(loaded))\n"
  }

  @Test("estates")
  func estates() {
    expectSnapshot(
      Self.estates.map { Self.shown($0.name, EstateFiles.load(Self.system(["plumb.yaml": $0.text]))) }.joined())
  }

  @Test("files that cannot be read, are too many, or lie outside")
  func files() {
    let two = ["plumb.yaml": Self.head, "manifests/a.yaml": "a: 1\n", "manifests/b.yaml": ""]
    func load(_ name: String, change: (SimulatedFiles) -> Void) -> String {
      let system = Self.system(["plumb.yaml": Self.head, "manifests/b.yaml": ""])
      change(system)
      let loader = EstateLoader(files: system, providers: EstateFiles.providers)
      return Self.shown(name, loader.load(root: "/e"))
    }
    var text = load("a file that may not be read") { $0.fail(.read, at: "/e/manifests/b.yaml", code: 13) }
    text += load("a link that leads out") { $0.addLink(at: "/e/manifests/out.yaml", to: "/secret/x.yaml") }
    text += load("a link to nothing") { $0.addLink(at: "/e/manifests/none.yaml", to: "/e/nowhere.yaml") }
    text += load("a link into what contains it") { $0.addLink(at: "/e/manifests/loop", to: "/e/manifests") }
    let many = EstateLoader(files: Self.system(two), providers: EstateFiles.providers, fileLimit: 1)
    text += Self.shown("too many files", many.load(root: "/e"))
    let long = ["plumb.yaml": Self.head, "manifests/a.yaml": String(repeating: "# long\n", count: 100)]
    let large = EstateLoader(files: Self.system(long), providers: EstateFiles.providers, byteLimit: 600)
    text += Self.shown("a file too large", large.load(root: "/e"))
    expectSnapshot(text)
  }

  @Test("environments")
  func environments() {
    func shown(_ name: String, _ text: String) -> String {
      Self.shown(
        name, EstateFiles.load(Self.system(["plumb.yaml": Self.head, "environments/prod.yaml": text]), "prod"))
    }
    let overlay = "    - {match: {kind: aws.Net}, merge: {}}\n"
    expectSnapshot(
      shown("a file without one", "a: 1\n")
        + shown(
          "too many overlays",
          EstateFiles.environment + "spec:\n  overlays:\n"
            + String(repeating: overlay, count: ManifestLimits.overlays + 1)))
  }
}
