import Builtins
import Diagnostics
import Manifests
import Synchronization
import Values
import YAML

/// A kind that is part of the program: one folder of files, named like the kind. It is read when it is first asked for,
/// since most commands need few kinds or none.
final class EmbeddedKind: Sendable {
  private struct Read: Sendable {
    var definition: BlueprintDocument?
    var extensions: [BlueprintDocument] = []
    var kind: Kind?
    var diagnostics: [Diagnostic] = []
  }

  private let name: String
  private let files: [BuiltinFile]
  private let providers: [String]
  private let kept = Mutex<Read?>(nil)

  /// - Parameter providers: those that the program has; embedded kinds know all of them.
  init(_ name: String, files: [BuiltinFile], providers: [String]) {
    self.name = name
    self.files = files
    self.providers = Set(providers + Self.variants).sorted()
  }

  /// The kind that a file is of: `Network` of `Blueprints/Network/aws.yaml`.
  static func name(of file: BuiltinFile) -> String {
    file.name.split(separator: "/").dropLast().last.map(String.init) ?? file.name
  }

  /// The providers that embedded kinds have variants for, whichever a program has.
  private static let variants = ["aws", "gcp", "kubernetes"]

  var definition: BlueprintDocument? { read.definition }
  var extensions: [BlueprintDocument] { read.extensions }
  var kind: Kind? { read.kind }
  var diagnostics: [Diagnostic] { read.diagnostics }

  private var read: Read {
    kept.withLock { kept in
      if let kept { return kept }
      let found = readFiles()
      kept = found
      return found
    }
  }

  private func readFiles() -> Read {
    var found = Read()
    for file in files {
      let parsed = YAMLReader.parse(file.bytes, file: KindCatalog.filePrefix + file.name)
      found.diagnostics += parsed.diagnostics
      for body in parsed.documents where body.kind == .map { add(body, to: &found) }
    }
    guard let definition = found.definition else { return found }
    var assembly = KindAssembly()
    found.kind = assembly.kind(definition, found.extensions, isBuiltin: true)
    found.diagnostics += assembly.diagnostics
    return found
  }

  private func add(_ body: Value, to found: inout Read) {
    guard let title = body["metadata"]?["name"]?.string else { return }
    var reader = BlueprintReader(providers: providers)
    let document = ManifestDocument(group: .own, kind: "Blueprint", name: title, body: body)
    let blueprint = reader.read(document, isBuiltin: true)
    found.diagnostics += reader.diagnostics
    guard let blueprint else { return }
    if blueprint.kind.kind != name {
      found.diagnostics.append(
        .error(.blueprintKind, "the folder `\(name)` has a blueprint of `\(blueprint.kind)`", at: document.origin))
    } else if blueprint.isExtension {
      found.extensions.append(blueprint)
    } else {
      found.definition = blueprint
    }
  }
}
