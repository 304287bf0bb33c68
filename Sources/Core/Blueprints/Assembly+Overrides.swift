import Diagnostics
import Manifests
import Resources
import Values

extension Assembly {
  /// Patches the fields of what manifests stand for, as `metadata.overrides` says.
  mutating func applyOverrides(to fields: [Value]) -> [Value] {
    var patched = fields
    var owned: [Int: [Int]] = [:]
    let overriding = expander.manifests.indices.filter {
      expander.manifests[$0].document.metadata?["overrides"]?.kind == .list
    }
    guard !overriding.isEmpty else { return fields }
    for (position, resource) in declared.enumerated() {
      if let manifest = resource.expansion?.manifest { owned[manifest, default: []].append(position) }
    }
    for manifest in overriding {
      let document = expander.manifests[manifest].document
      for override in document.metadata?["overrides"]?.elements.map({ $0 }) ?? [] {
        apply(override, to: owned[manifest] ?? [], &patched, document)
      }
    }
    return patched
  }

  private mutating func apply(
    _ override: Value, to positions: [Int], _ fields: inout [Value], _ document: ManifestDocument
  ) {
    guard let pattern = override["address"], let glob = pattern.string, let patch = override["patch"] else { return }
    let matching = positions.filter { declared[$0].address.matches(glob: glob) }
    if matching.isEmpty {
      let names = positions.map { declared[$0].address.text }
      return report(
        "`\(glob)` matches none of the resources of `\(document.address)`", pattern,
        hint: Suggestion.hint(for: glob, among: names)
          ?? (names.isEmpty ? nil : "it has: \(names.sorted().prefix(8).joined(separator: ", "))"))
    }
    guard patch.count <= BlueprintLimits.patchOperations else {
      return report("a patch has more than \(BlueprintLimits.patchOperations) operations", patch)
    }
    for position in matching {
      for operation in patch.elements {
        do throws(JSONPatch.Problem) {
          fields[position] = try JSONPatch.apply(operation, to: fields[position])
        } catch {
          report("`\(declared[position].address)` \(error.message)", operation["path"] ?? operation)
          break
        }
      }
    }
  }

  private mutating func report(_ message: String, _ value: Value, hint: String? = nil) {
    diagnostics.append(
      .error(
        .overrideProblem, message, at: value.origin, length: max(1, value.spelling.unicodeScalars.count), hint: hint))
  }
}
