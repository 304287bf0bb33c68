import Diagnostics
import Manifests
import Resources
import Schemas
import Values

extension Assembly {
  /// Checks a native object against the schema of its kind; what names it must fit where the kind lives.
  mutating func validateNative(_ declared: Declared, _ fields: Value) {
    let document = declared.document, type = declared.facts.type
    diagnostics += type.schema.validate(fields, path: document.kind, position: document.origin)
    let namespace = document.metadata?["namespace"]
    switch type.scope {
    case .namespace where namespace?.isNull ?? true:
      diagnostics.append(
        .error(
          .missingField, "`metadata` of a `\(document.kind)` needs `namespace` (string)",
          at: document.metadata?.origin ?? document.origin))
    case .cluster where namespace.map { !$0.isNull } ?? false:
      diagnostics.append(
        .error(
          .unknownField, "a `\(document.kind)` lives in no namespace", at: namespace?.origin ?? document.origin,
          hint: "remove `metadata.namespace`"))
    case .global, .account, .region, .zone, .project, .cluster, .namespace: break
    }
    checkAnnotations(document)
  }

  private mutating func checkAnnotations(_ document: ManifestDocument) {
    let known = ManifestDocument.annotations
    for entry in (document.metadata?["annotations"] ?? .null).entries
    where entry.key.hasPrefix("plumb.dev/") && !known.contains(entry.key) {
      diagnostics.append(
        .error(
          .lifecycleSetting, "there is no annotation `\(entry.key)`", at: entry.keyOrigin,
          length: entry.key.unicodeScalars.count,
          hint: Suggestion.hint(for: entry.key, among: known) ?? "there are: \(known.joined(separator: ", "))"))
    }
  }
}
