import Expressions
import Manifests
import Values

/// A manifest as rules read it.
struct ManifestFacts {
  let variables: [String: Operand]

  init(_ document: ManifestDocument) {
    let body = Value.build { WantedFields.append(document.body, into: &$0) }
    variables = [
      "address": .string(document.address), "kind": .string(document.kind),
      "apiVersion": .string(body["apiVersion"]?.string ?? ""), "metadata": .value(body["metadata"] ?? .map([])),
      "spec": .value(body["spec"] ?? .map([])), "object": .value(body),
    ]
  }
}
