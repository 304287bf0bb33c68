import AWSProvider
import Blueprints
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

  @Test("a name that defaults to the manifest's need not be written")
  func nameField() throws {
    let schema = ManifestJSONSchema.schema(of: AWSCatalog.catalog)
    let choices = try #require(schema["allOf"])
    let bucket = try #require(choices.elements.first { $0["if"]?["properties"]?["kind"]?["const"] == "Bucket" })
    #expect(bucket["then"]?["properties"]?["spec"]?["required"] == nil)
    #expect(bucket["then"]?["properties"]?["metadata"]?["required"] == ["name"])
  }
}
