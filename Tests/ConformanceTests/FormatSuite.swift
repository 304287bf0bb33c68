import Diagnostics
import Platform
import TestSupport
import Testing
import Values
import YAML

/// Formatting moves text, and changes nothing that is written: no value, no comment, no order, no quote.
@Suite("formatting of everything at hand")
struct FormatSuite {
  /// What is wrong with the formatted text; nil where nothing is.
  private static func failure(_ source: [UInt8]) -> String? {
    guard let once = YAMLFormatter.format(source) else { return "is refused" }
    let before = YAMLReader.parse(source, file: "a"), after = YAMLReader.parse(once, file: "a")
    if before.documents != after.documents { return "has other values" }
    if ink(source) != ink(once) { return "lost or moved something that is written" }
    return YAMLFormatter.format(once) == once ? nil : "changes when it is formatted again"
  }

  /// Everything that is no white space, in order: keys, values, marks and comments.
  private static func ink(_ text: [UInt8]) -> [UInt8] { text.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } }

  @Test("every YAML file of the project keeps its values, comments and order, however its levels are indented")
  func project() throws {
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    let include = try ["examples/**/*.yaml", "Tests/**/*.yaml", "Sources/**/*.yaml"].map { try GlobPattern($0) }
    let files = LocalFiles()
    let paths = try DirectoryWalk(files).find(include, excluding: [try GlobPattern("Tests/Fuzzers/**")], under: root)
      .paths
    #expect(paths.count >= 80)
    var moved = 0
    for path in paths {
      let bytes = try files.read("\(root)/\(path)")
      if let problem = Self.failure(bytes) { Issue.record("\(path) \(problem)") }
      // Items whose keys stand beside their dash cannot be moved so.
      let wide = Self.widened(bytes)
      guard !YAMLReader.parse(wide, file: path).diagnostics.hasErrors else { continue }
      moved += 1
      if let problem = Self.failure(wide) { Issue.record("\(path), indented by six, \(problem)") }
    }
    #expect(moved >= 10)
  }

  /// The same with each level three times as deep, which also moves whole block scalars.
  private static func widened(_ text: [UInt8]) -> [UInt8] {
    let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
    let wide = lines.map { line -> [UInt8] in
      let indent = line.prefix { $0 == 0x20 }.count
      return [UInt8](repeating: 0x20, count: indent * 2) + line
    }
    return Array(wide.joined(separator: [0x0A]))
  }

  @Test("so does every case of yaml-test-suite that is read without an error")
  func cases() throws {
    guard let text = Suites.text("yaml/yaml-test-suite.jsonl", of: "yaml formatting") else { return }
    let cases = try JSONLines.parse(Array(text.utf8), file: "yaml-test-suite.jsonl").compactMap { example in
      (example["yaml"]?.string).map { (id: example["id"]?.string ?? "?", text: Array($0.utf8)) }
    }.filter { !YAMLReader.parse($0.text, file: "case").diagnostics.hasErrors }
    let failures = cases.compactMap { example in Self.failure(example.text).map { "\(example.id) \($0)" } }
    print("conformance yaml formatting: \(cases.count - failures.count) of \(cases.count)")
    #expect(cases.count > 140)
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }
}
