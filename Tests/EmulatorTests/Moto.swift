import AWSClient
import AWSProvider
import Glibc
import HTTP
import Platform
import ProviderKit
import Resources
import Synchronization
import Values

/// The AWS stand-in, started once for all tests; it ends when its input closes, and so with this process.
final class Moto: Sendable {
  let port: Int
  let transport: CurlTransport
  private let child: RunningChild

  private static let started = Task { try await start() }
  /// Waits for the server at its first use.
  static var shared: Moto { get async throws { try await started.value } }

  private init(port: Int, child: RunningChild) {
    self.port = port
    self.child = child
    transport = CurlTransport()
  }

  /// The emulators' own Python where `make deps` has made one, else the machine's.
  static let python: String = {
    let own = packageFolder + "/.venv/bin/python3"
    return LocalFiles().exists(own) ? own : "python3"
  }()

  static let packageFolder: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  private static func start() async throws -> Moto {
    var command = ChildCommand(
      [python, packageFolder + "/Tests/Emulators/moto_server.py"], environment: .current())
    command.input = .open
    command.errorOutput = .discard
    let (lines, feed) = AsyncStream.makeStream(of: [UInt8].self)
    let child = try RunningChild(command) { feed.yield($0) }
    var text: [UInt8] = []
    for await part in lines {
      text += part
      guard text.contains(10) else { continue }
      guard let port = try JSONReader.parse(text)["port"]?.int else { break }
      return Moto(port: Int(port), child: child)
    }
    throw MotoError(text: "the emulator did not start: run `make deps`")
  }

  /// Asks the front of the emulator, not moto: records, faults, page sizes.
  func control(_ method: HTTPMethod, _ path: String, _ body: Value? = nil) async throws -> Value {
    guard let url = HTTPURL("http://127.0.0.1:\(port)\(path)") else { throw MotoError(text: path) }
    let request = HTTPRequest(method, url, body: body.map { JSONWriter().bytes($0) } ?? [])
    let answer = try await transport.send(request)
    return try JSONReader.parse(answer.body)
  }
}

struct MotoError: Error, CustomStringConvertible {
  var text: String
  var description: String { text }
}

/// One account of the emulator: nobody else's resources, records and faults.
struct MotoAccount: Sendable {
  private static let count = Mutex(0)

  let moto: Moto
  let id: String
  let environment: Environment
  let provider: AWSProvider
  let scope: ScopeID

  init(region: String = "us-west-2", environment: [String: String] = [:]) async throws {
    moto = try await Moto.shared
    let number = Self.count.withLock { count in
      count += 1
      return count
    }
    id = "4" + String(repeating: "0", count: 11 - String(number).count) + String(number)
    scope = ScopeID(estate: "est-\(id)")
    var variables = [
      "AWS_ACCESS_KEY_ID": "AKIATEST\(id)", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": region,
      "AWS_ENDPOINT_URL": "http://127.0.0.1:\(moto.port)", "HOME": "/nowhere",
    ]
    variables.merge(environment) { $1 }
    self.environment = Environment(variables)
    provider = AWSProvider(
      transport: moto.transport, environment: self.environment, files: LocalFiles(), time: SystemTime(),
      random: SystemRandom())
  }

  func target(_ name: String = "test", _ settings: Value? = nil) -> Target {
    Target(
      name: TargetName(name), provider: "aws", settings: settings ?? ["aws": ["accountId": .string(id)]])
  }

  /// What was asked of AWS in this account, oldest first, as `ec2.CreateVpc`; identity checks left out.
  func actions(since: Int = 0) async throws -> [String] {
    try await records(since: since).map { "\($0["service"]?.string ?? "").\($0["action"]?.string ?? "")" }
      .filter { !$0.hasPrefix("sts.") }
  }

  func records(since: Int = 0) async throws -> [Value] {
    Array(try await moto.control(.get, "/__requests?account=\(id)&since=\(since)").elements)
  }

  /// The number of the last request, to ask for those after it.
  func mark() async throws -> Int { Int(try await records().last?["sequence"]?.int ?? 0) }

  /// Requests that AWS would have refused for their form.
  func invalid() async throws -> [String] {
    try await moto.control(.get, "/__invalid?account=\(id)").elements.map { record in
      "\(record["action"]?.string ?? ""): \(Value.list(record["invalid"]?.elements.map { $0 } ?? []).texts)"
    }
  }

  func fault(_ action: String, key: String? = nil, _ kind: String, _ more: [(String, Value)] = []) async throws {
    let match = [("action", action), ("account", id)] + (key.map { [("key", $0)] } ?? [])
    let fault = Value.map([("match", .map(match.map { ($0, .string($1)) })), ("kind", .string(kind))] + more)
    _ = try await moto.control(.post, "/__faults", [fault])
  }

  func pageSize(_ size: Int) async throws {
    _ = try await moto.control(.post, "/__page_size", ["account": .string(id), "size": .int(size)])
  }
}

extension Value {
  /// The texts of a list of strings.
  var texts: [String] { elements.compactMap(\.string) }
}

extension MotoAccount {
  /// A new provider on the same account, as another run has.
  static func again(_ account: MotoAccount) async throws -> AWSProvider {
    AWSProvider(
      transport: account.moto.transport, environment: account.environment, files: LocalFiles(), time: SystemTime(),
      random: SystemRandom())
  }

  /// Puts an object into a bucket, past the provider.
  func put(_ text: String, _ bucket: String, _ key: String) async throws {
    guard let url = HTTPURL("http://127.0.0.1:\(moto.port)/\(bucket)/\(key)") else { throw MotoError(text: key) }
    var request = HTTPRequest(.put, url, body: Array(text.utf8))
    let keys = AWSCredentials(accessKeyID: "AKIATEST\(id)", secretAccessKey: "secret")
    SigV4Signer(region: "us-west-2", service: "s3").sign(&request, with: keys, at: SystemTime().now)
    let answer = try await moto.transport.send(request)
    guard answer.isSuccess else { throw MotoError(text: "S3 answered \(answer.status)") }
  }
}
