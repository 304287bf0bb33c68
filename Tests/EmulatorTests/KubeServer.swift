import HTTP
import KubernetesClient
import KubernetesProvider
import Platform
import ProviderKit
import Resources
import Synchronization
import TestSupport
import Testing
import Values

/// A real kube-apiserver with etcd, started once for all tests; it ends when its input closes, and so with this
/// process.
final class KubeServer: Sendable {
  let port: Int
  /// A plain way to the server that can stop a client in the middle.
  let proxy: Int
  let audit: String
  let authority: String
  private let child: RunningChild
  private let folder: TemporaryDirectory

  private static let started = Task { try await start() }
  /// Waits for the server at its first use.
  static var shared: KubeServer { get async throws { try await started.value } }

  /// Where `make kube-assets` has put them.
  private static var assets: String {
    let environment = Environment.current()
    if let named = environment.nonEmpty("KUBEBUILDER_ASSETS") { return named }
    let cache = environment.nonEmpty("XDG_CACHE_HOME") ?? "\(environment["HOME"] ?? "")/.cache"
    return "\(cache)/plumb/kube-assets"
  }

  private init(_ ready: Value, _ child: RunningChild, _ folder: TemporaryDirectory) throws {
    port = Int(try #require(ready["port"]?.int))
    proxy = Int(try #require(ready["proxy"]?.int))
    audit = try #require(ready["audit"]?.string)
    authority = try #require(ready["authority"]?.string)
    self.child = child
    self.folder = folder
  }

  /// A server of its own, for what all its users would see.
  static func start() async throws -> KubeServer {
    let folder = TemporaryDirectory()
    var command = ChildCommand(
      [Moto.python, Moto.packageFolder + "/Tests/Emulators/kube_server.py", assets, folder.path],
      environment: .current())
    command.input = .open
    command.errorOutput = .discard
    let (lines, feed) = AsyncStream.makeStream(of: [UInt8].self)
    let child = try RunningChild(command) { feed.yield($0) }
    var text: [UInt8] = []
    for await part in lines {
      text += part
      if text.contains(10) { return try KubeServer(JSONReader.parse(text), child, folder) }
    }
    throw MotoError(text: "the API server did not start from \(assets): run `make kube-assets`")
  }
}

/// One user of the server with namespaces, an estate and an inventory of its own, worked on by the built program.
struct KubeEstate: Sendable {
  private static let count = Mutex(0)

  let server: KubeServer
  let number: Int
  let folder = TemporaryDirectory()
  let environment: Environment
  /// What names of this test begin with; `NS` in manifests stands for it.
  var prefix: String { "t\(number)" }
  var user: String { "test-\(number)" }

  /// - Parameters:
  ///   - files: by name below `manifests/`, in which `NS` stands for the prefix.
  ///   - target: what the target says beside its context.
  ///   - own: a server of its own; else the one that is shared.
  init(_ files: [String: String] = [:], target: String = "", throughProxy: Bool = false, own: KubeServer? = nil)
    async throws
  {
    if let own { server = own } else { server = try await KubeServer.shared }
    number = Self.count.withLock { count in
      count += 1
      return count
    }
    environment = Environment(["PATH": "/usr/bin:/bin", "KUBECONFIG": folder.file("kubeconfig"), "HOME": folder.path])
    let address = throughProxy ? "http://127.0.0.1:\(server.proxy)" : "https://127.0.0.1:\(server.port)"
    let authority = throughProxy ? "" : ", certificate-authority: \(server.authority)"
    folder.write(
      """
      apiVersion: v1
      kind: Config
      current-context: main
      clusters: [{name: lab, cluster: {server: "\(address)"\(authority)}}]
      users:
      - {name: main, user: {token: test-\(number)}}
      - {name: reader, user: {token: reader-\(number)}}
      contexts:
      - {name: main, context: {cluster: lab, user: main}}
      - {name: reader, context: {cluster: lab, user: reader}}
      """, to: "kubeconfig")
    folder.write(
      """
      apiVersion: plumb.dev/v1
      kind: Estate
      metadata: {name: kube, id: est-k\(number)}
      spec:
        include: [manifests/*.yaml]
        defaults: {targets: {kubernetes: lab}}
      """, to: "plumb.yaml")
    folder.write(
      """
      apiVersion: plumb.dev/v1
      kind: Target
      metadata: {name: lab}
      spec:
        kubernetes: {context: main}
      \(target)
      """, to: "manifests/target.yaml")
    for (name, text) in files { write(text, to: name) }
  }

  func write(_ text: String, to name: String) {
    folder.write(text.replacing("NS", with: prefix), to: "manifests/\(name)")
  }

  func edit(_ name: String, _ old: String, _ new: String) throws {
    let file = "manifests/\(name)"
    let text = try #require(TextFile.read(folder.file(file)))
    try #require(text.contains(old.replacing("NS", with: prefix)), "\(text)")
    folder.write(
      text.replacing(old.replacing("NS", with: prefix), with: new.replacing("NS", with: prefix)), to: file)
  }

  // MARK: The program

  func plumb(_ line: String) async throws -> ProcessGate.Answer {
    try await ProcessGate.run(words(line), environment: environment, directory: folder.path)
  }

  func plumb(_ line: String, prepare: (Int32) async throws -> Void) async throws -> ProcessGate.Answer {
    try await ProcessGate.run(words(line), environment: environment, directory: folder.path, prepare: prepare)
  }

  private func words(_ line: String) -> [String] { [BuiltProgram.path] + line.split(separator: " ").map(String.init) }

  /// Expects an exit code and texts in what the program prints; gives back all that it printed.
  @discardableResult
  func expect(
    _ line: String, code: Int32 = 0, says texts: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let answer = try await plumb(line)
    let all = answer.text + answer.errorText
    #expect(answer.code == code, "\(all.suffix(4_000))", sourceLocation: sourceLocation)
    for text in texts {
      let wanted = text.replacing("NS", with: prefix)
      #expect(all.contains(wanted), "`\(wanted)` is missing in \(all.suffix(4_000))", sourceLocation: sourceLocation)
    }
    return all
  }

  func expectNothingToDo(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await expect("plan --detailed-exitcode", says: "No changes.", sourceLocation: sourceLocation)
  }

  // MARK: The server

  /// What this user asked, oldest first: `list /api/v1/namespaces?limit=500`.
  func requests(of user: String? = nil) throws -> [String] {
    let name = user ?? self.user
    let log = try #require(TextFile.read(server.audit))
    return try log.split(separator: "\n").filter { $0.contains("\"username\":\"\(name)\"") }.map { line in
      let record = try JSONReader.parse(Array(line.utf8))
      return "\(record["verb"]?.string ?? "") \(record["requestURI"]?.string ?? "")"
    }
  }

  /// A client with this test's credentials, past the program.
  func client(mode: KubernetesClient.Mode = .readWrite, token: String? = nil) throws -> KubernetesClient {
    let machine = KubernetesMachine(
      environment: environment, files: LocalFiles(), time: SystemTime(), random: SystemRandom())
    var access = try KubeconfigLoader.load(nil, environment, LocalFiles())
      .access(context: "main", allowsInsecure: false, LocalFiles())
    if let token { access.identity = .token(token) }
    return KubernetesClient(machine, access, mode: mode)
  }

  @discardableResult
  func send(_ method: HTTPMethod, _ path: String, _ body: Value? = nil, as type: KubernetesRequest.ContentType = .json)
    async throws -> KubernetesAnswer
  {
    let parts = path.replacing("NS", with: prefix).split(separator: "?", maxSplits: 1).map(String.init)
    var query: [(name: String, value: String)] = []
    for pair in parts.dropFirst().flatMap({ $0.split(separator: "&") }) {
      let words = pair.split(separator: "=", maxSplits: 1).map(String.init)
      query.append((name: words[0], value: words.count > 1 ? words[1] : ""))
    }
    return try await client().exchange(KubernetesRequest(method, parts[0], query: query, body: body, as: type))
  }

  func object(_ path: String) async throws -> Value {
    let answer = try await send(.get, path)
    try #require(answer.isSuccess, "\(path): \(answer.failure?.message ?? "")")
    return answer.value
  }

  func exists(_ path: String) async throws -> Bool { try await send(.get, path).status == 200 }

  /// A provider in this process, as another run has.
  func provider() -> KubernetesProvider {
    KubernetesProvider(
      KubernetesMachine(environment: environment, files: LocalFiles(), time: SystemTime(), random: SystemRandom()))
  }

  var target: Target {
    Target(name: TargetName("lab"), provider: "kubernetes", settings: ["kubernetes": ["context": "main"]])
  }
}
