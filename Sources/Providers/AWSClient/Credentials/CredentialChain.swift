import HTTP
import Platform
import ProviderKit
import Values

/// Finds the keys for one half of a target, in the order AWS's own tools look for them.
///
/// A profile that the target names; else the environment's keys; else the profile of `AWS_PROFILE`; else a web identity
/// in the environment; else the profile `default`; else the container's server of keys; else the instance's. A role of
/// the target is assumed with what was found. Nothing is asked before the first call needs keys.
package struct CredentialChain: Sendable {
  let machine: ClientMachine
  let profiles: Profiles
  let region: String
  let endpoints: AWSEndpoints

  package init(_ machine: ClientMachine, profiles: Profiles, region: String, endpoints: AWSEndpoints) {
    self.machine = machine
    self.profiles = profiles
    self.region = region
    self.endpoints = endpoints
  }

  package func source(
    _ settings: AWSTargetSettings.CredentialSettings, targetProfile: String?
  ) throws(ProviderError) -> any CredentialSource {
    let base = try base(settings.profile ?? targetProfile)
    guard let role = settings.assumeRole else { return base }
    let externalID = try settings.externalIDVariable.map { name throws(ProviderError) in
      guard let value = machine.environment.nonEmpty(name) else {
        throw CredentialError.failed("the external id is read from `\(name)`, which is not set")
      }
      return value
    }
    return assumed(role, by: base, externalID: externalID, sessionName: settings.sessionName)
  }

  private func base(_ explicit: String?) throws(ProviderError) -> any CredentialSource {
    if let explicit { return try profile(explicit, above: []) }
    if let keys = environmentKeys() { return StaticCredentials(keys) }
    var tried = ["`AWS_ACCESS_KEY_ID` with `AWS_SECRET_ACCESS_KEY` is not set"]
    let named = machine.environment.nonEmpty("AWS_PROFILE") ?? machine.environment.nonEmpty("AWS_DEFAULT_PROFILE")
    if let named { return try profile(named, above: []) }
    tried.append("`AWS_PROFILE` is not set")
    if let identity = WebIdentity(machine.environment) { return cached(identity) }
    tried.append("`AWS_WEB_IDENTITY_TOKEN_FILE` with `AWS_ROLE_ARN` is not set")
    if let settings = profiles["default"], Self.givesKeys(settings) { return try profile("default", above: []) }
    tried.append(profiles["default"] == nil ? "there is no profile `default`" : "the profile `default` gives no keys")
    if let container = try ContainerCredentials(machine) { return cached(container.fetch) }
    tried.append("no container names its server of keys (`AWS_CONTAINER_CREDENTIALS_FULL_URI`)")
    guard let metadata = InstanceMetadata(machine) else {
      tried.append("instance metadata is switched off (`AWS_EC2_METADATA_DISABLED`)")
      throw CredentialError.nothing(tried)
    }
    return cached { [tried] () async throws(ProviderError) in
      do throws(ProviderError) { return try await metadata.fetch() } catch {
        throw CredentialError.nothing(tried + [error.message])
      }
    }
  }

  func environmentKeys() -> AWSCredentials? {
    guard let id = machine.environment.nonEmpty("AWS_ACCESS_KEY_ID"),
      let secret = machine.environment.nonEmpty("AWS_SECRET_ACCESS_KEY")
    else { return nil }
    return AWSCredentials(
      accessKeyID: id, secretAccessKey: secret,
      sessionToken: machine.environment.nonEmpty("AWS_SESSION_TOKEN"))
  }

  func cached(_ fetch: @escaping CachedCredentials<AWSCredentials>.Fetch) -> any CredentialSource {
    CachedCredentials(time: machine.time, fetch)
  }

  func cached(_ identity: WebIdentity) -> any CredentialSource {
    let client = AWSClient(machine, region: region, endpoints: endpoints, credentials: nil)
    return cached { [machine] () async throws(ProviderError) in try await identity.fetch(client, machine.files) }
  }

  func assumed(
    _ role: String, by base: any CredentialSource, externalID: String?, sessionName: String?
  ) -> any CredentialSource {
    let client = AWSClient(machine, region: region, endpoints: endpoints, credentials: base)
    return cached { () async throws(ProviderError) in
      try await AssumedRole.fetch(role, client, externalID: externalID, sessionName: sessionName ?? "plumb")
    }
  }
}

package enum CredentialError {
  /// There are no keys to ask with, so nothing has happened.
  package static func failed(_ message: String) -> ProviderError {
    ProviderError(.denied(permission: nil), effect: .none, message)
  }

  /// No place had any: says which were looked at, and why not there.
  package static func nothing(of cloud: String = "AWS", _ tried: [String]) -> ProviderError {
    failed("no credentials of \(cloud): \(tried.joined(separator: "; "))")
  }
}
