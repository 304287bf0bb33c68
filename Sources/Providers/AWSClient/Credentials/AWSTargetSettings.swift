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
    var settings = AWSTargetSettings()
    if let map = spec["aws"] { settings.readTarget(map, ValuePath().appending("aws"), &reader) }
    (settings.read, settings.write) = reader.halves(spec, none: CredentialSettings()) {
      CredentialSettings(&$0, $1, $2)
    }
    return (settings, reader.problems)
  }

  private mutating func readTarget(_ map: Value, _ path: ValuePath, _ reader: inout SettingsReader) {
    reader.check(map, path, allowed: ["accountId", "region", "profile", "endpoint", "endpoints", "limits"])
    accountID = reader.text(map, "accountId", path, orNumber: true)
    region = reader.text(map, "region", path)
    profile = reader.text(map, "profile", path)
    endpoint = reader.text(map, "endpoint", path).flatMap { Self.url($0, path.appending("endpoint"), &reader) }
    for entry in map["endpoints"]?.entries ?? Value.null.entries {
      let place = path.appending("endpoints").appending(entry.key)
      if !Self.services.contains(entry.key) {
        reader.problem(place, "no service `\(entry.key)`", "one of \(Self.services.joined(separator: ", "))")
      }
      endpoints[entry.key] = entry.value.string.flatMap { Self.url($0, place, &reader) }
    }
    if let account = accountID, account.utf8.count != 12 || !account.utf8.allSatisfy({ (48...57).contains($0) }) {
      reader.problem(
        path.appending("accountId"), "an account id has 12 digits", "write it in quotes: \"012345678901\"")
    }
  }

  private static func url(_ text: String, _ path: ValuePath, _ reader: inout SettingsReader) -> HTTPURL? {
    if let url = HTTPURL(text) { return url }
    reader.problem(path, "`\(text)` is no URL", "such as http://127.0.0.1:5000")
    return nil
  }

  private static let services = ["ec2", "iam", "s3", "sts"]
}

extension AWSTargetSettings.CredentialSettings {
  fileprivate init(_ reader: inout SettingsReader, _ map: Value, _ path: ValuePath) {
    reader.check(map, path, allowed: ["profile", "assumeRole", "externalIdFrom", "sessionName"])
    profile = reader.text(map, "profile", path)
    assumeRole = reader.text(map, "assumeRole", path)
    sessionName = reader.text(map, "sessionName", path)
    if let external = map["externalIdFrom"] {
      externalIDVariable = reader.text(external, "env", path.appending("externalIdFrom"))
    }
    if let role = assumeRole, !role.hasPrefix("arn:") || !role.contains(":role/") {
      reader.problem(
        path.appending("assumeRole"), "`\(role)` is no role", "such as arn:aws:iam::123456789012:role/plumb-plan")
    }
  }
}
