import Builtins
import Platform
import TestSupport
import Testing

@Suite("embedded files")
struct BuiltinFileTests {
  private static let folder =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    + "/Sources/CLibraries/CBuiltins"

  @Test("every file of the folders is embedded; after a new one, run .ci/embed")
  func complete() throws {
    let found = try DirectoryWalk(LocalFiles()).find(
      [try GlobPattern("*/**/*")], excluding: [try GlobPattern("include/*")], under: Self.folder)
    let below = found.paths
    #expect(!below.isEmpty)
    #expect(below.filter { BuiltinFile.named($0) == nil } == [])
  }

  @Test(
    "every file is found by its name, in order, and is what lies in the folder",
    arguments: ["Blueprints", "Policies"])
  func files(_ folder: String) throws {
    let files = BuiltinFile.all(below: folder)
    #expect(!files.isEmpty && files.map(\.name) == files.map(\.name).sorted())
    for file in files {
      let text = try #require(TextFile.read("\(Self.folder)/\(file.name)"))
      #expect(String(decoding: file.bytes, as: UTF8.self) == text)
      #expect(BuiltinFile.named(file.name)?.bytes == file.bytes)
    }
    #expect(BuiltinFile.named("Policies") == nil && BuiltinFile.all(below: "Policie").isEmpty)
  }
}
