import Cryptography
import Platform

/// Where the estate's hash key is kept: `PLUMB_HASH_KEY`, else the file `key` (0600) beside the inventory.
///
/// Both hold the same text, so that a runner is given a colleague's key by copying it.
package struct HashKeyFile: Sendable {
  package static let variable = "PLUMB_HASH_KEY"
  /// Bytes of a key file; a longer one is no key.
  private static let sizeLimit = 4_096

  private let path: String
  private let folder: String
  private let files: any FileSystem
  private let environment: Environment

  /// `folder` is the estate's `.plumb`.
  package init(folder: String, files: any FileSystem, environment: Environment) {
    self.folder = folder
    path = "\(folder)/key"
    self.files = files
    self.environment = environment
  }

  /// The key where there is one; writes nothing.
  package func find() throws(StoreError) -> HashKey? {
    if let text = environment.nonEmpty(Self.variable) { return try key(Array(text.utf8), from: Self.variable) }
    let text: [UInt8]
    do throws(FileError) {
      guard try files.status(path) != nil else { return nil }
      text = try files.read(path, limit: Self.sizeLimit)
    } catch {
      throw StoreError(.unreadable, error.description)
    }
    return try key(text, from: path)
  }

  /// The key, made with random bytes where there is none.
  package func findOrMake(_ random: any RandomSource) throws(StoreError) -> HashKey {
    if let known = try find() { return known }
    let text = Hex.encode(random.bytes(32))
    do throws(FileError) {
      try files.makeDirectory(folder, mode: 0o700)
      try files.write(Array("\(text)\n".utf8), to: path, mode: 0o600, durability: .durable)
    } catch {
      throw StoreError(.unwritable, error.description)
    }
    return try key(Array(text.utf8), from: path)
  }

  private func key(_ text: [UInt8], from source: String) throws(StoreError) -> HashKey {
    let trimmed = text.split { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 }.first.map(Array.init) ?? []
    guard let key = HashKey(trimmed) else {
      throw StoreError(.unreadable, "the hash key in \(source) has less than \(HashKey.minimumByteCount) bytes")
    }
    return key
  }
}
