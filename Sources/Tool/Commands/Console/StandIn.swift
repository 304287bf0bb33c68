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
  /// How long a fresh object may be missing from lists at most.
  var window: Duration?

  init() {}

  init(_ environment: Environment) throws(SettingProblem) {
    guard let text = environment.nonEmpty(Self.variable) else { return }
    guard Self.isLocal(environment.nonEmpty("AWS_ENDPOINT_URL") ?? "") else {
      throw SettingProblem("`\(Self.variable)` needs an `AWS_ENDPOINT_URL` on this machine: it is for stand-ins alone")
    }
    let value: Value
    do throws(JSONError) { value = try JSONReader.parse(text) } catch {
      throw SettingProblem("`\(Self.variable)` is no JSON: \(error.diagnostic.message)")
    }
    guard value.kind == .map, value.keys.allSatisfy({ [Self.leaseKey, Self.windowKey].contains($0) }) else {
      throw SettingProblem("`\(Self.variable)` knows `\(Self.leaseKey)` and `\(Self.windowKey)`")
    }
    lease = try Self.duration(value, Self.leaseKey)
    window = try Self.duration(value, Self.windowKey)
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
