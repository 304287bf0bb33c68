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

/// Something that opens doors, until it ends.
package protocol Expiring: Sendable {
  /// nil is never.
  var expires: Instant? { get }
}

/// Keeps keys until five minutes before they expire; however many ask at once, they are fetched once.
package actor CachedCredentials<Keys: Expiring> {
  package typealias Fetch = @Sendable () async throws(ProviderError) -> Keys
  /// A long call signed at the last moment still arrives in time.
  package static var margin: Duration { .seconds(300) }

  private let time: any TimeSource
  private let fetch: Fetch
  private var kept: Keys?
  private var flight: Task<Result<Keys, ProviderError>, Never>?

  package init(time: any TimeSource, _ fetch: @escaping Fetch) {
    self.time = time
    self.fetch = fetch
  }

  package func current() async throws(ProviderError) -> Keys {
    if let kept, kept.expires.map({ $0 - Self.margin > time.now }) ?? true { return kept }
    let task =
      flight
      ?? Task { [fetch] in
        do throws(ProviderError) { return .success(try await fetch()) } catch { return .failure(error) }
      }
    flight = task
    let result = await task.value
    if flight == task { flight = nil }
    kept = try result.get()
    return try result.get()
  }

  /// Forgets the keys where they are those that `isRefused` tells, since the service does not take them any more.
  package func drop(where isRefused: @Sendable (Keys) -> Bool) {
    if let kept, isRefused(kept) { self.kept = nil }
  }
}

extension AWSCredentials: Expiring {}

extension CachedCredentials: CredentialSource where Keys == AWSCredentials {
  package func credentials() async throws(ProviderError) -> AWSCredentials { try await current() }
}
