import GCPClient
import HTTP
import Platform
import Synchronization
import TestSupport
import Testing
import Values

/// A stand-in for Google Cloud that a suite starts for itself: `static let emulator = GCPEmulator()`. It runs from the
/// first use until its input closes, and so ends with this process.
final class GCPEmulator: Sendable {
  private let options: [String]
  private let started: Mutex<Task<Running, any Error>?> = Mutex(nil)
  private let count = Mutex(0)
  let transport = CurlTransport()

  private struct Running: Sendable {
    let port: Int
    let child: RunningChild
  }

  /// - Parameter options: of `gcp_emulator.py`, such as `--auth issued`.
  init(_ options: [String] = []) { self.options = options }

  /// Waits for the server at its first use.
  var port: Int {
    get async throws {
      let task = started.withLock { task in
        let running = task ?? Task { [options] in try await Self.start(options) }
        task = running
        return running
      }
      return try await task.value.port
    }
  }

  var base: String { get async throws { "http://127.0.0.1:\(try await port)" } }

  private static let ready = "gcp_emulator listening on http://127.0.0.1:"

  private static func start(_ options: [String]) async throws -> Running {
    var command = ChildCommand(
      [
        Moto.python, Moto.packageFolder + "/Tests/Emulators/gcp_emulator.py", "--exit-with-stdin", "--op-latency",
        "0.02",
      ]
        + options, environment: .current())
    command.input = .open
    command.errorOutput = .discard
    let (lines, feed) = AsyncStream.makeStream(of: [UInt8].self)
    let child = try RunningChild(command) { feed.yield($0) }
    var text: [UInt8] = []
    for await part in lines {
      text += part
      guard let end = text.firstIndex(of: 10) else { continue }
      let line = String(decoding: text[..<end], as: UTF8.self)
      guard line.hasPrefix(ready), let port = Int(line.dropFirst(ready.count)) else { break }
      return Running(port: port, child: child)
    }
    throw MotoError(text: "the emulator of Google Cloud did not start: run `make deps`")
  }

  /// Asks the emulator itself, at `/__emulator__/…`.
  @discardableResult
  func control(_ method: HTTPMethod, _ path: String, _ body: Value? = nil) async throws -> Value {
    let base = try await base
    let url = try #require(HTTPURL("\(base)/__emulator__/\(path)"))
    let bytes = body.map { JSONWriter(secrets: .revealed).bytes($0) } ?? []
    let answer = try await transport.send(HTTPRequest(method, url, body: bytes))
    let value = try JSONReader.parse(answer.body)
    guard answer.isSuccess else { throw MotoError(text: "\(path): \(JSONWriter().text(value))") }
    return value
  }

  /// A project nobody else has.
  func project(environment: [String: String] = [:]) async throws -> GCPProject {
    let number = count.withLock { count in
      count += 1
      return count
    }
    return try await GCPProject(self, "test-project-\(number)", environment)
  }
}

/// One project of an emulator: nobody else's resources, records and faults.
struct GCPProject: Sendable {
  let emulator: GCPEmulator
  let id: String
  let environment: Environment

  fileprivate init(_ emulator: GCPEmulator, _ id: String, _ more: [String: String]) async throws {
    self.emulator = emulator
    self.id = id
    var variables = [
      "GCP_ENDPOINT_URL": try await emulator.base, "GOOGLE_OAUTH_ACCESS_TOKEN": "any", "HOME": "/nowhere",
    ]
    variables.merge(more) { $1 }
    environment = Environment(variables)
  }

  var machine: ClientMachine {
    ClientMachine(
      transport: emulator.transport, environment: environment, files: LocalFiles(), time: SystemTime(),
      random: SystemRandom())
  }

  /// A client with a token that the emulator takes without a question.
  var client: GCPClient {
    GCPClient(machine, endpoints: GCPEndpoints(environment: environment), tokens: StaticToken("any"))
  }

  /// What was asked about this project, oldest first: `methodId`, `status`, `body`, `query`, `replayed`, `fault`.
  func records(_ methods: String = "") async throws -> [Value] {
    Array(try await requests(methods)["log"]?.elements ?? Value.null.elements)
  }

  /// How often each method was asked about this project.
  func counts(_ methods: String = "") async throws -> [String: Int] {
    let counts = try await requests(methods)["counts"]?.entries ?? Value.null.entries
    return Dictionary(uniqueKeysWithValues: counts.map { ($0.key, Int($0.value.int ?? 0)) })
  }

  /// What no method answers, and answers of the emulator that do not fit Google's schemas: every test ends with
  /// `#expect(try await project.wrong() == [])`.
  func wrong() async throws -> [String] {
    let found = try await requests("")
    let unmatched = found["unmatched"]?.elements.map {
      "unmatched: \($0["httpMethod"]?.string ?? "") \($0["path"]?.string ?? "")"
    }
    return (unmatched ?? []) + (found["invalidResponses"]?.elements.map { JSONWriter().text($0) } ?? [])
  }

  private func requests(_ methods: String) async throws -> Value {
    try await emulator.control(
      .get, "requests?project=\(id)&methodId=\(PercentEncoding.encode(methods))")
  }

  /// Adds a fault to methods of this project: `status`, `drop`, `opError`, `delay`, `times`, `skip`, … as
  /// `gcp_emulator.md` has them.
  func fault(_ methods: String, _ fault: [String: Value]) async throws {
    let match: [(String, Value)] = [("methodId", .string(methods)), ("project", .string(id))]
    try await emulator.control(
      .post, "faults", .map(match + fault.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
  }

  /// Changes a resource behind our back; `path` is below the project: `compute`, `global/networks/n`.
  func drift(_ service: String, _ path: String, _ set: Value) async throws {
    try await emulator.control(
      .post, "drift", ["resource": .string("\(service)/projects/\(id)/\(path)"), "set": set])
  }

  /// Deletes a resource behind our back.
  func lose(_ service: String, _ path: String) async throws {
    try await emulator.control(
      .post, "drift", ["resource": .string("\(service)/projects/\(id)/\(path)"), "delete": true])
  }

  /// The bodies of what stands in this project, by `compute/projects/…`; what Google makes by itself is left out.
  func standing() async throws -> [String: Value] {
    let all = try await emulator.control(.get, "resources")["resources"]?.entries ?? Value.null.entries
    let ours = all.filter { entry in
      entry.value["project"]?.string == id && entry.value["system"]?.bool != true
        && entry.value["state"]?.string != "DELETED"
    }
    return Dictionary(uniqueKeysWithValues: ours.map { ($0.key, $0.value["body"] ?? .null) })
  }
}
