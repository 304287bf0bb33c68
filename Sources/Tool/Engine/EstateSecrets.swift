import Applying
import Platform
import ProviderKit
import Resources
import Synchronization
import Values

/// Reads secrets from the places that manifests name, each once.
///
/// Nothing of a secret gets into an error: neither what a program prints to its standard error nor what a service says.
final class EstateSecrets: SecretSource {
  /// Bytes of one secret.
  static let byteLimit = 65_536
  /// How long a program may take; a person may have to unlock something.
  static let commandTimeout = Duration.seconds(60)

  private struct Key: Hashable {
    var reference: SecretReference
    /// nil where the place does not depend on it.
    var target: TargetName?
  }

  private let world: World
  private let root: String
  private let targets: [Target]
  private let known = Mutex<[Key: Result<Value, SecretProblem>]>([:])

  init(_ world: World, root: String, targets: [Target]) {
    self.world = world
    self.root = root
    self.targets = targets
  }

  func value(_ reference: SecretReference, for target: TargetName) async throws(SecretProblem) -> Value {
    var key = Key(reference: reference, target: nil)
    if case .secretManager = reference.place { key.target = reference.target ?? target }
    if let found = known.withLock({ $0[key] }) { return try found.get() }
    let result: Result<Value, SecretProblem>
    do throws(SecretProblem) {
      let text = try await text(reference, key.target ?? target)
      guard text.utf8.count <= Self.byteLimit else {
        throw SecretProblem("\(reference.phrase) holds more than \(Self.byteLimit) bytes")
      }
      guard !text.isEmpty else { throw SecretProblem("\(reference.phrase) is empty") }
      result = .success(Value.string(text).markedSensitive)
    } catch {
      result = .failure(error)
    }
    known.withLock { $0[key] = result }
    return try result.get()
  }

  private func text(_ reference: SecretReference, _ target: TargetName) async throws(SecretProblem) -> String {
    switch reference.place {
    case .environment(let name):
      guard let text = world.environment[name] else { throw SecretProblem("\(reference.phrase) is not set") }
      return text
    case .file(let path): return try await file(path, reference)
    case .command(let line): return try await command(line, reference)
    case .secretManager(_, let key):
      let text = try await stored(reference, target)
      guard let key else { return text }
      return try Self.member(key, of: text, reference)
    }
  }

  // MARK: Places

  private func file(_ path: String, _ reference: SecretReference) async throws(SecretProblem) -> String {
    let files = world.files, root = root
    let bytes: [UInt8]?
    do throws(FileError) {
      bytes = try await offPool { () throws(FileError) -> [UInt8]? in
        let full = try files.resolve(path.hasPrefix("/") ? path : "\(root)/\(path)")
        let folder = try files.resolve(root)
        // A relative path is part of the estate, and the estate may come from somebody else.
        guard path.hasPrefix("/") || full.hasPrefix(folder == "/" ? "/" : folder + "/") else { return nil }
        return try files.read(full, limit: Self.byteLimit)
      }
    } catch {
      throw SecretProblem("\(reference.phrase) cannot be read: \(error.text)")
    }
    guard let bytes else { throw SecretProblem.outside(reference) }
    return try Self.text(bytes, reference)
  }

  private func command(_ line: String, _ reference: SecretReference) async throws(SecretProblem) -> String {
    guard let words = ShellWords.split(line), !words.isEmpty else {
      throw SecretProblem("\(reference.phrase) names no program: a quote may be open")
    }
    var child = ChildCommand(words, environment: world.environment, directory: root)
    child.timeout = Self.commandTimeout
    child.output = .capture(limit: Self.byteLimit)
    // What a program complains of may hold the secret.
    child.errorOutput = .discard
    let result: ChildResult
    do throws(ChildError) { result = try await world.children.run(child) } catch {
      throw SecretProblem("\(reference.phrase): \(error)")
    }
    if result.didTimeOut { throw SecretProblem("\(reference.phrase) took longer than \(Self.commandTimeout)") }
    guard result.status == .exited(0) else {
      throw SecretProblem("\(reference.phrase) ended with status \(result.status.code)")
    }
    guard !result.isTruncated else {
      throw SecretProblem("\(reference.phrase) prints more than \(Self.byteLimit) bytes")
    }
    return try Self.text(result.output, reference)
  }

  private func stored(_ reference: SecretReference, _ name: TargetName) async throws(SecretProblem) -> String {
    guard let target = targets.first(where: { $0.name == name }), let provider = world.providers[target.provider] else {
      throw SecretProblem("\(reference.phrase): there is no target `\(name)`")
    }
    do throws(ProviderError) {
      let value = try await provider.reader(target).resolve(reference)
      return value.spelling
    } catch {
      let code = error.request.code.map { " (\($0))" } ?? ""
      throw SecretProblem("\(reference.phrase) cannot be read from `\(name)`\(code)")
    }
  }

  // MARK: Texts

  /// The text without the line break at its end, which editors and programs add.
  private static func text(_ bytes: [UInt8], _ reference: SecretReference) throws(SecretProblem) -> String {
    guard var text = String(validating: bytes, as: UTF8.self) else {
      throw SecretProblem("\(reference.phrase) holds no text")
    }
    if text.last?.isNewline == true { text.removeLast() }
    return text
  }

  private static func member(_ key: String, of text: String, _ reference: SecretReference) throws(SecretProblem)
    -> String
  {
    let document: Value
    do throws(JSONError) { document = try JSONReader.parse(text) } catch {
      throw SecretProblem("\(reference.phrase) is no JSON, so that it has no key `\(key)`")
    }
    guard let member = document[key], member.kind != .map, member.kind != .list, !member.isNull else {
      throw SecretProblem("\(reference.phrase) has no key `\(key)`")
    }
    return member.kind == .bool ? (member.bool == true ? "true" : "false") : member.spelling
  }
}

extension SecretProblem {
  fileprivate static func outside(_ reference: SecretReference) -> SecretProblem {
    SecretProblem("\(reference.phrase) is a way out of the estate; write an absolute path if it is meant")
  }
}
