import Blueprints
import Diagnostics
import Engine
import Manifests
import Platform
import ProviderKit
import Reports
import Resources
import Values

extension CommandOption {
  static let schemaFolder = CommandOption(
    "output", short: "o", .text("DIR"), completion: .folder, "the folder to write to; `schemas` when not given")
}

extension Command {
  static let schema = Command(
    "schema", "Write JSON Schemas of all kinds and types, for editors.",
    discussion:
      "`manifest.schema.json` knows everything; it refers to one file a kind (`kinds/Network.json`) and a type "
      + "(`types/aws/Vpc.json`, `types/kubernetes/v1.Secret.json`), which serve alone as well. In a manifest, the "
      + "first line `# yaml-language-server: $schema=../schemas/manifest.schema.json` makes editors check and "
      + "complete it. The kinds of the estate's own blueprints are among them, and in its folder those that its "
      + "manifests define and its clusters serve.",
    examples: [
      ("plumb schema", "write them below `schemas` of the current folder"),
      ("plumb schema --output /tmp/schemas", "write them elsewhere"),
    ],
    options: [.schemaFolder]
  ) { invocation in
    let folder = invocation.arguments.text(.schemaFolder) ?? "schemas"
    let (types, kinds) = invocation.vocabulary()
    let files = ManifestJSONSchema.files(of: types, kinds: kinds.all)
    for (name, value) in files {
      if let problem = await invocation.write(JSONWriter(.pretty).text(value) + "\n", to: "\(folder)/\(name)") {
        return invocation.fail(problem.diagnostics)
      }
    }
    invocation.reporter.say("Wrote \(files.count) schemas below \(folder).")
    invocation.reporter.event(
      EventLine(
        "schemas", "wrote \(files.count) schemas", [("folder", .string(folder)), ("files", .int(files.count))]))
    return .ok
  }
}

extension Invocation {
  /// Every type and kind that can be written: those of the program, and, in an estate's folder, those that its
  /// manifests define and those that its targets were learned to serve. Asks nobody.
  func vocabulary() -> (types: TypeCatalog, kinds: KindCatalog) {
    let root = EstateLoader.root(above: workingFolder, files: host.files)
    let providers = Composition.providers(host, place: root.map { "\($0)/\(Composition.folder)" })
    let names = providers.map(\.name).sorted()
    guard let root else {
      return (
        providers.reduce(into: TypeCatalog()) { $0.add($1.catalog) }, KindCatalog.make([], providers: names).catalog
      )
    }
    let loaded = EstateLoader(files: host.files, providers: names).load(root: root)
    let types = EstateTypes(
      loaded, Dictionary(providers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }))
    return (types.catalog, KindCatalog.make(loaded.documents, providers: names).catalog)
  }
}
