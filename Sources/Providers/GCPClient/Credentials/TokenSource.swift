import AWSClient
import Platform
import ProviderKit

/// What a request shows to be let in. It never shows in descriptions or dumps.
package struct AccessToken: Hashable, Sendable, Expiring {
  package var text: String
  package var expires: Instant?

  package init(_ text: String, expires: Instant? = nil) {
    self.text = text
    self.expires = expires
  }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "(sensitive)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["text": description]) }
}

/// Gives the token to ask with, a new one where the old runs out.
package protocol TokenSource: Sendable {
  func token() async throws(ProviderError) -> AccessToken
  /// Whether there may be another token than this one, which a service did not accept.
  func canReplace(_ token: AccessToken) async -> Bool
  /// The project that the credentials say pays for requests.
  var quotaProject: String? { get }
}

/// A token that stays.
package struct StaticToken: TokenSource {
  private let kept: AccessToken
  package let quotaProject: String?

  package init(_ text: String, quotaProject: String? = nil) {
    kept = AccessToken(text)
    self.quotaProject = quotaProject
  }

  package func token() async throws(ProviderError) -> AccessToken { kept }
  package func canReplace(_ token: AccessToken) async -> Bool { false }
}

/// A token that is fetched when it is needed, and again five minutes before it ends; once for all who wait for it.
package struct RenewedToken: TokenSource {
  private let cache: CachedCredentials<AccessToken>
  package let quotaProject: String?

  package init(
    time: any TimeSource, quotaProject: String? = nil, _ fetch: @escaping CachedCredentials<AccessToken>.Fetch
  ) {
    cache = CachedCredentials(time: time, fetch)
    self.quotaProject = quotaProject
  }

  package func token() async throws(ProviderError) -> AccessToken { try await cache.current() }

  package func canReplace(_ token: AccessToken) async -> Bool {
    await cache.drop { $0 == token }
    return true
  }
}
