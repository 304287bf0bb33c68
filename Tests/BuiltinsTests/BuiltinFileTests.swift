import Builtins
import TestSupport
import Testing

@Suite("embedded files")
struct BuiltinFileTests {
  @Test("every file is found by its name, in order, and is what lies in the folder")
  func files() throws {
    let files = BuiltinFile.all(below: "Policies")
    #expect(files.map(\.name) == files.map(\.name).sorted())
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    for file in files {
      let text = try #require(TextFile.read("\(folder)/Sources/CLibraries/CBuiltins/\(file.name)"))
      #expect(String(decoding: file.bytes, as: UTF8.self) == text)
      #expect(BuiltinFile.named(file.name)?.bytes == file.bytes)
    }
    #expect(BuiltinFile.named("Policies") == nil && BuiltinFile.all(below: "Policie").isEmpty)
  }
}
