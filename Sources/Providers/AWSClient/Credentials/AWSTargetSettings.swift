import HTTP
import ProviderKit
import Values

/// The settings of a target, as its manifest writes them below `spec`.
package struct AWSTargetSettings: Sendable {
  package var accountID: String?
  package var region: String?
  package var profile: String?
  package var endpoint: HTTPURL?
  /// By service name.
  package var endpoints: [String: HTTPURL] = [:]
  package var read = CredentialSettings()
  package var write = CredentialSettings()

  /// What to assume with which keys.
  package struct CredentialSettings: Sendable, Equatable {
    package var profile: String?
    package var assumeRole: String?
    /// The environment variable that holds the external id.
    package var externalIDVariable: String?
    package var sessionName: String?
    package init() {}
  }

  /// Reads the settings and says what is wrong with them, all at once. Unknown values (nil) are left out.
  package static func read(_ spec: Value) -> (settings: AWSTargetSettings, problems: [TargetProblem]) {
    var reader = SettingsReader()
    let settings = reader.settings(spec)
    return (settings, reader.problems)
  }
}

private struct SettingsReader {
  var problems: [TargetProblem] = []

  mutating func settings(_ spec: Value) -> AWSTargetSettings {
    var settings = AWSTargetSettings()
    let aws = ValuePath().appending("aws")
    if let map = spec["aws"] { readTarget(map, aws, &settings) }
    guard let credentials = spec["credentials"] else { return settings }
    let path = ValuePath().appending("credentials")
    if credentials["read"] != nil || credentials["write"] != nil {
      check(credentials, path, allowed: ["read", "write"])
      settings.read = half(credentials["read"] ?? credentials["write"] ?? .null, path.appending("read"))
      settings.write = half(credentials["write"] ?? .null, path.appending("write"))
    } else {
      settings.read = half(credentials, path)
      settings.write = settings.read
    }
    return settings
  }

  private mutating func readTarget(_ map: Value, _ path: ValuePath, _ settings: inout AWSTargetSettings) {
    check(map, path, allowed: ["accountId", "region", "profile", "endpoint", "endpoints", "limits"])
    settings.accountID = text(map, "accountId", path)
    settings.region = text(map, "region", path)
    settings.profile = text(map, "profile", path)
    settings.endpoint = text(map, "endpoint", path).flatMap { url($0, path.appending("endpoint")) }
    for entry in map["endpoints"]?.entries ?? Value.null.entries {
      let place = path.appending("endpoints").appending(entry.key)
      if !Self.services.contains(entry.key) {
        problem(place, "no service `\(entry.key)`", "one of \(Self.services.joined(separator: ", "))")
      }
      settings.endpoints[entry.key] = entry.value.string.flatMap { url($0, place) }
    }
    if let account = settings.accountID,
      account.utf8.count != 12 || !account.utf8.allSatisfy({ (48...57).contains($0) })
    {
      problem(
        path.appending("accountId"), "an account id has 12 digits", "write it in quotes: \"012345678901\"")
    }
  }

  private mutating func half(_ map: Value, _ path: ValuePath) -> AWSTargetSettings.CredentialSettings {
    var half = AWSTargetSettings.CredentialSettings()
    check(map, path, allowed: ["profile", "assumeRole", "externalIdFrom", "sessionName"])
    half.profile = text(map, "profile", path)
    half.assumeRole = text(map, "assumeRole", path)
    half.sessionName = text(map, "sessionName", path)
    if let external = map["externalIdFrom"] {
      half.externalIDVariable = text(external, "env", path.appending("externalIdFrom"))
    }
    if let role = half.assumeRole, !role.hasPrefix("arn:") || !role.contains(":role/") {
      problem(
        path.appending("assumeRole"), "`\(role)` is no role",
        "such as arn:aws:iam::123456789012:role/plumb-plan")
    }
    return half
  }

  private mutating func text(_ map: Value, _ key: String, _ path: ValuePath) -> String? {
    guard let value = map[key] else { return nil }
    if let text = value.string { return text }
    if key == "accountId", value.kind == .int { return value.spelling }
    problem(path.appending(key), "`\(key)` is a text")
    return nil
  }

  private mutating func url(_ text: String, _ path: ValuePath) -> HTTPURL? {
    if let url = HTTPURL(text) { return url }
    problem(path, "`\(text)` is no URL", "such as http://127.0.0.1:5000")
    return nil
  }

  private mutating func check(_ map: Value, _ path: ValuePath, allowed: [String]) {
    for key in map.keys where !allowed.contains(key) {
      problem(path.appending(key), "unknown setting `\(key)`", "one of \(allowed.joined(separator: ", "))")
    }
  }

  private mutating func problem(_ path: ValuePath, _ message: String, _ hint: String? = nil) {
    problems.append(TargetProblem(path: path, message: message, hint: hint))
  }

  private static let services = ["ec2", "iam", "s3", "sts"]
}
