import HTTP
import KubernetesClient
import Platform
import ProviderKit
import Synchronization
import Values

/// A client on a simulated network, clock and disk.
struct ClientFixture: Sendable {
  let transport: SimulatedTransport
  let time = SimulatedTime(skipsSleep: true)
  let files: SimulatedFiles
  let machine: KubernetesMachine
  /// What transports were made with.
  let configurations = Configurations()

  init(
    environment: [String: String] = [:], files: [String: String] = [:],
    children: any ChildRunner = SimulatedChildren { _ in ChildResult(status: .exited(1)) },
    _ answer: @escaping SimulatedTransport.Answer = { _ in .json(200, "{}") }
  ) {
    let transport = SimulatedTransport(answer)
    self.transport = transport
    self.files = SimulatedFiles(files)
    machine = KubernetesMachine(
      makeTransport: { [configurations] configuration in
        configurations.add(configuration)
        return transport
      },
      environment: Environment(environment), files: self.files, children: children, time: time,
      random: SeededRandom(seed: 1))
  }

  func client(_ identity: ClusterAccess.Identity = .token("t-1"), mode: KubernetesClient.Mode = .readWrite)
    -> KubernetesClient
  {
    var access = ClusterAccess(server: HTTPURL(host: "cluster.test", port: 6443, path: ""))
    access.identity = identity
    return KubernetesClient(machine, access, mode: mode)
  }

  func access(context: String? = nil, file: String? = nil, allowsInsecure: Bool = false) throws -> ClusterAccess {
    try KubeconfigLoader.load(file, machine.environment, files)
      .access(context: context, allowsInsecure: allowsInsecure, files)
  }

  /// The error of a request that fails.
  func failure(_ request: KubernetesRequest, mode: KubernetesClient.Mode = .readWrite) async -> ProviderError? {
    do throws(ProviderError) {
      try await client(mode: mode).send(request)
      return nil
    } catch {
      return error
    }
  }

  final class Configurations: Sendable {
    private let all = Mutex<[CurlConfiguration]>([])
    var list: [CurlConfiguration] { all.withLock { $0 } }
    func add(_ configuration: CurlConfiguration) { all.withLock { $0.append(configuration) } }
  }
}

extension HTTPResponse {
  static func json(_ status: Int, _ text: String, _ headers: HTTPHeaders = [:]) -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
  }

  static func failure(_ status: Int, _ reason: String, _ message: String = "why", details: String = #"{"name": "x"}"#)
    -> HTTPResponse
  {
    json(
      status,
      #"{"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "\#(message)", "#
        + #""reason": "\#(reason)", "details": \#(details), "code": \#(status)}"#)
  }
}
