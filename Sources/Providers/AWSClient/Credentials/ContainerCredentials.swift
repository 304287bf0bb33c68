import HTTP
import Platform
import ProviderKit

/// Keys of a container's role, from the server that the environment names: tasks of ECS, pods of EKS.
struct ContainerCredentials: Sendable {
  private let url: HTTPURL
  private let machine: ClientMachine

  /// nil where the environment names none; an error where it names one that keys must not come from.
  init?(_ machine: ClientMachine) throws(ProviderError) {
    let environment = machine.environment
    self.machine = machine
    if let path = environment.nonEmpty("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      guard let url = HTTPURL("http://\(Self.taskHost)\(path)"), path.hasPrefix("/") else {
        throw CredentialError.failed("`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` is no path")
      }
      self.url = url
    } else if let text = environment.nonEmpty("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
      guard let url = HTTPURL(text), url.scheme == .https || Self.isLocal(url) else {
        throw CredentialError.failed(
          "`AWS_CONTAINER_CREDENTIALS_FULL_URI` must be `https`, or an address of the machine or its host")
      }
      self.url = url
    } else {
      return nil
    }
  }

  func fetch() async throws(ProviderError) -> AWSCredentials {
    let server = KeyServer(name: "the container's server of keys at \(url.authority)", machine: machine)
    return try await server.keys(url, try token().map { [(name: "Authorization", value: $0)] } ?? [])
  }

  private static let taskHost = "169.254.170.2"
  /// The server of EKS's pods.
  private static let podHosts = ["169.254.170.23", "[fd00:ec2::23]"]
  private static let maximumTokenSize = 64 << 10

  /// Whether keys may come from there without encryption.
  private static func isLocal(_ url: HTTPURL) -> Bool {
    url.isLoopback || url.host == taskHost || podHosts.contains(url.host)
  }

  /// The file is read each time, since its token is replaced before it ends.
  private func token() throws(ProviderError) -> String? {
    guard let file = machine.environment.nonEmpty("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") else {
      return machine.environment.nonEmpty("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    }
    do throws(FileError) {
      let bytes = try machine.files.read(file, limit: Self.maximumTokenSize)
      return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init)
    } catch {
      throw CredentialError.failed("`AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` cannot be read: \(error)")
    }
  }
}
