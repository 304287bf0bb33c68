import Platform

/// The profiles of the shared configuration and credentials files, as AWS's command line reads them.
package struct Profiles: Sendable {
  private var settings: [String: [String: String]]
  /// The `[sso-session NAME]` sections of the configuration file, by name.
  private var sessions: [String: [String: String]] = [:]

  /// Reads `AWS_CONFIG_FILE` (`~/.aws/config`) and `AWS_SHARED_CREDENTIALS_FILE` (`~/.aws/credentials`); a missing file
  /// is empty. Where both name a key, the credentials file wins.
  package static func load(_ environment: Environment, _ files: any FileSystem) throws(FileError) -> Profiles {
    let home = environment.nonEmpty("HOME") ?? ""
    let config = environment.nonEmpty("AWS_CONFIG_FILE") ?? home + "/.aws/config"
    let credentials = environment.nonEmpty("AWS_SHARED_CREDENTIALS_FILE") ?? home + "/.aws/credentials"
    return Profiles(config: try read(config, files), credentials: try read(credentials, files))
  }

  package init(config: String, credentials: String) {
    settings = [:]
    for (section, values) in INIFile(config).sections {
      if let name = Self.profileName(section) { settings[name, default: [:]].merge(values) { $1 } }
      if section.hasPrefix("sso-session ") { sessions[String(section.dropFirst("sso-session ".count))] = values }
    }
    for (section, values) in INIFile(credentials).sections {
      settings[section, default: [:]].merge(values) { $1 }
    }
  }

  package subscript(name: String) -> [String: String]? { settings[name] }
  package func session(_ name: String) -> [String: String]? { sessions[name] }
  /// Sorted, for messages.
  package var names: [String] { settings.keys.sorted() }

  /// In the configuration file a profile is `[profile NAME]`, except `[default]`.
  private static func profileName(_ section: String) -> String? {
    if section == "default" { return section }
    return section.hasPrefix("profile ") ? String(section.dropFirst("profile ".count)) : nil
  }

  private static func read(_ path: String, _ files: any FileSystem) throws(FileError) -> String {
    guard files.exists(path) else { return "" }
    return String(decoding: try files.read(path, limit: maximumFileSize), as: UTF8.self)
  }

  /// 4 MiB: thousands of profiles.
  private static let maximumFileSize = 4 << 20
}
