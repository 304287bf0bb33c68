import Diagnostics
import Schemas
import Values

extension DocumentReader {
  /// Reads the documents of an environment's file: one `Environment`, and manifests that only it has.
  ///
  /// - Returns: nil, and reported, where there is no `Environment`; the other documents.
  mutating func readEnvironment(_ documents: [Value], name: String, file: String) -> (EstateEnvironment?, [Value]) {
    var environment: EstateEnvironment?
    var others: [Value] = []
    for body in documents where !body.isNull {
      guard body["kind"]?.string == "Environment", body["apiVersion"]?.string == ManifestSchemas.ownVersion else {
        others.append(body)
        continue
      }
      if let first = environment {
        diagnostics.append(
          .error(
            .environmentDocument, "`\(file)` has a second `Environment`", at: body.origin,
            notes: [DiagnosticNote("the first one is here", at: first.origin)]))
        continue
      }
      environment = readEnvironment(body, name: name, file: file)
    }
    if environment == nil {
      diagnostics.append(
        .error(
          .environmentDocument, "`\(file)` has no `Environment`", at: SourcePosition(file: file, line: 1, column: 1),
          hint: "it holds a document with `apiVersion: \(ManifestSchemas.ownVersion)` and `kind: Environment`"))
    }
    return (environment, others)
  }

  private mutating func readEnvironment(_ body: Value, name: String, file: String) -> EstateEnvironment {
    var environment = EstateEnvironment(
      name: name, file: file, variables: .map([]), include: [], overlays: [], origin: body.origin)
    checkTopLevel(body)
    if let metadata = map("metadata", of: body, isRequired: true) {
      diagnostics += ManifestSchemas.environmentMetadata.validate(metadata, path: "metadata")
      if let written = metadata["name"], let text = written.string, text != name {
        problem(
          .environmentDocument, "the environment in `\(file)` calls itself `\(text)`", written,
          hint: "`metadata.name` and the file's name must agree")
      }
    }
    guard let spec = map("spec", of: body, isRequired: false) else { return environment }
    diagnostics += ManifestSchemas.environment.validate(spec, path: "spec")
    if let variables = spec["variables"], variables.kind == .map { environment.variables = variables }
    for item in spec["include"]?.elements ?? Value.null.elements {
      if let text = item.string { environment.include.append(Placed(text, at: item.origin)) }
    }
    let overlays = spec["overlays"] ?? .null
    guard overlays.count <= ManifestLimits.overlays else {
      problem(
        .environmentDocument, "an environment has at most \(ManifestLimits.overlays) overlays", overlays)
      return environment
    }
    environment.overlays = overlays.elements.compactMap { overlay($0) }
    return environment
  }

  /// The schema has reported what is missing.
  private mutating func overlay(_ value: Value) -> Overlay? {
    guard let match = value["match"], let kind = match["kind"]?.string, let merge = value["merge"], merge.kind == .map
    else { return nil }
    for entry in merge.entries where entry.key == "apiVersion" || entry.key == "kind" {
      diagnostics.append(
        .error(
          .overlayForm, "an overlay cannot change `\(entry.key)`", at: entry.keyOrigin,
          length: entry.key.unicodeScalars.count, hint: "write another manifest, and include it in this environment"))
      return nil
    }
    if let metadata = merge["metadata"] {
      for entry in metadata.entries where ["name", "namespace", "id"].contains(entry.key) {
        diagnostics.append(
          .error(
            .overlayForm, "an overlay cannot change `metadata.\(entry.key)`, by which the manifest is known",
            at: entry.keyOrigin, length: entry.key.unicodeScalars.count))
        return nil
      }
    }
    return Overlay(
      kind: kind, name: match["name"]?.string ?? "*", namespace: match["namespace"]?.string, merge: merge,
      origin: match.origin)
  }
}
