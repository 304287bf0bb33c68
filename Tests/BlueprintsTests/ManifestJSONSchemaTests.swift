import AWSProvider
import Blueprints
import Platform
import Resources
import TestSupport
import Testing
import Values

@Suite("JSON Schema of manifests")
struct ManifestJSONSchemaTests {
  @Test("schemas/manifest.schema.json is what the types say; a missing file is written")
  func file() {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    let path = "\(folder)/schemas/manifest.schema.json"
    let kinds = KindCatalog.make([], providers: EstateFixture.providers).catalog.all
    let text = JSONWriter(.pretty).text(ManifestJSONSchema.schema(of: AWSCatalog.catalog, kinds: kinds)) + "\n"
    let written = TextFile.read(path)
    if written == nil { TextFile.write(text, to: path) }
    #expect(written == text, "remove the file, run again, and look at the difference")
  }

  /// Those that `plumb schema` writes beside the one of everything, by their names below `schemas`.
  private static let single: [(name: String, schema: Value)] =
    KindCatalog.make([], providers: EstateFixture.providers).catalog.all.map {
      ("kinds/\($0.name.kind).json", ManifestJSONSchema.schema(of: $0))
    }
    + AWSCatalog.catalog.all.compactMap { type in
      ManifestJSONSchema.schema(of: type).map { ("types/aws/\(type.name.kind).json", $0) }
    }

  @Test(
    "the schema of each kind and of each type is what it says; a missing file is written", arguments: single.map(\.name)
  )
  func schemaFile(name: String) throws {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    let schema = try #require(Self.single.first { $0.name == name }?.schema)
    let path = "\(folder)/schemas/\(name)"
    let text = JSONWriter(.pretty).text(schema) + "\n"
    let written = TextFile.read(path)
    if written == nil {
      try LocalFiles().makeDirectory(path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }, mode: 0o755)
      TextFile.write(text, to: path)
    }
    #expect(written == text, "remove schemas/\(name), run again, and look at the difference")
  }

  @Test("no schema is left of a kind or type that is gone", arguments: ["kinds", "types/aws"])
  func leftovers(folder: String) throws {
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    let found = try LocalFiles().list("\(root)/schemas/\(folder)").map { "\(folder)/\($0)" }.sorted()
    #expect(found == Self.single.map(\.name).filter { $0.hasPrefix("\(folder)/") }.sorted())
  }

  @Test("a name that defaults to the manifest's need not be written")
  func nameField() throws {
    let schema = ManifestJSONSchema.schema(of: AWSCatalog.catalog)
    let choices = try #require(schema["allOf"])
    let bucket = try #require(choices.elements.first { $0["if"]?["properties"]?["kind"]?["const"] == "Bucket" })
    #expect(bucket["then"]?["properties"]?["spec"]?["required"] == nil)
    #expect(bucket["then"]?["properties"]?["metadata"]?["required"] == ["name"])
  }
}
