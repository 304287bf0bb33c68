import Cryptography
import HTTP
import Platform
import ProviderKit

/// The transport to one cluster, and the credentials for it: fetched once however many ask, again when they run out or
/// are refused.
actor ClusterSession {
  /// What a request needs to get in.
  struct Door: Sendable {
    var transport: any HTTPTransport
    var headers: HTTPHeaders
    /// Counts the credentials fetched so far.
    fileprivate var generation: Int
  }

  /// A request sent at the last moment still arrives in time.
  static let margin = Duration.seconds(30)
  /// How long a token from a file is used before the file is read again; client-go's own figure is ten seconds.
  static let fileAge = Duration.seconds(10)
  static let tokenLimit = 1 << 20

  private typealias Outcome = Result<ClusterCredential, AccessError>

  private let machine: KubernetesMachine
  private let access: ClusterAccess
  private let impersonation: HTTPHeaders
  private var credential: ClusterCredential?
  private var generation = 0
  private var flight: Task<Outcome, Never>?
  /// The transport, and the client certificate it was made with.
  private var transport: (any HTTPTransport)?
  private var certificate: [UInt8]?

  init(_ machine: KubernetesMachine, _ access: ClusterAccess) {
    self.machine = machine
    self.access = access
    impersonation = access.impersonation.headers
  }

  func door() async throws(ProviderError) -> Door {
    if let credential, credential.expires.map({ $0 > machine.time.now }) ?? true { return open(credential) }
    return open(try await fetch())
  }

  /// New credentials, after the server refused those of `door`; nil where there are no others to be had.
  func door(after door: Door) async throws(ProviderError) -> Door? {
    switch access.identity {
    case .anonymous, .token, .basic: return nil
    case .tokenFile, .plugin: break
    }
    // Somebody else may have been refused and have fetched since.
    if door.generation < generation, let credential { return open(credential) }
    let old = credential
    let new = try await fetch()
    return new.hasSameSecrets(as: old) ? nil : open(new)
  }

  private func fetch() async throws(ProviderError) -> ClusterCredential {
    let task = flight ?? Task { [machine, access] in await Self.fetch(machine, access) }
    flight = task
    let outcome = await task.value
    if flight == task {
      flight = nil
      generation += 1
      if case .success(let new) = outcome { credential = new }
    }
    do throws(AccessError) { return try outcome.get() } catch {
      throw ProviderError(.denied(permission: nil), effect: .none, error.description)
    }
  }

  private static func fetch(_ machine: KubernetesMachine, _ access: ClusterAccess) async -> Outcome {
    var credential = ClusterCredential()
    switch access.identity {
    case .anonymous: break
    case .token(let token): credential.token = token
    case .basic(let user, let password): credential.basic = Base64.encode(Array("\(user):\(password)".utf8))
    case .tokenFile(let path):
      do throws(FileError) {
        let bytes = try machine.files.read(path, limit: tokenLimit)
        credential.token = String(decoding: bytes.filter { $0 > 32 }, as: UTF8.self)
        credential.expires = machine.time.now + fileAge
      } catch {
        return .failure(AccessError("\(error.description) (the token)"))
      }
    case .plugin(let plugin):
      do throws(AccessError) {
        credential = try await plugin.run(
          machine.children, machine.environment, authorities: access.tls.authorities)
        // Those that live shorter than the margin are used to their end.
        if let expires = credential.expires, expires - margin > machine.time.now {
          credential.expires = expires - margin
        }
      } catch {
        return .failure(error)
      }
    }
    return .success(credential)
  }

  private func open(_ credential: ClusterCredential) -> Door {
    var headers = impersonation
    if let authorization = credential.authorization { headers.append("Authorization", authorization) }
    if let transport, certificate == credential.certificate {
      return Door(transport: transport, headers: headers, generation: generation)
    }
    var tls = access.tls
    if credential.certificate != nil {
      (tls.clientCertificate, tls.clientKey) = (credential.certificate, credential.key)
    }
    let proxies = access.proxy.map { ProxySettings(http: $0, https: $0) } ?? ProxySettings(machine.environment)
    let made = machine.makeTransport(CurlConfiguration(tls: tls, proxies: proxies))
    (transport, certificate) = (made, credential.certificate)
    return Door(transport: made, headers: headers, generation: generation)
  }
}

extension ClusterCredential {
  fileprivate func hasSameSecrets(as other: ClusterCredential?) -> Bool {
    token == other?.token && basic == other?.basic && certificate == other?.certificate
  }
}
