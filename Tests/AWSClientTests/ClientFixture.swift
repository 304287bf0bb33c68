import AWSClient
import HTTP
import Platform
import ProviderKit
import Values

/// A client on a simulated network, clock and disk.
struct ClientFixture: Sendable {
  let transport: SimulatedTransport
  let time = SimulatedTime(skipsSleep: true)
  let machine: ClientMachine

  init(
    environment: [String: String] = [:], files: [String: String] = [:],
    children: any ChildRunner = SimulatedChildren { _ in ChildResult(status: .exited(1)) },
    _ answer: @escaping SimulatedTransport.Answer = { _ in HTTPResponse(status: 200) }
  ) {
    transport = SimulatedTransport(answer)
    machine = ClientMachine(
      transport: transport, environment: Environment(environment), files: SimulatedFiles(files), children: children,
      time: time,
      random: SeededRandom(seed: 1))
  }

  func client(region: String = "us-west-2", endpoints: AWSEndpoints = AWSEndpoints()) -> AWSClient {
    AWSClient(
      machine, region: region, endpoints: endpoints,
      credentials: StaticCredentials(AWSCredentials(accessKeyID: "AKIA", secretAccessKey: "secret")))
  }

  func chain(region: String = "us-west-2") throws -> CredentialChain {
    CredentialChain(
      machine, profiles: try Profiles.load(machine.environment, machine.files), region: region,
      endpoints: AWSEndpoints())
  }

  static let read = AWSCall(.ec2, "DescribeVpcs", .read, [:])
  static let write = AWSCall(.ec2, "CreateVpc", .once, [:])
  static let repeatable = AWSCall(.ec2, "CreateNatGateway", .repeatable, ["ClientToken": "t"])
}

extension HTTPResponse {
  static func xml(_ status: Int, _ text: String, _ headers: HTTPHeaders = [:]) -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
  }

  static func ec2Error(_ status: Int, _ code: String, _ message: String = "why", _ headers: HTTPHeaders = [:])
    -> HTTPResponse
  {
    xml(
      status,
      """
      <Response><Errors><Error><Code>\(code)</Code><Message>\(message)</Message></Error></Errors>
      <RequestID>r-1</RequestID></Response>
      """,
      headers)
  }
}
