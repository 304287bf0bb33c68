import Diagnostics
import Expressions
import Manifests
import Resources
import Schemas
import Values

/// A kind that blueprints define: what its manifests look like, and the documents that say what they stand for.
package final class Kind: Sendable {
  package let name: KindName
  /// One sentence.
  package let summary: String
  /// Of `spec`.
  package let schema: Schema
  package let parameters: [Parameter]
  /// The names of all outputs, of any variant.
  package let outputNames: [String]
  package let isBuiltin: Bool
  /// The defining document.
  package let origin: SourcePosition?
  /// References, the first of which gives a manifest its target: `["cloudRef"]` of `spec.cloudRef`.
  let placement: [[String]]
  /// The defining document first.
  let documents: [BlueprintDocument]

  /// A value that a policy may set.
  package struct Parameter: Sendable {
    package let name: String
    package let field: Field

    package var standard: Value? { field.standard }
  }

  init(
    _ definition: BlueprintDocument, extensions: [BlueprintDocument], schema: Schema, parameters: [Parameter],
    placement: [[String]], isBuiltin: Bool
  ) {
    name = definition.kind
    summary = definition.summary
    self.schema = schema
    self.parameters = parameters
    self.placement = placement
    self.isBuiltin = isBuiltin
    origin = definition.origin
    documents = [definition] + extensions
    var names: [String] = []
    for output in documents.flatMap(\.outputs) where !names.contains(output.name) { names.append(output.name) }
    outputNames = names
  }

  /// The providers that it has resources for, sorted; empty where it has none of its own.
  package var providers: [String] {
    Set(documents.flatMap { $0.variants.map(\.provider) }).subtracting([BlueprintReader.anyProvider]).sorted()
  }

  /// The types of its resources on a provider, each once, in the order of the blueprint.
  package func resourceTypes(on provider: String) -> [TypeName] {
    var types: [TypeName] = []
    for variant in documents.flatMap(\.variants)
    where variant.provider == provider || variant.provider == BlueprintReader.anyProvider {
      for entry in variant.entries where !types.contains(entry.type) { types.append(entry.type) }
    }
    return types
  }

  /// True where it stands for nothing, or for the same on every provider.
  var fitsAnyProvider: Bool {
    providers.isEmpty || documents.contains { $0.variants.contains { $0.provider == BlueprintReader.anyProvider } }
  }
}
