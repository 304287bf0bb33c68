import Builtins
import Diagnostics
import Manifests
import Values
import YAML

/// The packs of rules that are part of the program: readable YAML, the same as anybody's.
package enum PolicyPacks {
  private static let folder = "Policies"

  /// By name, sorted.
  package static let names: [String] = BuiltinFile.all(below: folder).map { name(of: $0) }

  /// As positions name it: `pack baseline`.
  package static func label(_ name: String) -> String { "pack \(name)" }

  /// Reads a pack; nil where there is none of that name.
  static func read(_ name: String, _ reader: inout PolicyReader, _ sources: inout SourceTexts) -> Policy? {
    guard let file = BuiltinFile.named("\(folder)/\(name).yaml") else { return nil }
    let label = label(name)
    let (documents, problems) = YAMLReader.parse(file.bytes, file: label)
    sources.add(file.bytes, file: label)
    reader.diagnostics += problems
    return documents.first { $0.kind == .map }.flatMap { reader.read($0, pack: name) }
  }

  private static func name(of file: BuiltinFile) -> String {
    String(file.name.dropFirst(folder.utf8.count + 1).dropLast(".yaml".utf8.count))
  }
}

/// The prices that are part of the program.
package enum ListPrices {
  private static let file = "Prices/list.yaml"

  static func read(_ reader: inout PolicyReader, _ sources: inout SourceTexts) -> PriceTable? {
    guard let file = BuiltinFile.named(file) else { return nil }
    let (documents, problems) = YAMLReader.parse(file.bytes, file: "list prices")
    sources.add(file.bytes, file: "list prices")
    reader.diagnostics += problems
    return documents.first { $0.kind == .map }.flatMap { reader.priceDocument($0) }
  }
}
