import Diagnostics
import Schemas
import Values

/// Checks the form of documents and sorts them into estate settings, targets and manifests.
struct DocumentReader {
  /// Providers that manifests and targets may name.
  let providers: [String]
  var estate: Estate
  var documents: [ManifestDocument] = []
  /// `Policy` documents; what they mean is the policies' own affair.
  var policies: [Value] = []
  var diagnostics: [Diagnostic] = []
  var estateOrigin: SourcePosition?
  var hasEstate = false
  /// What the estate's blueprints define in groups other than ours: `acme.dev/v1 TeamSpace`.
  var defined: Set<String> = []

  init(providers: [String], root: String) {
    self.providers = providers
    estate = Estate(root: root)
  }

  /// Reads one document; empty ones, as between two `---`, do not count.
  mutating func read(_ body: Value, isEstateFile: Bool) {
    guard body.kind != .null else { return }
    // The items of a list of Kubernetes objects, as `kubectl get -o yaml` prints it, are documents of their own.
    if body["kind"]?.string == "List", body["apiVersion"]?.string == "v1", let items = body["items"] {
      for item in items.elements { read(item, isEstateFile: isEstateFile) }
      return
    }
    guard body.kind == .map else {
      return problem(
        .manifestForm,
        "a manifest is a map with `apiVersion`, `kind`, `metadata` and `spec`, not \(body.kind.phrase)", body)
    }
    checkTopLevel(body)
    guard let version = text("apiVersion", of: body), let kind = text("kind", of: body),
      let group = group(version, kind, body)
    else { return }
    switch (group, kind) {
    case (.own, "Estate"): readEstate(body, isEstateFile: isEstateFile)
    case (.own, "Target"): readTarget(body)
    case (.own, "Policy"):
      if map("metadata", of: body, isRequired: true) != nil { policies.append(body) }
    case (.own, "Environment"):
      problem(
        .misplacedDocument, "an `Environment` stands in a file of its own below `environments/`",
        body["kind"] ?? body)
    default: readManifest(body, group, kind)
    }
  }

  // MARK: Envelope

  /// Reports fields beside those that every manifest has.
  mutating func checkTopLevel(_ body: Value) {
    // Native Kubernetes objects have their own fields beside these (`data`, `rules`, `subjects`).
    let version = body["apiVersion"]?.string
    guard version?.hasSuffix(ManifestSchemas.ownVersion) ?? true || isDefined(version, body["kind"]?.string) else {
      return
    }
    for entry in body.entries where !ManifestSchemas.topLevel.contains(entry.key) {
      diagnostics.append(
        .error(
          .unknownField, "a manifest has no field `\(entry.key)`", at: entry.keyOrigin,
          length: entry.key.unicodeScalars.count,
          hint: Suggestion.hint(for: entry.key, among: ManifestSchemas.topLevel)
            ?? "fields of the resource stand under `spec`"))
    }
  }

  private mutating func text(_ key: String, of body: Value) -> String? {
    guard let value = body[key], value.kind != .null else {
      problem(
        .manifestForm, "the manifest has no `\(key)`", body,
        hint: "every manifest has `apiVersion`, `kind`, `metadata` and `spec`")
      return nil
    }
    guard let text = value.string, !text.isEmpty else {
      problem(
        .wrongType, "`\(key)` must be a string, not \(value.string == nil ? value.kind.phrase : "empty")",
        value)
      return nil
    }
    return text
  }

  /// Notes what blueprints define, before the documents that use it are read.
  mutating func scanBlueprints(_ documents: [Value]) {
    for document in documents where document["kind"]?.string == "Blueprint" {
      guard document["apiVersion"]?.string == ManifestSchemas.ownVersion,
        let defines = document["spec"]?["defines"], let version = defines["apiVersion"]?.string,
        let kind = defines["kind"]?.string, version != ManifestSchemas.ownVersion
      else { continue }
      defined.insert("\(version) \(kind)")
    }
  }

  private func isDefined(_ version: String?, _ kind: String?) -> Bool {
    guard !defined.isEmpty, let version, let kind else { return false }
    return defined.contains("\(version) \(kind)")
  }

  private mutating func group(_ version: String, _ kind: String, _ body: Value) -> ManifestDocument.Group? {
    if version == ManifestSchemas.ownVersion { return .own }
    if isDefined(version, kind) { return .custom(apiVersion: version) }
    let known =
      [ManifestSchemas.ownVersion]
      + providers.filter { $0 != "kubernetes" }.map { "\($0).\(ManifestSchemas.ownVersion)" }
    let suffix = ".\(ManifestSchemas.ownVersion)"
    if version.hasSuffix(suffix) {
      let provider = String(version.dropLast(suffix.count))
      if providers.contains(provider), provider != "kubernetes" { return .direct(provider: provider) }
      problem(
        .unknownProvider, "there is no provider `\(provider)`", body["apiVersion"] ?? body,
        hint: Suggestion.hint(for: version, among: known) ?? "it has: \(known.joined(separator: ", "))")
      return nil
    }
    if version.contains("plumb") || Suggestion.nearest(to: version, among: known) != nil {
      problem(
        .unknownAPIVersion, "there is no `apiVersion` `\(version)`", body["apiVersion"] ?? body,
        hint: Suggestion.hint(for: version, among: known) ?? "it is one of: \(known.joined(separator: ", "))")
      return nil
    }
    return .kubernetes(apiVersion: version)
  }

  // MARK: Manifests

  private mutating func readManifest(_ body: Value, _ group: ManifestDocument.Group, _ kind: String) {
    guard let metadata = map("metadata", of: body, isRequired: true) else { return }
    let isNative: Bool
    if case .kubernetes = group { isNative = true } else { isNative = false }
    if !isNative {
      diagnostics += ManifestSchemas.metadata(of: group, kind).validate(metadata, path: "metadata")
      if body["spec"]?.isNull ?? true, case .direct = group {
      } else {
        _ = map("spec", of: body, isRequired: false)
      }
    }
    guard let name = metadata["name"]?.string else {
      if isNative { problem(.missingField, "`metadata` needs `name` (string)", metadata) }
      return
    }
    guard checkName(name, metadata["name"] ?? metadata, isNative: isNative) else { return }
    documents.append(ManifestDocument(group: group, kind: kind, name: name, body: body))
  }

  mutating func map(_ key: String, of body: Value, isRequired: Bool) -> Value? {
    guard let value = body[key], value.kind != .null else {
      if isRequired { problem(.manifestForm, "the manifest has no `\(key)`", body) }
      return nil
    }
    guard value.kind == .map else {
      problem(.wrongType, "`\(key)` must be a map, not \(value.kind.phrase)", value)
      return nil
    }
    return value
  }

  /// Names stand in addresses, tags and expressions. Roles of Kubernetes have colons in theirs, too.
  mutating func checkName(_ name: String, _ value: Value, isNative: Bool = false) -> Bool {
    let isLong = name.utf8.count > ManifestLimits.nameBytes
    let isPlain =
      name.utf8.allSatisfy { Self.isNameByte($0) || isNative && $0 == UInt8(ascii: ":") }
      && (name.utf8.first.map(Self.isAlphanumeric) ?? false)
    guard isPlain, !isLong else {
      problem(
        .manifestName,
        isLong
          ? "the name is longer than \(ManifestLimits.nameBytes) characters" : "`\(name)` cannot be a name",
        value,
        hint: "a name has letters, digits, `-`, `_` and `.`, and begins with a letter or digit")
      return false
    }
    return true
  }

  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "-_.".utf8.contains(byte) }

  mutating func problem(_ code: DiagnosticCode, _ message: String, _ value: Value, hint: String? = nil) {
    let length = value.kind == .string ? value.spelling.unicodeScalars.count + (value.isPlain ? 0 : 2) : 1
    diagnostics.append(.error(code, message, at: value.origin, length: length, hint: hint))
  }
}
