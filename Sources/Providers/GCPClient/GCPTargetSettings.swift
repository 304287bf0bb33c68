import HTTP
import ProviderKit
import Values

/// The settings of a target, as its manifest writes them below `spec`.
package struct GCPTargetSettings: Sendable {
  package var project: String?
  /// What the project's id must stand for, where the manifest says so: ids are words, and one letter is soon wrong.
  package var projectNumber: String?
  package var region: String?
  package var zone: String?
  /// The project that pays for requests.
  package var quotaProject: String?
  package var billingAccount: String?
  package var organization: String?
  package var endpoint: HTTPURL?
  /// By service name.
  package var endpoints: [String: HTTPURL] = [:]
  package var read = CredentialSettings()
  package var write = CredentialSettings()

  /// Whose tokens are used, and for what.
  package struct CredentialSettings: Sendable, Equatable {
    /// A file of credentials, in any form that Google's tools write.
    package var file: String?
    /// A file that holds a token and nothing else.
    package var tokenFile: String?
    /// The service account to act as.
    package var impersonate: String?
    /// Service accounts between the credentials and the one to act as.
    package var delegates: [String] = []
    package var scopes: [String] = []
    package init() {}
  }

  /// Reads the settings and says what is wrong with them, all at once. Unknown values (nil) are left out.
  package static func read(_ spec: Value) -> (settings: GCPTargetSettings, problems: [TargetProblem]) {
    var reader = SettingsReader()
    var settings = GCPTargetSettings()
    if let map = spec["gcp"] { settings.readTarget(map, ValuePath().appending("gcp"), &reader) }
    (settings.read, settings.write) = reader.halves(spec, none: CredentialSettings()) {
      CredentialSettings(&$0, $1, $2)
    }
    return (settings, reader.problems)
  }

  private mutating func readTarget(_ map: Value, _ path: ValuePath, _ reader: inout SettingsReader) {
    reader.check(
      map, path,
      allowed: [
        "project", "projectNumber", "region", "zone", "quotaProject", "billingAccount", "organization", "endpoint",
        "endpoints", "limits",
      ])
    project = reader.text(map, "project", path)
    projectNumber = reader.text(map, "projectNumber", path, orNumber: true)
    region = reader.text(map, "region", path)
    zone = reader.text(map, "zone", path)
    quotaProject = reader.text(map, "quotaProject", path)
    billingAccount = reader.text(map, "billingAccount", path)
    organization = reader.text(map, "organization", path, orNumber: true)
    endpoint = reader.text(map, "endpoint", path).flatMap { Self.url($0, path.appending("endpoint"), &reader) }
    for entry in map["endpoints"]?.entries ?? Value.null.entries {
      let place = path.appending("endpoints").appending(entry.key)
      endpoints[entry.key] = entry.value.string.flatMap { Self.url($0, place, &reader) }
    }
    if let project, project.wholeMatch(of: Self.projectID) == nil {
      reader.problem(
        path.appending("project"), "`\(project)` is no id of a project",
        "6 to 30 lower-case letters, digits and `-`; its name and its number are something else")
    }
    if let projectNumber, !projectNumber.allSatisfy(\.isNumber) {
      reader.problem(path.appending("projectNumber"), "a project's number has digits alone")
    }
  }

  /// https://cloud.google.com/resource-manager/docs/creating-managing-projects, with the domain of older projects.
  private static var projectID: Regex<Substring> { /(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]/ }

  private static func url(_ text: String, _ path: ValuePath, _ reader: inout SettingsReader) -> HTTPURL? {
    if let problem = GCPEndpoints.problem(text) { reader.problem(path, problem, "such as https://private.acme.test") }
    return HTTPURL(text)
  }
}

extension GCPTargetSettings.CredentialSettings {
  fileprivate init(_ reader: inout SettingsReader, _ map: Value, _ path: ValuePath) {
    reader.check(map, path, allowed: ["file", "tokenFile", "impersonate", "delegates", "scopes"])
    file = reader.text(map, "file", path)
    tokenFile = reader.text(map, "tokenFile", path)
    impersonate = reader.text(map, "impersonate", path)
    delegates = reader.texts(map, "delegates", path)
    scopes = reader.texts(map, "scopes", path)
    for (key, account) in [("impersonate", impersonate)] + delegates.map({ ("delegates", $0) }) {
      guard let account, !account.contains("@") else { continue }
      reader.problem(
        path.appending(key), "`\(account)` is no service account", "such as plumb-plan@acme-ml.iam.gserviceaccount.com")
    }
    if file != nil, tokenFile != nil { reader.problem(path.appending("tokenFile"), "there is a `file` already") }
    if impersonate == nil, !delegates.isEmpty {
      reader.problem(path.appending("delegates"), "delegates lead to a service account that `impersonate` names")
    }
  }
}
