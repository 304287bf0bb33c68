import Cryptography
import Values

/// One kubeconfig's YAML to its entries. Names of keys and entries appear in errors, values never.
struct KubeconfigReader {
  let file: String
  /// The folder that relative paths start from.
  let folder: String

  init(file: String) {
    self.file = file
    folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
  }

  func read(_ document: Value) throws(AccessError) -> Kubeconfig {
    guard document.kind == .map else { throw problem("is no kubeconfig: it holds no map") }
    if let kind = document["kind"]?.string, kind != "Config" {
      throw problem("is no kubeconfig: its kind is `\(kind)`")
    }
    var config = Kubeconfig()
    config.files = [file]
    config.currentContext = text(document, "current-context")
    for (name, entry) in try entries(document, "clusters", "cluster") {
      config.clusters[name] = try cluster(entry, name)
    }
    for (name, entry) in try entries(document, "users", "user") { config.users[name] = try user(entry, name) }
    for (name, entry) in try entries(document, "contexts", "context") {
      config.contexts[name] = Kubeconfig.Context(
        cluster: text(entry, "cluster") ?? "", user: text(entry, "user") ?? "", namespace: text(entry, "namespace"))
    }
    return config
  }

  /// The named entries of a list; a name that stands twice is an error, as for kubectl.
  private func entries(_ document: Value, _ list: String, _ key: String) throws(AccessError) -> [(String, Value)] {
    var found: [(String, Value)] = []
    var names: Set<String> = []
    for item in document[list]?.elements ?? Value.null.elements {
      guard let name = text(item, "name") else { throw problem("has an entry without a name in `\(list)`") }
      guard names.insert(name).inserted else { throw problem("names `\(name)` twice in `\(list)`") }
      found.append((name, item[key] ?? .null))
    }
    return found
  }

  private func cluster(_ entry: Value, _ name: String) throws(AccessError) -> Kubeconfig.Cluster {
    Kubeconfig.Cluster(
      server: text(entry, "server") ?? "", tlsServerName: text(entry, "tls-server-name"),
      skipsVerification: entry["insecure-skip-tls-verify"]?.bool ?? false,
      authorities: try material(entry, "certificate-authority", "cluster `\(name)`"), proxy: text(entry, "proxy-url"),
      pluginConfiguration: pluginConfiguration(entry))
  }

  /// What the cluster's entry holds for plugins, as JSON.
  private func pluginConfiguration(_ entry: Value) -> String? {
    let wanted = "client.authentication.k8s.io/exec"
    let item = entry["extensions"]?.elements.first { $0["name"]?.string == wanted }
    return item?["extension"].map { JSONWriter(.compact, secrets: .revealed).text($0) }
  }

  private func user(_ entry: Value, _ name: String) throws(AccessError) -> Kubeconfig.User {
    let what = "user `\(name)`"
    var user = Kubeconfig.User()
    user.clientCertificate = try material(entry, "client-certificate", what)
    user.clientKey = try material(entry, "client-key", what)
    user.token = text(entry, "token")
    user.tokenFile = text(entry, "tokenFile").map(path)
    user.username = text(entry, "username")
    user.password = text(entry, "password")
    user.legacyProvider = entry["auth-provider"].map { text($0, "name") ?? "auth-provider" }
    user.plugin = try entry["exec"].map { exec throws(AccessError) in try plugin(exec, what) }
    user.impersonation = Impersonation(
      user: text(entry, "as"), uid: text(entry, "as-uid"), groups: texts(entry["as-groups"]),
      extra: Dictionary(
        uniqueKeysWithValues: (entry["as-user-extra"]?.entries.map { $0 } ?? []).map { ($0.key, texts($0.value)) }))
    return user
  }

  private func plugin(_ exec: Value, _ what: String) throws(AccessError) -> ExecPlugin {
    guard let command = text(exec, "command") else { throw problem("names no command in `exec` of \(what)") }
    let versionText = text(exec, "apiVersion") ?? ""
    guard let version = ExecPlugin.Version(rawValue: versionText) else {
      let known = ExecPlugin.Version.allCases.map(\.rawValue).joined(separator: " and ")
      throw problem("has `exec` of \(what) in version `\(versionText)`; \(known) are understood")
    }
    let modeText = text(exec, "interactiveMode") ?? "IfAvailable"
    guard let mode = ExecPlugin.Interaction(rawValue: modeText) else {
      throw problem("has an unknown interactiveMode in `exec` of \(what)")
    }
    return ExecPlugin(
      // A name without a slash is looked up in PATH; any other stands relative to the file.
      command: command.contains("/") ? path(command) : command, arguments: texts(exec["args"]),
      variables: (exec["env"]?.elements.map { $0 } ?? []).compactMap { item in
        text(item, "name").map { ExecPlugin.Variable(name: $0, value: item["value"]?.string ?? "") }
      },
      version: version, interaction: mode, installHint: text(exec, "installHint"),
      wantsCluster: exec["provideClusterInfo"]?.bool ?? false)
  }

  /// `KEY-data` in base64 goes before the file that `KEY` names.
  private func material(_ entry: Value, _ key: String, _ what: String) throws(AccessError) -> Kubeconfig.Material? {
    if let data = text(entry, "\(key)-data") {
      guard let bytes = Base64.decode(data) else { throw problem("has `\(key)-data` of \(what) that is no base64") }
      return .bytes(bytes)
    }
    return text(entry, key).map { .file(path($0)) }
  }

  private func path(_ text: String) -> String { text.hasPrefix("/") ? text : "\(folder)/\(text)" }

  /// Text that is not empty; numbers count as written.
  private func text(_ entry: Value, _ key: String) -> String? {
    guard let value = entry[key], !value.spelling.isEmpty else { return nil }
    return value.spelling
  }

  private func texts(_ list: Value?) -> [String] { (list?.elements.map { $0 } ?? []).map(\.spelling) }

  private func problem(_ text: String) -> AccessError { AccessError("kubeconfig `\(file)` \(text)") }
}
