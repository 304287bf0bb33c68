import Diagnostics
import Schemas
import Values

/// Checks the form of documents and sorts them into estate settings, targets and manifests.
struct DocumentReader {
  /// Providers that manifests and targets may name.
  let providers: [String]
  var estate: Estate
  var documents: [ManifestDocument] = []
  var diagnostics: [Diagnostic] = []
  private var estateOrigin: SourcePosition?
  private(set) var hasEstate = false

  init(providers: [String], root: String) {
    self.providers = providers
    estate = Estate(root: root)
  }

  /// Reads one document; empty ones, as between two `---`, do not count.
  mutating func read(_ body: Value, isEstateFile: Bool) {
    guard body.kind != .null else { return }
    guard body.kind == .map else {
      return problem(.manifestForm, "a manifest is a map with `apiVersion`, `kind`, `metadata` and `spec`, not \(body.kind.phrase)", body)
    }
    checkTopLevel(body)
    guard let version = text("apiVersion", of: body), let kind = text("kind", of: body), let group = group(version, body) else { return }
    switch (group, kind) {
    case (.own, "Estate"): readEstate(body, isEstateFile: isEstateFile)
    case (.own, "Target"): readTarget(body)
    default: readManifest(body, group, kind)
    }
  }

  // MARK: Envelope

  private mutating func checkTopLevel(_ body: Value) {
    // Native Kubernetes objects have their own fields beside these (`data`, `rules`, `subjects`).
    guard body["apiVersion"]?.string?.hasSuffix(ManifestSchemas.ownVersion) ?? true else { return }
    for entry in body.entries where !ManifestSchemas.topLevel.contains(entry.key) {
      diagnostics.append(
        .error(
          .unknownField, "a manifest has no field `\(entry.key)`", at: entry.keyOrigin, length: entry.key.unicodeScalars.count,
          hint: Suggestion.hint(for: entry.key, among: ManifestSchemas.topLevel) ?? "fields of the resource stand under `spec`"))
    }
  }

  private mutating func text(_ key: String, of body: Value) -> String? {
    guard let value = body[key], value.kind != .null else {
      problem(.manifestForm, "the manifest has no `\(key)`", body, hint: "every manifest has `apiVersion`, `kind`, `metadata` and `spec`")
      return nil
    }
    guard let text = value.string, !text.isEmpty else {
      problem(.wrongType, "`\(key)` must be a string, not \(value.string == nil ? value.kind.phrase : "empty")", value)
      return nil
    }
    return text
  }

  private mutating func group(_ version: String, _ body: Value) -> ManifestDocument.Group? {
    if version == ManifestSchemas.ownVersion { return .own }
    let known = [ManifestSchemas.ownVersion] + providers.filter { $0 != "kubernetes" }.map { "\($0).\(ManifestSchemas.ownVersion)" }
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
      diagnostics += ManifestSchemas.resourceMetadata.validate(metadata, path: "metadata")
      if body["spec"]?.isNull ?? true, case .direct = group {} else { _ = map("spec", of: body, isRequired: false) }
    }
    guard let name = metadata["name"]?.string else {
      if isNative { problem(.missingField, "`metadata` needs `name` (string)", metadata) }
      return
    }
    guard checkName(name, metadata["name"] ?? metadata) else { return }
    documents.append(ManifestDocument(group: group, kind: kind, name: name, body: body))
  }

  private mutating func map(_ key: String, of body: Value, isRequired: Bool) -> Value? {
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

  /// Names stand in addresses, tags and expressions.
  private mutating func checkName(_ name: String, _ value: Value) -> Bool {
    let isLong = name.utf8.count > ManifestLimits.nameBytes
    let isPlain = name.utf8.allSatisfy(Self.isNameByte) && (name.utf8.first.map(Self.isAlphanumeric) ?? false)
    guard isPlain, !isLong else {
      problem(
        .manifestName, isLong ? "the name is longer than \(ManifestLimits.nameBytes) characters" : "`\(name)` cannot be a name", value,
        hint: "a name has letters, digits, `-`, `_` and `.`, and begins with a letter or digit")
      return false
    }
    return true
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "-_.".utf8.contains(byte) }

  mutating func problem(_ code: DiagnosticCode, _ message: String, _ value: Value, hint: String? = nil) {
    let length = value.kind == .string ? value.spelling.unicodeScalars.count + (value.isPlain ? 0 : 2) : 1
    diagnostics.append(.error(code, message, at: value.origin, length: length, hint: hint))
  }
}

// MARK: - Estate and targets

extension DocumentReader {
  private mutating func readEstate(_ body: Value, isEstateFile: Bool) {
    guard isEstateFile else {
      return problem(.misplacedDocument, "an `Estate` stands in `\(Estate.fileName)` only", body["kind"] ?? body)
    }
    guard !hasEstate else {
      diagnostics.append(
        .error(
          .estateDocument, "`\(Estate.fileName)` has a second `Estate`", at: body.origin,
          notes: [DiagnosticNote("the first one is here", at: estateOrigin)]))
      return
    }
    hasEstate = true
    estateOrigin = body.origin
    estate.origin = body.origin
    if let metadata = map("metadata", of: body, isRequired: true) { readEstateMetadata(metadata) }
    guard let spec = map("spec", of: body, isRequired: false) else { return }
    let found = ManifestSchemas.estate.validate(spec, path: "spec")
    diagnostics += found
    readInclude(spec)
    readDefaults(spec)
    estate.inventory = spec["inventory"].flatMap { $0.kind == .map ? Optional($0) : Optional.none }
    if let inventory = estate.inventory, inventory.count > 1 {
      problem(.estateDocument, "`spec.inventory` names more than one store", inventory)
    }
    estate.released = (spec["released"]?.elements).map { Array($0) }?.compactMap { item in item.string.map { Placed($0, at: item.origin) } } ?? []
  }

  private mutating func readEstateMetadata(_ metadata: Value) {
    diagnostics += ManifestSchemas.estateMetadata.validate(metadata, path: "metadata")
    estate.name = metadata["name"]?.string ?? ""
    guard let value = metadata["id"], let id = value.string else {
      if metadata["id"]?.isNull ?? true {
        problem(.estateID, "the estate has no `id`", metadata, hint: "`plumb init` writes one; it names the owner of every object")
      }
      return
    }
    guard (1...63).contains(id.utf8.count), id.utf8.allSatisfy(Self.isIDByte) else {
      return problem(.estateID, "`\(id)` cannot be an estate's id", value, hint: "an id has at most 63 letters, digits and `-`")
    }
    estate.id = id
  }

  private static func isIDByte(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "-") }

  private mutating func readInclude(_ spec: Value) {
    guard let include = spec["include"], include.kind == .list else { return }
    estate.include = include.elements.compactMap(\.string)
  }

  private mutating func readDefaults(_ spec: Value) {
    guard let defaults = spec["defaults"] else { return }
    for entry in (defaults["targets"] ?? .null).entries {
      guard let target = entry.value.string else { continue }
      if !providers.contains(entry.key) {
        diagnostics.append(
          .error(
            .unknownProvider, "there is no provider `\(entry.key)`", at: entry.keyOrigin, length: entry.key.unicodeScalars.count,
            hint: Suggestion.hint(for: entry.key, among: providers) ?? "it is one of: \(providers.joined(separator: ", "))"))
      }
      estate.defaultTargets.append(Placed(.init(provider: entry.key, target: target), at: entry.value.origin))
    }
    if let tags = defaults["tags"], tags.kind == .map, tags.count > 0 { estate.defaultTags = tags }
  }

  private mutating func readTarget(_ body: Value) {
    guard let metadata = map("metadata", of: body, isRequired: true) else { return }
    diagnostics += ManifestSchemas.targetMetadata.validate(metadata, path: "metadata")
    guard let spec = map("spec", of: body, isRequired: true), let name = metadata["name"]?.string,
      checkName(name, metadata["name"] ?? metadata)
    else { return }
    if let first = estate.targets.first(where: { $0.name == name }) {
      diagnostics.append(
        .error(
          .duplicateAddress, "the target `\(name)` is written twice", at: metadata["name"]?.origin, length: name.unicodeScalars.count,
          notes: [DiagnosticNote("the first one is here", at: first.origin)]))
      return
    }
    let provider = targetProvider(spec, name)
    // A broken target keeps its name, so that the manifests on it are not blamed as well.
    estate.targets.append(TargetDeclaration(name: name, provider: provider ?? "", settings: spec, origin: body.origin))
  }

  private mutating func targetProvider(_ spec: Value, _ name: String) -> String? {
    let known = providers + ManifestSchemas.targetSettings.fields.map(\.name)
    var found: [Value.Entry] = []
    for entry in spec.entries {
      if providers.contains(entry.key) {
        found.append(entry)
      } else if ManifestSchemas.targetSettings[entry.key] == nil {
        diagnostics.append(
          .error(
            .unknownField, "`spec` of a target has no field `\(entry.key)`", at: entry.keyOrigin, length: entry.key.unicodeScalars.count,
            hint: Suggestion.hint(for: entry.key, among: known) ?? "it has: \(known.joined(separator: ", "))"))
      }
    }
    guard found.count == 1, let only = found.first else {
      let names = providers.map { "`\($0)`" }.joined(separator: ", ")
      // A misspelt key has been reported already.
      if found.count > 1 || spec.entries.allSatisfy({ known.contains($0.key) }) {
        let message = found.isEmpty ? "names no provider" : "names \(found.count) providers"
        problem(.targetProvider, "the target `\(name)` \(message)", found.dropFirst().first?.value ?? spec, hint: "write exactly one of \(names) under `spec`")
      }
      return nil
    }
    if only.value.kind != .map, only.value.kind != .null {
      problem(.wrongType, "`spec.\(only.key)` must be a map, not \(only.value.kind.phrase)", only.value)
    }
    return only.key
  }
}
