import Platform
import ProviderKit
import Values

/// Finds the keys for one half of a target, in the order AWS's own tools look for them.
///
/// A profile that the target names; else the environment's keys; else the profile of `AWS_PROFILE`, or `default`.
/// A role of the target is assumed with what was found. Nothing is asked before the first call needs keys.
package struct CredentialChain: Sendable {
  private let machine: AWSMachine
  private let profiles: Profiles
  private let region: String
  private let endpoints: AWSEndpoints

  package init(_ machine: AWSMachine, profiles: Profiles, region: String, endpoints: AWSEndpoints) {
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
    let name =
      machine.environment.nonEmpty("AWS_PROFILE") ?? machine.environment.nonEmpty("AWS_DEFAULT_PROFILE")
    guard let name = name ?? (profiles["default"] == nil ? nil : "default") else {
      throw CredentialError.failed(
        "no credentials: neither `AWS_ACCESS_KEY_ID`, nor `AWS_PROFILE`, nor a profile `default` is there")
    }
    return try profile(name, above: [])
  }

  private func environmentKeys() -> AWSCredentials? {
    guard let id = machine.environment.nonEmpty("AWS_ACCESS_KEY_ID"),
      let secret = machine.environment.nonEmpty("AWS_SECRET_ACCESS_KEY")
    else { return nil }
    return AWSCredentials(
      accessKeyID: id, secretAccessKey: secret,
      sessionToken: machine.environment.nonEmpty("AWS_SESSION_TOKEN"))
  }

  /// `above` holds the profiles whose `source_profile` led here.
  private func profile(_ name: String, above: [String]) throws(ProviderError) -> any CredentialSource {
    guard let settings = profiles[name] else {
      throw CredentialError.failed(
        "no profile `\(name)`: there are \(profiles.names.joined(separator: ", "))")
    }
    guard let role = settings["role_arn"], above.last != name else { return try keys(of: name, settings) }
    guard !above.contains(name) else {
      throw CredentialError.failed("profiles lead in a circle: \((above + [name]).joined(separator: " → "))")
    }
    let base: any CredentialSource
    if let source = settings["source_profile"] {
      base = try profile(source, above: above + [name])
    } else if settings["credential_source"] == "Environment", let keys = environmentKeys() {
      base = StaticCredentials(keys)
    } else {
      throw CredentialError.failed(
        "profile `\(name)` has a `role_arn` and no `source_profile` to assume it with")
    }
    return assumed(
      role, by: base, externalID: settings["external_id"], sessionName: settings["role_session_name"])
  }

  private func keys(of name: String, _ settings: [String: String]) throws(ProviderError)
    -> any CredentialSource
  {
    if let id = settings["aws_access_key_id"], let secret = settings["aws_secret_access_key"] {
      return StaticCredentials(
        AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: settings["aws_session_token"]))
    }
    guard let command = settings["credential_process"] else {
      let isSSO = settings.keys.contains { $0.hasPrefix("sso_") }
      throw CredentialError.failed(
        "profile `\(name)` holds no keys"
          + (isSSO ? ": for single sign-on use `credential_process = aws configure export-credentials`" : ""))
    }
    return CachedCredentials(time: machine.time) { [machine] () async throws(ProviderError) in
      try await CredentialProcess.run(command, machine.children, machine.environment)
    }
  }

  private func assumed(
    _ role: String, by base: any CredentialSource, externalID: String?, sessionName: String?
  ) -> any CredentialSource {
    let client = AWSClient(machine, region: region, endpoints: endpoints, credentials: base)
    return CachedCredentials(time: machine.time) { () async throws(ProviderError) in
      try await AssumedRole.fetch(role, client, externalID: externalID, sessionName: sessionName ?? "plumb")
    }
  }
}

/// Keys of a role, from STS.
enum AssumedRole {
  static func fetch(
    _ role: String, _ client: AWSClient, externalID: String?, sessionName: String
  ) async throws(ProviderError) -> AWSCredentials {
    var entries: [(String, Value)] = [("RoleArn", .string(role)), ("RoleSessionName", .string(sessionName))]
    if let externalID { entries.append(("ExternalId", .string(externalID))) }
    let answer = try await client.send(AWSCall(.sts, "AssumeRole", .read, .map(entries)))
    let keys = answer.value.at("AssumeRoleResult.Credentials")
    guard let id = keys?.text("AccessKeyId"), let secret = keys?.text("SecretAccessKey") else {
      throw CredentialError.failed("`sts:AssumeRole` gave no keys for `\(role)`")
    }
    return AWSCredentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: keys?.text("SessionToken"),
      expires: keys?.text("Expiration").flatMap { Instant(rfc3339: $0) })
  }
}
