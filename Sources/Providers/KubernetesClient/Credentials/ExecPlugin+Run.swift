import Cryptography
import HTTP
import Platform
import Values

extension ExecPlugin {
  /// A person may have to go through a browser.
  static let timeout = Duration.seconds(120)
  /// Bytes of what it prints.
  static let outputLimit = 1 << 20

  /// Runs the program. What it prints is never part of an error: it may be a token.
  func run(_ children: any ChildRunner, _ environment: Environment, authorities: [UInt8]?) async throws(AccessError)
    -> ClusterCredential
  {
    guard interaction != .always else {
      throw AccessError("credential plugin \(name) wants to ask the user, and nobody is there to answer")
    }
    var environment = environment
    for variable in variables { environment[variable.name] = variable.value }
    environment["KUBERNETES_EXEC_INFO"] = JSONWriter(.compact, secrets: .revealed).text(input(authorities))
    var child = ChildCommand([command] + arguments, environment: environment)
    child.timeout = Self.timeout
    child.output = .capture(limit: Self.outputLimit)
    let result: ChildResult
    do throws(ChildError) { result = try await children.run(child) } catch {
      let hint = installHint.map { "\n\($0)" } ?? ""
      if case .notFound = error { throw AccessError("credential plugin \(name) is not there\(hint)") }
      throw AccessError("credential plugin \(name): \(error)")
    }
    if result.didTimeOut { throw AccessError("credential plugin \(name) took longer than \(Self.timeout)") }
    guard result.status == .exited(0) else {
      throw AccessError("credential plugin \(name) ended with status \(result.status.code)")
    }
    return try read(result.output)
  }

  private var name: String { "`\(command.split(separator: "/").last.map(String.init) ?? command)`" }

  private func input(_ authorities: [UInt8]?) -> Value {
    var spec: [(String, Value)] = [("interactive", false)]
    if wantsCluster, let cluster {
      var fields: [(String, Value)] = [("server", .string(cluster.server))]
      if let name = cluster.tlsServerName { fields.append(("tls-server-name", .string(name))) }
      if cluster.skipsVerification { fields.append(("insecure-skip-tls-verify", true)) }
      if let authorities { fields.append(("certificate-authority-data", .string(Base64.encode(authorities)))) }
      if let proxy = cluster.proxy { fields.append(("proxy-url", .string(proxy))) }
      // Written by our own writer when the kubeconfig was read.
      if let text = cluster.configuration, let config = try? JSONReader.parse(text) {
        fields.append(("config", config))
      }
      spec.append(("cluster", .map(fields)))
    }
    return ["apiVersion": .string(version.rawValue), "kind": "ExecCredential", "spec": .map(spec)]
  }

  private func read(_ output: [UInt8]) throws(AccessError) -> ClusterCredential {
    let answer: Value
    do throws(JSONError) { answer = try JSONReader.parse(output) } catch {
      throw AccessError("credential plugin \(name) printed no JSON")
    }
    guard answer["kind"]?.string == "ExecCredential" else {
      throw AccessError("credential plugin \(name) printed no ExecCredential")
    }
    guard answer["apiVersion"]?.string == version.rawValue else {
      throw AccessError("credential plugin \(name) answered in another version than \(version.rawValue)")
    }
    let status = answer["status"]
    var credential = ClusterCredential()
    credential.token = status?["token"]?.string
    credential.certificate = status?["clientCertificateData"]?.string.map { Array($0.utf8) }
    credential.key = status?["clientKeyData"]?.string.map { Array($0.utf8) }
    guard (credential.certificate == nil) == (credential.key == nil) else {
      throw AccessError("credential plugin \(name) printed only one of certificate and key")
    }
    guard credential.token != nil || credential.certificate != nil else {
      throw AccessError("credential plugin \(name) printed neither a token nor a certificate")
    }
    if let text = status?["expirationTimestamp"]?.string {
      guard let expires = Instant(rfc3339: text) else {
        throw AccessError("credential plugin \(name) printed an expirationTimestamp that is no time")
      }
      credential.expires = expires
    }
    return credential
  }
}

/// What proves who we are, for some time.
struct ClusterCredential: Sendable, Hashable {
  var token: String?
  var basic: String?
  /// PEM.
  var certificate: [UInt8]?
  var key: [UInt8]?
  /// nil: until the server refuses it.
  var expires: Instant?

  var authorization: String? { token.map { "Bearer \($0)" } ?? basic.map { "Basic \($0)" } }
}
