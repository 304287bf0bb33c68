import Builtins
import Diagnostics
import Manifests
import Schemas
import Values

/// All kinds that blueprints define: those of the program, each read when it is first asked for, and those of the
/// estate.
package struct KindCatalog: Sendable {
  /// By kind; names differ across groups.
  private var read: [String: Kind] = [:]
  private var embedded: [String: EmbeddedKind] = [:]
  /// The texts of embedded blueprints, for showing their lines.
  package private(set) var sources: [(name: String, bytes: [UInt8])] = []

  package init() {}

  init(read: [String: Kind], embedded: [String: EmbeddedKind], sources: [(name: String, bytes: [UInt8])]) {
    self.read = read
    self.embedded = embedded
    self.sources = sources
  }

  package subscript(kind: String) -> Kind? { read[kind] ?? embedded[kind]?.kind }

  /// Sorted; reads none.
  package var names: [String] { Set(read.keys).union(embedded.keys).sorted() }

  /// Sorted by name; reads those that were not asked for yet.
  package var all: [Kind] { names.compactMap { self[$0] } }

  /// Those that the estate's own blueprints define or add to, sorted by name.
  package var own: [Kind] { read.values.sorted { $0.name.kind < $1.name.kind } }

  /// What is wrong with the embedded blueprints; reads all of them.
  package var embeddedProblems: [Diagnostic] {
    embedded.sorted { $0.key < $1.key }.flatMap { $0.value.diagnostics }
  }

  /// Reads the blueprints of an estate beside the embedded ones.
  package static func make(_ documents: [ManifestDocument], providers: [String], files: [BuiltinFile] = builtinFiles)
    -> (catalog: KindCatalog, diagnostics: [Diagnostic])
  {
    var builder = KindCatalogBuilder(providers: providers, files: files)
    builder.add(documents)
    return builder.finish()
  }

  /// The text of an embedded blueprint by the name that positions have, for showing its lines.
  package static func source(_ file: String) -> [UInt8]? {
    guard file.hasPrefix(filePrefix) else { return nil }
    return BuiltinFile.named(String(file.dropFirst(filePrefix.count)))?.bytes
  }

  /// Positions in embedded files are told from those in the estate by this.
  static let filePrefix = "plumb:"

  /// The blueprints of the administration kinds.
  package static var builtinFiles: [BuiltinFile] { BuiltinFile.all(below: "Blueprints") }
}

/// Puts the documents of each kind together. A copy made before the estate's own are added serves for what must be
/// known before the estate is read.
package struct KindCatalogBuilder: Sendable {
  private var diagnostics: [Diagnostic] = []
  private let providers: [String]
  private let embedded: [String: EmbeddedKind]
  private let sources: [(name: String, bytes: [UInt8])]
  private var definitions: [BlueprintDocument] = []
  private var extensions: [BlueprintDocument] = []

  /// Begins with the embedded blueprints, which are read when they are needed.
  package init(providers: [String], files: [BuiltinFile] = KindCatalog.builtinFiles) {
    self.providers = providers
    sources = files.map { (KindCatalog.filePrefix + $0.name, $0.bytes) }
    let folders = Dictionary(grouping: files, by: EmbeddedKind.name)
    embedded = Dictionary(
      uniqueKeysWithValues: folders.map { ($0.key, EmbeddedKind($0.key, files: $0.value, providers: providers)) })
  }

  /// Adds those of an estate.
  package mutating func add(_ documents: [ManifestDocument]) {
    for document in documents where document.isBlueprint {
      var reader = BlueprintReader(providers: providers)
      let read = reader.read(document, isBuiltin: false)
      diagnostics += reader.diagnostics
      guard let read else { continue }
      if read.isExtension { extensions.append(read) } else { definitions.append(read) }
    }
  }

  package mutating func finish() -> (catalog: KindCatalog, diagnostics: [Diagnostic]) {
    var kinds: [String: Kind] = [:]
    for definition in definitions {
      let name = definition.kind.kind
      if let first = kinds[name] ?? embedded[name]?.kind {
        diagnostics.append(
          .error(
            .blueprintKind, "the kind `\(name)` is defined twice", at: definition.origin,
            notes: [DiagnosticNote("the first one is here", at: first.origin)]))
        continue
      }
      kinds[name] = kind(definition, extensions, isBuiltin: false)
    }
    for (name, added) in Dictionary(grouping: extensions, by: \.kind.kind) where kinds[name] == nil {
      guard let known = embedded[name], let definition = known.definition else { continue }
      kinds[name] = kind(definition, known.extensions + added, isBuiltin: true)
    }
    let catalog = KindCatalog(read: kinds, embedded: embedded, sources: sources)
    for added in extensions where kinds[added.kind.kind]?.name != added.kind {
      let hint = Suggestion.hint(for: added.kind.kind, among: catalog.names)
      diagnostics.append(
        .error(.blueprintKind, "no blueprint defines `\(added.kind)`", at: added.origin, hint: hint))
    }
    return (catalog, diagnostics)
  }

  private mutating func kind(
    _ definition: BlueprintDocument, _ extensions: [BlueprintDocument], isBuiltin: Bool
  ) -> Kind {
    var assembly = KindAssembly()
    let kind = assembly.kind(definition, extensions.filter { $0.kind == definition.kind }, isBuiltin: isBuiltin)
    diagnostics += assembly.diagnostics
    return kind
  }
}
