import Diagnostics
import Platform
import Resources
import S3Inventory
import Values

/// Waits that are made for real clouds, shortened where a stand-in on this machine takes their place. It is a setting
/// for tests: with a real cloud a shorter wait would take what is there for missing.
struct StandIn: Sendable, Equatable {
  static let variable = "PLUMB_STAND_IN"
  private static let leaseKey = "leaseMilliseconds", windowKey = "windowMilliseconds"

  /// Length of the lease of a shared inventory.
  var lease: Duration?
  /// How long a fresh object may be missing from lists at most, by provider: of those alone that are on this machine.
  private var windows: [String: Duration] = [:]
  private static let endpoints = [("aws", "AWS_ENDPOINT_URL"), ("gcp", "GCP_ENDPOINT_URL")]

  init() {}

  init(_ environment: Environment) throws(SettingProblem) {
    guard let text = environment.nonEmpty(Self.variable) else { return }
    let local = Self.endpoints.filter { Self.isLocal(environment.nonEmpty($0.1) ?? "") }.map(\.0)
    guard !local.isEmpty else {
      throw SettingProblem(
        "`\(Self.variable)` needs an `AWS_ENDPOINT_URL` or `GCP_ENDPOINT_URL` on this machine: it is for stand-ins "
          + "alone")
    }
    let value: Value
    do throws(JSONError) { value = try JSONReader.parse(text) } catch {
      throw SettingProblem("`\(Self.variable)` is no JSON: \(error.diagnostic.message)")
    }
    guard value.kind == .map, value.keys.allSatisfy({ [Self.leaseKey, Self.windowKey].contains($0) }) else {
      throw SettingProblem("`\(Self.variable)` knows `\(Self.leaseKey)` and `\(Self.windowKey)`")
    }
    let lease = try Self.duration(value, Self.leaseKey)
    // Shared inventories are buckets of S3.
    if local.contains("aws") { self.lease = lease }
    if let window = try Self.duration(value, Self.windowKey) {
      windows = Dictionary(uniqueKeysWithValues: local.map { ($0, window) })
    }
  }

  /// The provider's types, none of which stays inconsistent for longer than its stand-in does.
  func shortened(_ catalog: TypeCatalog, of provider: String) -> TypeCatalog {
    windows[provider].map { catalog.withWindows(atMost: $0) } ?? catalog
  }

  private static func duration(_ value: Value, _ key: String) throws(SettingProblem) -> Duration? {
    guard let found = value[key] else { return nil }
    guard let milliseconds = found.int, (1...3_600_000).contains(milliseconds) else {
      throw SettingProblem("`\(key)` of `\(variable)` is a number from 1 to 3600000")
    }
    return .milliseconds(milliseconds)
  }

  /// A port follows and at most a path, so that what looks like the host is not somebody's name at another one.
  private static func isLocal(_ url: String) -> Bool {
    url.wholeMatch(of: /http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):[0-9]{1,5}(?:\/.*)?/) != nil
  }
}

/// A variable that says nothing this program understands.
struct SettingProblem: Error {
  var message: String
  init(_ message: String) { self.message = message }
}
