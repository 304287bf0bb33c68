import ProviderKit
import Values

/// The settings of a target, as its manifest writes them below `spec`.
package struct KubernetesTargetSettings: Sendable {
  /// A path; nil looks where kubectl looks.
  package var kubeconfig: String?
  package var context: String?
  /// The service account of the pod that we run in, instead of a kubeconfig.
  package var inCluster = false
  /// What the cluster must be: the uid of its namespace `kube-system`.
  package var clusterUID: String?
  /// Believe any certificate, where the kubeconfig says so, too.
  package var skipsVerification = false
  package var limits = RequestLimits()
  package var read = CredentialSettings()
  package var write = CredentialSettings()

  /// Whose credentials are used, where they are not those of the target's own context.
  package struct CredentialSettings: Sendable {
    package var kubeconfig: String?
    package var context: String?
    package var impersonation = Impersonation()
    package init() {}
  }

  /// Reads the settings and says what is wrong with them, all at once. Unknown values (nil) are left out.
  package static func read(_ spec: Value) -> (settings: KubernetesTargetSettings, problems: [TargetProblem]) {
    var reader = SettingsReader()
    var settings = KubernetesTargetSettings()
    let path = ValuePath().appending("kubernetes")
    if let map = spec["kubernetes"] { settings.readTarget(map, path, &reader) }
    if let map = spec["limits"] { settings.readLimits(map, ValuePath().appending("limits"), &reader) }
    (settings.read, settings.write) = reader.halves(spec, none: CredentialSettings()) {
      CredentialSettings(&$0, $1, $2)
    }
    let isUnknown = spec["kubernetes"]?["context"]?.kind == .unknown
    if !settings.inCluster, !isUnknown, settings.context?.isEmpty ?? true {
      reader.problem(
        path.appending("context"), "a target of Kubernetes names the context of its cluster",
        "`kubernetes: {context: eks-east}`, or `kubernetes: {inCluster: true}` in a pod")
    }
    return (settings, reader.problems)
  }

  private mutating func readTarget(_ map: Value, _ path: ValuePath, _ reader: inout SettingsReader) {
    reader.check(
      map, path,
      allowed: ["context", "kubeconfig", "inCluster", "clusterUid", "insecureSkipTLSVerify", "limits"])
    kubeconfig = reader.text(map, "kubeconfig", path)
    context = reader.text(map, "context", path)
    clusterUID = reader.text(map, "clusterUid", path)
    inCluster = reader.flag(map, "inCluster", path)
    skipsVerification = reader.flag(map, "insecureSkipTLSVerify", path)
    if let limits = map["limits"] { readLimits(limits, path.appending("limits"), &reader) }
    if inCluster {
      for key in ["context", "kubeconfig", "insecureSkipTLSVerify"] where map[key] != nil {
        reader.problem(path.appending(key), "`\(key)` has no meaning beside `inCluster`")
      }
    }
  }

  /// Requests a second that anybody could mean.
  private static let rates: ClosedRange<Int64> = 1...100_000

  private mutating func readLimits(_ map: Value, _ path: ValuePath, _ reader: inout SettingsReader) {
    reader.check(map, path, allowed: ["requestsPerSecond", "burst"])
    for key in ["requestsPerSecond", "burst"] {
      guard let value = map[key], value.kind != .unknown else { continue }
      guard let rate = value.int, Self.rates.contains(rate) else {
        reader.problem(path.appending(key), "`\(key)` is a whole number from 1 to \(Self.rates.upperBound)")
        continue
      }
      if key == "burst" { limits.burst = Int(rate) } else { limits.perSecond = Int(rate) }
    }
  }
}

extension KubernetesTargetSettings.CredentialSettings {
  fileprivate init(_ reader: inout SettingsReader, _ map: Value, _ path: ValuePath) {
    reader.check(map, path, allowed: ["context", "kubeconfig", "impersonate"])
    kubeconfig = reader.text(map, "kubeconfig", path)
    context = reader.text(map, "context", path)
    guard let who = map["impersonate"] else { return }
    let place = path.appending("impersonate")
    reader.check(who, place, allowed: ["user", "uid", "groups", "extra"])
    impersonation = Impersonation(
      user: reader.text(who, "user", place), uid: reader.text(who, "uid", place),
      groups: reader.texts(who, "groups", place))
    for entry in who["extra"]?.entries ?? Value.null.entries {
      impersonation.extra[entry.key] = reader.texts(who["extra"] ?? .null, entry.key, place.appending("extra"))
    }
    if impersonation.user == nil, !impersonation.isEmpty {
      reader.problem(place, "whoever impersonates groups names a `user`, too")
    }
  }
}

extension SettingsReader {
  /// False where the setting is missing.
  mutating func flag(_ map: Value, _ key: String, _ path: ValuePath) -> Bool {
    guard let value = map[key], value.kind != .unknown else { return false }
    if value.bool == nil { problem(path.appending(key), "`\(key)` is true or false") }
    return value.bool ?? false
  }
}
