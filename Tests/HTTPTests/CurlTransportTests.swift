import HTTP
import Platform
import Synchronization
import TestSupport
import Testing

private func url(_ server: LoopbackServer, _ path: String = "/") -> HTTPURL {
  HTTPURL(scheme: .http, host: "127.0.0.1", port: server.port, path: path)
}

private func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

@Suite("libcurl transport")
struct CurlTransportTests {
  @Test("method, path, query, fields and body arrive as written, and so does the answer")
  func roundTrip() async throws {
    let server = LoopbackServer { request in
      LoopbackServer.answer(
        request.head + "|" + String(decoding: request.body, as: UTF8.self), status: "201 Created",
        headers: "X-One: a\r\nx-one:  b \r\n")
    }
    var url = url(server, "/a/../b%2Fc")
    url.addQuery("q", "x y&z")
    let request = HTTPRequest(.put, url, headers: ["X-Plumb": "1", "X-Empty": ""], body: Array("hello".utf8))
    let response = try await CurlTransport().send(request)
    #expect(response.status == 201 && response.headers.values("X-ONE") == ["a", "b"])
    let lines = [
      "PUT /a/../b%2Fc?q=x%20y%26z HTTP/1.1", "Host: 127.0.0.1:\(server.port)", "User-Agent: plumb",
      "X-Plumb: 1",
      "X-Empty:", "Content-Length: 5|hello",
    ]
    #expect(text(response) == lines.joined(separator: "\r\n"))
  }

  @Test(
    "each method sends a body length exactly where it has a meaning",
    arguments: [
      ("GET", false), ("DELETE", false), ("POST", true), ("PUT", true), ("PATCH", true), ("OPTIONS", false),
    ])
  func bodyLength(method: String, hasLength: Bool) async throws {
    let server = LoopbackServer { LoopbackServer.answer($0.head) }
    let transport = CurlTransport()
    // The second request runs on a handle that sent a body before.
    _ = try await transport.send(HTTPRequest(.post, url(server), body: [1, 2, 3]))
    let head = text(try await transport.send(HTTPRequest(HTTPMethod(method), url(server))))
    #expect(head.hasPrefix("\(method) / HTTP/1.1"))
    #expect(head.contains("Content-Length: 0") == hasLength)
    #expect(!head.contains("Transfer-Encoding") && !head.contains("Content-Type"))
  }

  @Test("HEAD has fields and no body")
  func head() async throws {
    let server = LoopbackServer { _ in .respond("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n") }
    let response = try await CurlTransport().send(HTTPRequest(.head, url(server)))
    #expect(response.headers["content-length"] == "7" && response.body.isEmpty)
  }

  @Test("a refused connection and an unknown host have sent nothing")
  func notSent() async {
    let port = LoopbackServer { _ in .reset }.port
    let cases: [(HTTPURL, HTTPError.Reason)] = [
      (HTTPURL(scheme: .http, host: "127.0.0.1", port: port), .connectionFailed),
      (HTTPURL(scheme: .http, host: "no-such-host.invalid"), .unresolvedHost),
    ]
    for (url, reason) in cases {
      let error = await #expect(throws: HTTPError.self) {
        try await CurlTransport().send(HTTPRequest(.post, url))
      }
      #expect(error?.reason == reason && error?.effect == .notSent)
    }
  }

  @Test("a server that stays silent runs into the first-byte timeout, a slow exchange into the total one")
  func timeouts() async {
    let server = LoopbackServer { _ in .hang }
    var silent = HTTPRequest(.get, url(server))
    silent.timeouts.firstByte = .milliseconds(30)
    let error = await #expect(throws: HTTPError.self) { try await CurlTransport().send(silent) }
    #expect(error?.reason == .timeout(.firstByte) && error?.effect == .sent)

    let slow = LoopbackServer { _ in .respond("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf") }
    var request = HTTPRequest(.get, url(slow))
    request.timeouts.total = .milliseconds(300)
    let late = await #expect(throws: HTTPError.self) { try await CurlTransport().send(request) }
    #expect(late?.reason == .timeout(.answer) && late?.effect == .sent)
  }

  @Test("the limit of an answer holds exactly", arguments: [(10, true), (9, false)])
  func responseLimit(limit: Int, isRead: Bool) async throws {
    let server = LoopbackServer { _ in LoopbackServer.answer("0123456789") }
    var request = HTTPRequest(.get, url(server))
    request.responseLimit = limit
    if isRead {
      #expect(try await CurlTransport().send(request).body.count == 10)
    } else {
      let error = await #expect(throws: HTTPError.self) { try await CurlTransport().send(request) }
      #expect(error?.reason == .tooLarge)
    }
  }

  @Test("cancelling a request closes its connection and says that it may have taken effect")
  func cancellation() async {
    let started = AsyncStream.makeStream(of: Void.self)
    let server = LoopbackServer { _ in
      started.continuation.finish()
      return .hang
    }
    let request = HTTPRequest(.post, url(server))
    let transport = CurlTransport()
    let task = Task { try await transport.send(request) }
    for await _ in started.stream {}
    task.cancel()
    let error = await #expect(throws: HTTPError.self) { try await task.value }
    #expect(error?.reason == .cancelled && error?.effect == .sent)
    await server.waitForLeave()
  }

  @Test("a line break in a field is refused before anything is sent")
  func injection() async {
    let server = LoopbackServer { _ in LoopbackServer.answer("") }
    let request = HTTPRequest(.get, url(server), headers: ["X": "a\r\nY: b"])
    let error = await #expect(throws: HTTPError.self) { try await CurlTransport().send(request) }
    #expect(error?.reason == .invalidRequest)
    #expect(server.connectionCount == 0)
  }

  @Test("hundreds of requests at once share few connections and none is lost")
  func many() async throws {
    let server = LoopbackServer { LoopbackServer.answer(String($0.head.split(separator: " ")[1])) }
    var configuration = CurlConfiguration()
    configuration.connectionsPerHost = 4
    let transport = CurlTransport(configuration)
    let paths = try await withThrowingTaskGroup(of: String.self) { group in
      for number in 0..<300 {
        let request = HTTPRequest(.get, url(server, "/\(number)"))
        group.addTask { text(try await transport.send(request)) }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(paths == Set((0..<300).map { "/\($0)" }))
    #expect(server.connectionCount <= 4)
  }

  @Test("the proxy of the given environment is used, except for its exceptions")
  func proxy() async throws {
    let proxy = LoopbackServer { LoopbackServer.answer("proxy: " + String($0.head.prefix { $0 != "\r\n" })) }
    let server = LoopbackServer { _ in LoopbackServer.answer("direct") }
    var environment = Environment(["http_proxy": "http://127.0.0.1:\(proxy.port)"])
    let proxied = CurlTransport(CurlConfiguration(proxies: ProxySettings(environment)))
    let request = HTTPRequest(.get, url(server))
    #expect(text(try await proxied.send(request)) == "proxy: GET http://127.0.0.1:\(server.port)/ HTTP/1.1")
    environment["no_proxy"] = "127.0.0.1"
    let direct = CurlTransport(CurlConfiguration(proxies: ProxySettings(environment)))
    #expect(text(try await direct.send(request)) == "direct")
  }
}

@Suite("Requests that must go out once")
struct SingleSendTests {
  /// A server that performs an effect for each POST and DELETE and then loses the connection.
  private final class Effects: Sendable {
    private let made = Mutex(0)
    var count: Int { made.withLock { $0 } }

    func act(_ request: LoopbackServer.Request) -> LoopbackServer.Action {
      if request.head.hasPrefix("GET") { return LoopbackServer.answer("ok") }
      made.withLock { $0 += 1 }
      return .reset
    }
  }

  @Test(
    "a request that meets a reset takes effect once and reports that it may have",
    arguments: [HTTPRequest.Reuse.freshConnection, .allowed], [HTTPMethod.post, .delete])
  func sentOnce(reuse: HTTPRequest.Reuse, method: HTTPMethod) async throws {
    let effects = Effects()
    let server = LoopbackServer { effects.act($0) }
    let transport = CurlTransport()
    _ = try await transport.send(HTTPRequest(.get, url(server)))
    let body = method == .post ? Array("create".utf8) : []
    let request = HTTPRequest(method, url(server), body: body, repetition: .never, reuse: reuse)
    let error = await #expect(throws: HTTPError.self) { try await transport.send(request) }
    #expect(error?.effect == .sent && error?.reason == .connectionLost)
    #expect(effects.count == 1)
    #expect(transport.statistics.requests == 2)
    // On the kept connection libcurl did begin to re-send: it opened another connection, and was stopped there.
    #expect(server.connectionCount == 2)
  }

  @Test("libcurl re-sends what may be repeated when a kept connection is reset")
  func repeatableIsResent() async throws {
    let server = LoopbackServer { request in
      request.connection == 1 && request.number == 2 ? .reset : LoopbackServer.answer("\(request.connection)")
    }
    let transport = CurlTransport()
    _ = try await transport.send(HTTPRequest(.get, url(server)))
    #expect(text(try await transport.send(HTTPRequest(.get, url(server)))) == "2")
    #expect(transport.statistics.requests == 3 && transport.statistics.connections == 2)
  }

  @Test("a create never shares a connection, reads do")
  func connections() async throws {
    let server = LoopbackServer { LoopbackServer.answer("\($0.connection).\($0.number)") }
    let transport = CurlTransport()
    var answers: [String] = []
    for method in [HTTPMethod.get, .get, .post, .get] {
      answers.append(text(try await transport.send(HTTPRequest(method, url(server)))))
    }
    #expect(answers == ["1.1", "1.2", "2.1", "1.3"])
  }
}
