import Diagnostics
import Platform
import Schemas
import Values

/// Finds the schema of a kind by `apiVersion` and `kind`: that of `spec`, and of a native object that of the whole; nil
/// where the kind is not known.
package typealias KindSchemas = @Sendable (_ apiVersion: String, _ kind: String) -> Schema?

/// The same of kinds that the documents of an estate define, and that its targets serve.
package typealias EstateSchemas = @Sendable (_ documents: [Value], _ targets: [TargetDeclaration]) -> KindSchemas

/// Lays an environment's overlays over documents, in their order.
struct OverlayRun {
  private let environment: EstateEnvironment
  private let schemas: KindSchemas
  /// Of native kinds that are not known without the estate.
  private var served: KindSchemas = { _, _ in nil }
  /// Those of kinds that the estate itself defines, by `apiVersion` and kind.
  private var own: [String: Schema] = [:]
  /// By position, how many documents each overlay has changed.
  private var matches: [Int]
  private var kinds: Set<String> = []
  private var names: [String: Set<String>] = [:]
  private(set) var diagnostics: [Diagnostic] = []

  init(_ environment: EstateEnvironment, _ schemas: @escaping KindSchemas) {
    self.environment = environment
    self.schemas = schemas
    matches = environment.overlays.map { _ in 0 }
  }

  /// Takes the schemas of the kinds that some of the documents define, as written: overlays over blueprints do not
  /// change how overlays merge. What is wrong with them is told when the blueprints are read.
  mutating func learn(from documents: [Value], served: KindSchemas? = nil) {
    if let served { self.served = served }
    for document in documents where document["kind"]?.string == "Blueprint" {
      guard let spec = document["spec"], let version = spec["defines"]?["apiVersion"]?.string,
        let kind = spec["defines"]?["kind"]?.string
      else { continue }
      let read = StructuralSchema.read(spec["schema"] ?? .map([])) { source in
        .success(FieldRules.Pattern(source) { _ in true })
      }
      own["\(version) \(kind)"] = read.schema
    }
  }

  mutating func apply(to document: Value) -> Value {
    guard var subject = Subject(document) else { return document }
    if ownSchema(of: subject) != nil { (subject.kind, subject.isNative) = (subject.bareKind, false) }
    kinds.insert(subject.kind)
    names[subject.kind, default: []].insert(subject.name)
    var changed = document
    for (position, overlay) in environment.overlays.enumerated() where subject.fits(overlay) {
      matches[position] += 1
      guard isAllowed(overlay, subject) else { continue }
      changed = OverlayMerge.merge(changed, overlay.merge, type(of: subject))
    }
    return changed
  }

  /// What the estate is, and what it declares, is the same in all environments.
  private mutating func isAllowed(_ overlay: Overlay, _ subject: Subject) -> Bool {
    guard subject.kind == "Estate" else { return true }
    let fixed = ["include", "variables"]
    let guilty =
      overlay.merge.entries.filter { $0.key != "spec" }
      + (overlay.merge["spec"] ?? .null).entries.filter { fixed.contains($0.key) }
    for entry in guilty {
      diagnostics.append(
        .error(
          .overlayForm, "an overlay cannot change `\(entry.key)` of the estate", at: entry.keyOrigin,
          length: entry.key.unicodeScalars.count,
          hint: entry.key == "include" || entry.key == "variables"
            ? "write `spec.\(entry.key)` of the environment" : nil))
    }
    return guilty.isEmpty
  }

  private func type(of subject: Subject) -> FieldType {
    if subject.isNative {
      let whole = served(subject.apiVersion, subject.bareKind) ?? schemas(subject.apiVersion, subject.bareKind)
      return whole.map { .object($0) } ?? .any
    }
    let spec: Schema? =
      switch subject.kind {
      case "Estate": ManifestSchemas.estate
      case "Target": ManifestSchemas.targetSettings
      default:
        ownSchema(of: subject) ?? schemas(subject.apiVersion, subject.bareKind)
      }
    return .object(
      Schema([
        Field("metadata", .object(ManifestSchemas.resourceMetadata), [], ""),
        Field("spec", spec.map { .object($0) } ?? .any, [], ""),
      ]))
  }

  private func ownSchema(of subject: Subject) -> Schema? { own["\(subject.apiVersion) \(subject.bareKind)"] }

  /// Overlays that no document fits.
  mutating func finish() {
    for (overlay, count) in zip(environment.overlays, matches) where count == 0 {
      let hint: String?
      if let known = names[overlay.kind] {
        hint =
          Suggestion.hint(for: overlay.name, among: known.sorted())
          ?? "there is: \(known.sorted().prefix(12).joined(separator: ", "))"
      } else {
        let prefixed = kinds.sorted().first { $0.hasSuffix(".\(overlay.kind)") }
        hint =
          prefixed.map { "write the kind as in addresses: `\($0)`" }
          ?? Suggestion.hint(for: overlay.kind, among: kinds.sorted())
      }
      diagnostics.append(
        .error(
          .unmatchedOverlay, "the overlay matches no manifest: there is no `\(overlay.text)`", at: overlay.origin,
          hint: hint))
    }
  }
}

/// A document as overlays match it.
private struct Subject {
  var apiVersion: String
  /// `Vpc` of `aws.Vpc`.
  var bareKind: String
  var kind: String
  var name: String
  var namespace: String
  /// An object of Kubernetes as it is.
  var isNative = false

  /// nil for what is no manifest.
  init?(_ document: Value) {
    guard let version = document["apiVersion"]?.string, let kind = document["kind"]?.string,
      let metadata = document["metadata"], let name = metadata["name"]?.string
    else { return nil }
    apiVersion = version
    bareKind = kind
    self.name = name
    namespace = metadata["namespace"]?.string ?? ""
    let suffix = ".\(ManifestSchemas.ownVersion)"
    if version == ManifestSchemas.ownVersion {
      self.kind = kind
    } else if version.hasSuffix(suffix) {
      self.kind = "\(version.dropLast(suffix.count)).\(kind)"
    } else {
      self.kind = "kubernetes.\(kind)"
      isNative = true
    }
  }

  func fits(_ overlay: Overlay) -> Bool {
    Self.matches(kind, overlay.kind) && Self.matches(name, overlay.name)
      && overlay.namespace.map { Self.matches(namespace, $0) } ?? true
  }

  /// A pattern of `GlobPattern` may use more than `*` and `?`, and a broken one is only a text.
  private static func matches(_ text: String, _ pattern: String) -> Bool {
    if text == pattern { return true }
    guard pattern.contains(where: { "*?[{".contains($0) }) else { return false }
    do throws(GlobError) { return try GlobPattern(pattern).matches(text) } catch { return false }
  }
}

extension Overlay {
  /// `Network/prod`, as an address reads.
  fileprivate var text: String {
    "\(kind)/" + (namespace.map { "\($0)/" } ?? "") + name
  }
}
