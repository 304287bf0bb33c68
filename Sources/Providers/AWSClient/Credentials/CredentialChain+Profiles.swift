import HTTP
import Platform
import ProviderKit

extension CredentialChain {
  /// `above` holds the profiles whose `source_profile` led here.
  func profile(_ name: String, above: [String]) throws(ProviderError) -> any CredentialSource {
    guard let settings = profiles[name] else {
      throw CredentialError.failed(
        profiles.names.isEmpty
          ? "no profile `\(name)`: there are none"
          : "no profile `\(name)`: there are \(profiles.names.joined(separator: ", "))")
    }
    guard let role = settings["role_arn"], above.last != name else { return try keys(of: name, settings) }
    guard !above.contains(name) else {
      throw CredentialError.failed("profiles lead in a circle: \((above + [name]).joined(separator: " → "))")
    }
    if let identity = WebIdentity(profile: settings) { return cached(identity) }
    let base: any CredentialSource
    if let source = settings["source_profile"] {
      base = try profile(source, above: above + [name])
    } else if let source = settings["credential_source"] {
      base = try self.source(named: source, name)
    } else {
      throw CredentialError.failed(
        "profile `\(name)` has a `role_arn` and no `source_profile`, `credential_source` or "
          + "`web_identity_token_file` to assume it with")
    }
    return assumed(
      role, by: base, externalID: settings["external_id"], sessionName: settings["role_session_name"])
  }

  /// Whether a profile says anything of keys; one that only names a region does not.
  static func givesKeys(_ settings: [String: String]) -> Bool {
    ["aws_access_key_id", "role_arn", "credential_process", "sso_session", "sso_start_url"].contains {
      settings[$0] != nil
    }
  }

  /// What `credential_source` names.
  private func source(named source: String, _ profile: String) throws(ProviderError) -> any CredentialSource {
    switch source {
    case "Environment":
      if let keys = environmentKeys() { return StaticCredentials(keys) }
    case "EcsContainer":
      if let container = try ContainerCredentials(machine) { return cached(container.fetch) }
    case "Ec2InstanceMetadata":
      if let metadata = InstanceMetadata(machine) { return cached(metadata.fetch) }
    default: break
    }
    throw CredentialError.failed("profile `\(profile)`: its `credential_source` `\(source)` gives no keys here")
  }

  private func keys(of name: String, _ settings: [String: String]) throws(ProviderError)
    -> any CredentialSource
  {
    if settings["sso_session"] != nil || settings["sso_start_url"] != nil {
      let login = try SingleSignOn(profile: name, settings, profiles, machine, endpoints)
      return cached(login.fetch)
    }
    if let id = settings["aws_access_key_id"], let secret = settings["aws_secret_access_key"] {
      return StaticCredentials(
        AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: settings["aws_session_token"]))
    }
    guard let command = settings["credential_process"] else {
      throw CredentialError.failed(
        "profile `\(name)` holds no keys, role, `credential_process` or single sign-on")
    }
    return cached { [machine] () async throws(ProviderError) in
      try await CredentialProcess.run(command, machine.children, machine.environment)
    }
  }
}
