import AWSClient
import Platform
import ProviderKit

/// A file that holds a token and nothing else, which somebody else keeps fresh; read again when a service refuses what
/// it held.
struct TokenFile: Sendable {
  var path: String
  var files: any FileSystem

  private static let maximumSize = 64 << 10

  func fetch() async throws(ProviderError) -> AccessToken {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try files.read(path, limit: Self.maximumSize) } catch {
      throw CredentialError.failed("the access token cannot be read: \(error)")
    }
    let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard words.count == 1, let token = words.first else {
      throw CredentialError.failed("`\(path)` does not hold one access token")
    }
    return AccessToken(String(token))
  }
}
