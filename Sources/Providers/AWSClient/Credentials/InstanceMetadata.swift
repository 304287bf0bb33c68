import HTTP
import Platform
import ProviderKit

/// Keys of an instance's role, from its metadata. Version 2 only: a token is asked for first, which a request that was
/// led astray cannot do.
struct InstanceMetadata: Sendable {
  private let base: String
  private let machine: ClientMachine

  /// nil where the environment switches it off.
  init?(_ machine: ClientMachine) {
    guard machine.environment.nonEmpty("AWS_EC2_METADATA_DISABLED")?.lowercased() != "true" else { return nil }
    self.machine = machine
    let isIPv6 = machine.environment.nonEmpty("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")?.lowercased() == "ipv6"
    let given = machine.environment.nonEmpty("AWS_EC2_METADATA_SERVICE_ENDPOINT")
    let base = given ?? (isIPv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254")
    self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
  }

  private static let role = "/latest/meta-data/iam/security-credentials/"
  /// Seconds: long enough for the requests that follow at once.
  private static let tokenLife = "60"

  func fetch() async throws(ProviderError) -> AWSCredentials {
    let server = KeyServer(name: "instance metadata at \(base)", machine: machine)
    let life = [(name: "X-aws-ec2-metadata-token-ttl-seconds", value: Self.tokenLife)]
    let token = try await server.text(.put, try url("/latest/api/token"), life)
    let proof = [(name: "X-aws-ec2-metadata-token", value: token)]
    let roles = try await server.text(.get, try url(Self.role), proof)
    guard let role = roles.split(whereSeparator: \.isNewline).first else {
      throw CredentialError.failed("the instance has no role")
    }
    return try await server.keys(try url(Self.role + PercentEncoding.encode(String(role))), proof)
  }

  private func url(_ path: String) throws(ProviderError) -> HTTPURL {
    guard let url = HTTPURL(base + path) else {
      throw CredentialError.failed("`AWS_EC2_METADATA_SERVICE_ENDPOINT` is no URL")
    }
    return url
  }
}
