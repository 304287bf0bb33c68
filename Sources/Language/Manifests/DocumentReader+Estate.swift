import Diagnostics
import Schemas
import Values

extension DocumentReader {
  mutating func readEstate(_ body: Value, isEstateFile: Bool) {
    guard isEstateFile else {
      return problem(
        .misplacedDocument, "an `Estate` stands in `\(Estate.fileName)` only", body["kind"] ?? body)
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
    estate.released =
      (spec["released"]?.elements).map { Array($0) }?.compactMap { item in
        item.string.map { Placed($0, at: item.origin) }
      } ?? []
  }

  private mutating func readEstateMetadata(_ metadata: Value) {
    diagnostics += ManifestSchemas.estateMetadata.validate(metadata, path: "metadata")
    estate.name = metadata["name"]?.string ?? ""
    guard let value = metadata["id"], let id = value.string else {
      if metadata["id"]?.isNull ?? true {
        problem(
          .estateID, "the estate has no `id`", metadata,
          hint: "`plumb init` writes one; it names the owner of every object")
      }
      return
    }
    guard (1...63).contains(id.utf8.count), id.utf8.allSatisfy(Self.isIDByte) else {
      return problem(
        .estateID, "`\(id)` cannot be an estate's id", value,
        hint: "an id has at most 63 letters, digits and `-`")
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
            .unknownProvider, "there is no provider `\(entry.key)`", at: entry.keyOrigin,
            length: entry.key.unicodeScalars.count,
            hint: Suggestion.hint(for: entry.key, among: providers)
              ?? "it is one of: \(providers.joined(separator: ", "))"))
      }
      estate.defaultTargets.append(Placed(.init(provider: entry.key, target: target), at: entry.value.origin))
    }
    if let tags = defaults["tags"], tags.kind == .map, tags.count > 0 { estate.defaultTags = tags }
  }

  mutating func readTarget(_ body: Value) {
    guard let metadata = map("metadata", of: body, isRequired: true) else { return }
    diagnostics += ManifestSchemas.targetMetadata.validate(metadata, path: "metadata")
    guard let spec = map("spec", of: body, isRequired: true), let name = metadata["name"]?.string,
      checkName(name, metadata["name"] ?? metadata)
    else { return }
    if let first = estate.targets.first(where: { $0.name == name }) {
      diagnostics.append(
        .error(
          .duplicateAddress, "the target `\(name)` is written twice", at: metadata["name"]?.origin,
          length: name.unicodeScalars.count,
          notes: [DiagnosticNote("the first one is here", at: first.origin)]))
      return
    }
    let provider = targetProvider(spec, name)
    // A broken target keeps its name, so that the manifests on it are not blamed as well.
    estate.targets.append(
      TargetDeclaration(name: name, provider: provider ?? "", settings: spec, origin: body.origin))
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
            .unknownField, "`spec` of a target has no field `\(entry.key)`", at: entry.keyOrigin,
            length: entry.key.unicodeScalars.count,
            hint: Suggestion.hint(for: entry.key, among: known) ?? "it has: \(known.joined(separator: ", "))")
        )
      }
    }
    guard found.count == 1, let only = found.first else {
      let names = providers.map { "`\($0)`" }.joined(separator: ", ")
      // A misspelt key has been reported already.
      if found.count > 1 || spec.entries.allSatisfy({ known.contains($0.key) }) {
        let message = found.isEmpty ? "names no provider" : "names \(found.count) providers"
        problem(
          .targetProvider, "the target `\(name)` \(message)", found.dropFirst().first?.value ?? spec,
          hint: "write exactly one of \(names) under `spec`")
      }
      return nil
    }
    if only.value.kind != .map, only.value.kind != .null {
      problem(.wrongType, "`spec.\(only.key)` must be a map, not \(only.value.kind.phrase)", only.value)
    }
    return only.key
  }
}
