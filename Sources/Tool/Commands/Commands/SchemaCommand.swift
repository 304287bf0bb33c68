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
      "`manifest.schema.json` holds everything; beside it is one file a kind (`kinds/Network.json`) and a type "
      + "(`types/aws/Vpc.json`). In a manifest, the first line `# yaml-language-server: "
      + "$schema=../schemas/manifest.schema.json` makes editors check and complete it. The kinds of the estate's own "
      + "blueprints are among them.",
    examples: [
      ("plumb schema", "write them below `schemas` of the current folder"),
      ("plumb schema --output /tmp/schemas", "write them elsewhere"),
    ],
    options: [.schemaFolder]
  ) { invocation in
    let folder = invocation.arguments.text(.schemaFolder) ?? "schemas"
    let files = invocation.schemas()
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
  /// The files by their names below the folder.
  fileprivate func schemas() -> [(name: String, value: Value)] {
    let catalog = Composition.providers(host).reduce(into: TypeCatalog()) { $0.add($1.catalog) }
    let kinds = kindCatalog().all
    var files = [("manifest.schema.json", ManifestJSONSchema.schema(of: catalog, kinds: kinds))]
    for kind in kinds { files.append(("kinds/\(kind.name.kind).json", ManifestJSONSchema.schema(of: kind))) }
    for type in catalog.all {
      guard let schema = ManifestJSONSchema.schema(of: type) else { continue }
      files.append(("types/\(type.name.provider)/\(type.name.kind).json", schema))
    }
    return files.map { (name: $0.0, value: $0.1) }
  }

  /// The kinds of the program, and those of the estate that the working folder lies in.
  func kindCatalog() -> KindCatalog {
    let providers = Composition.providers(host).map(\.name).sorted()
    guard let root = EstateLoader.root(above: workingFolder, files: host.files) else {
      return KindCatalog.make([], providers: providers).catalog
    }
    let loaded = EstateLoader(files: host.files, providers: providers).load(root: root)
    return KindCatalog.make(loaded.documents, providers: providers).catalog
  }
}
