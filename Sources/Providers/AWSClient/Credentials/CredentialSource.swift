import Platform
import ProviderKit

/// Gives the keys to sign with, new ones where the old run out.
package protocol CredentialSource: Sendable {
  func credentials() async throws(ProviderError) -> AWSCredentials
}

/// Keys that stay.
package struct StaticCredentials: CredentialSource {
  private let keys: AWSCredentials
  package init(_ keys: AWSCredentials) { self.keys = keys }
  package func credentials() async throws(ProviderError) -> AWSCredentials { keys }
}

/// Keeps keys until five minutes before they expire; however many ask at once, they are fetched once.
package actor CachedCredentials: CredentialSource {
  package typealias Fetch = @Sendable () async throws(ProviderError) -> AWSCredentials
  /// A long call signed at the last moment still arrives in time.
  package static let margin = Duration.seconds(300)

  private let time: any TimeSource
  private let fetch: Fetch
  private var current: AWSCredentials?
  private var flight: Task<Result<AWSCredentials, ProviderError>, Never>?

  package init(time: any TimeSource, _ fetch: @escaping Fetch) {
    self.time = time
    self.fetch = fetch
  }

  package func credentials() async throws(ProviderError) -> AWSCredentials {
    if let current, current.expires.map({ $0 - Self.margin > time.now }) ?? true { return current }
    let task =
      flight
      ?? Task { [fetch] in
        do throws(ProviderError) { return .success(try await fetch()) } catch { return .failure(error) }
      }
    flight = task
    let result = await task.value
    if flight == task { flight = nil }
    current = try result.get()
    return try result.get()
  }
}
