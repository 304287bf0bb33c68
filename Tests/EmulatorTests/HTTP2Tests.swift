import HTTP
import Platform
import TestSupport
import Testing
import Values

@Suite("HTTP/2")
struct HTTP2Tests {
  private let folder = TemporaryDirectory()
  private static let requestCount = 20

  /// Lives as long as this value.
  private final class Server: Sendable {
    let port: Int64
    private let child: RunningChild

    init(_ folder: TemporaryDirectory) async throws {
      let ready = try await ProcessGate.run([Moto.python, "-c", "import h2"])
      try #require(ready.code == 0, "the server needs h2: run `make deps`")
      let made = try await ProcessGate.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
          + ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem"]
          + ["-out", "certificate.pem"], directory: folder.path)
      try #require(made.code == 0, "\(made.errorText)")
      var command = ChildCommand(
        [Moto.python, Moto.packageFolder + "/Tests/Emulators/http2_server.py"]
          + [folder.file("certificate.pem"), folder.file("key.pem")], environment: .current())
      command.input = .open
      let (lines, feed) = AsyncStream.makeStream(of: [UInt8].self)
      child = try RunningChild(command) { feed.yield($0) }
      var text: [UInt8] = []
      for await part in lines {
        text += part
        if text.contains(10) { break }
      }
      port = try #require(try JSONReader.parse(text)["port"]?.int, "the server did not start: run `make deps`")
    }

    deinit { child.stop() }
  }

  @Test("requests at the same time share one connection, each in a stream of its own")
  func shared() async throws {
    let server = try await Server(folder)
    let transport = CurlTransport(
      CurlConfiguration(tls: TLSSettings(authorities: try LocalFiles().read(folder.file("certificate.pem")))))
    let url = try #require(HTTPURL("https://127.0.0.1:\(server.port)/?together=\(Self.requestCount)"))
    let answers = try await withThrowingTaskGroup(of: Value.self) { group in
      for _ in 0..<Self.requestCount {
        group.addTask { try JSONReader.parse(try await transport.send(HTTPRequest(.get, url)).body) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.map { $0["connection"]?.int } == Array(repeating: 1, count: Self.requestCount))
    #expect(answers.map { $0["flight"]?.int } == Array(repeating: Int64(Self.requestCount), count: Self.requestCount))
    #expect(transport.statistics.connections == 1)
    #expect(transport.statistics.requests == Self.requestCount)
  }

  @Test("a request that must go out once has a connection of its own here too")
  func once() async throws {
    let server = try await Server(folder)
    let transport = CurlTransport(
      CurlConfiguration(tls: TLSSettings(authorities: try LocalFiles().read(folder.file("certificate.pem")))))
    let url = try #require(HTTPURL("https://127.0.0.1:\(server.port)/"))
    _ = try await transport.send(HTTPRequest(.get, url))
    let answer = try await transport.send(HTTPRequest(.post, url))
    #expect(try JSONReader.parse(answer.body)["connection"]?.int == 2)
  }
}
