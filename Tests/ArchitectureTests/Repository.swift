import Platform

/// One text file of the project; the path is relative to the project's root.
struct SourceFile: Sendable {
  let path: String
  let text: ByteText
  /// The text as code and comments; of a Swift file only.
  let swift: SwiftText?

  init(_ path: String, bytes: [UInt8]) {
    self.path = path
    text = ByteText(bytes)
    swift = path.hasSuffix(".swift") ? SwiftText(bytes) : nil
  }

  init(_ path: String, _ text: String) { self.init(path, bytes: Array(text.utf8)) }

  var string: String { String(decoding: text.bytes, as: UTF8.self) }

  /// `Values` of `Sources/Base/Values/Value.swift`; nil outside of a target's folder.
  var target: String? {
    let parts = path.split(separator: "/").map(String.init)
    return parts.first == "Sources" && parts.count > 3 ? parts[2] : nil
  }

  var isTest: Bool { path.hasPrefix("Tests/") }
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// The project's own files.
struct Repository: Sendable {
  var files: [SourceFile]

  static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")

  var swiftFiles: [SourceFile] { files.filter { $0.swift != nil } }

  func file(_ path: String) -> SourceFile? { files.first { $0.path == path } }

  private static let patterns = [
    "Sources/**/*.swift", "Sources/**/*.h", "Sources/**/*.c", "Sources/**/*.modulemap", "Sources/**/*.yaml",
    "Tests/**/*.swift", "Tests/**/*.py", "Tests/**/Snapshots/**/*", "Benchmarks/**/*.swift", "examples/**/*",
    "schemas/**/*", "Documentation/**/*.md", "*.md", "Package.swift", "Makefile", ".ci/*",
  ]

  static func load() throws -> Repository {
    let include = try patterns.map { try GlobPattern($0) }
    let exclude = try [".build*/**", ".venv/**", "dist/**", "examples/**/.plumb/**"].map { try GlobPattern($0) }
    let files = LocalFiles()
    let found = try DirectoryWalk(files).find(include, excluding: exclude, under: root)
    return Repository(
      files: try found.paths.map { SourceFile($0, bytes: try files.read("\(root)/\($0)")) })
  }
}

/// One breach of a house rule.
struct Violation: Hashable, Sendable, CustomStringConvertible {
  var path: String
  var line: Int?
  var message: String

  init(_ file: SourceFile, line: Int? = nil, _ message: String) {
    path = file.path
    self.line = line
    self.message = message
  }

  init(path: String, _ message: String) {
    self.path = path
    self.message = message
  }

  var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(message)" }
}
