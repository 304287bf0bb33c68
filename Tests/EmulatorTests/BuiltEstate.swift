import Platform
import TestSupport
import Testing
import Values

/// A folder with an estate, worked on by the built program.
protocol BuiltEstate: Sendable {
  var folder: TemporaryDirectory { get }
  /// All that the program sees of this machine.
  var environment: Environment { get }
}

extension BuiltEstate {
  /// Replaces a text that must stand in the file.
  func edit(_ name: String, _ old: String, _ new: String) throws {
    let text = try #require(TextFile.read(folder.file(name)))
    try #require(text.contains(old))
    folder.write(text.replacing(old, with: new), to: name)
  }

  func plumb(_ line: String) async throws -> ProcessGate.Answer {
    try await ProcessGate.run(words(line), environment: environment, directory: folder.path)
  }

  /// The same, held back until `prepare` knows the process.
  func plumb(
    _ line: String, isCounted: Bool = true, prepare: (Int32) async throws -> Void
  ) async throws -> ProcessGate.Answer {
    try await ProcessGate.run(
      words(line), environment: environment, directory: folder.path, isCounted: isCounted, prepare: prepare)
  }

  private func words(_ line: String) -> [String] { [BuiltProgram.path] + line.split(separator: " ").map(String.init) }

  /// Expects an exit code and a text in what the program prints.
  func expect(
    _ line: String, code: Int32 = 0, says text: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let answer = try await plumb(line)
    #expect(answer.code == code, "\(answer.errorText)\(answer.text.suffix(2_000))", sourceLocation: sourceLocation)
    #expect(
      (answer.text + answer.errorText).contains(text), "\(answer.text)\(answer.errorText)",
      sourceLocation: sourceLocation)
  }

  /// What the inventory holds: the provider's id by address.
  func recorded() async throws -> [String: String] {
    let answer = try await plumb("inventory list --json")
    try #require(answer.code == 0, "\(answer.errorText)")
    var ids: [String: String] = [:]
    for line in answer.text.split(separator: "\n") {
      guard let record = try JSONReader.parse(Array(line.utf8))["record"] else { continue }
      ids[record["address"]?.string ?? ""] = record["id"]?.string
    }
    return ids
  }
}
