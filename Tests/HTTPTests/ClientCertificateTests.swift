import HTTP
import Platform
import Synchronization
import TestSupport
import Testing

/// Talks to `openssl s_server`, which asks for a client certificate and shows what it got.
@Suite("TLS")
struct ClientCertificateTests {
  private let folder = TemporaryDirectory()

  @Test("certificates from memory prove both sides to each other")
  func mutual() async throws {
    try await makeCertificates()
    let server = try await TLSServer(folder)
    var tls = TLSSettings(authorities: try read("ca.pem"))
    tls.clientCertificate = try read("client.pem")
    tls.clientKey = try read("client.key")
    let transport = CurlTransport(CurlConfiguration(tls: tls))
    let response = try await transport.send(HTTPRequest(.get, server.url))
    #expect(String(decoding: response.body, as: UTF8.self).contains("CN=the-client"))
  }

  @Test("an unknown authority fails the handshake, and nothing was sent")
  func untrusted() async throws {
    try await makeCertificates()
    let server = try await TLSServer(folder)
    let error = await #expect(throws: HTTPError.self) {
      try await CurlTransport().send(HTTPRequest(.post, server.url))
    }
    #expect(error?.reason == .secureConnectionFailed && error?.effect == .notSent)
  }

  private func read(_ name: String) throws -> [UInt8] { try LocalFiles().read(folder.file(name)) }

  /// An authority, and a server's and a client's certificate signed by it.
  private func makeCertificates() async throws {
    try await openssl(
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority -keyout ca.key "
        + "-out ca.pem")
    for (name, subject) in [("server", "localhost"), ("client", "the-client")] {
      try await openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=\(subject) -CA ca.pem "
          + "-CAkey ca.key -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE "
          + "-keyout \(name).key -out \(name).pem")
    }
  }

  private func openssl(_ arguments: String) async throws {
    let answer = try await ProcessGate.run(
      ["openssl"] + arguments.split(separator: " ").map(String.init), directory: folder.path)
    try #require(answer.code == 0, "\(answer.errorText)")
  }
}

/// A TLS server that lives as long as this value.
private final class TLSServer: Sendable {
  let url: HTTPURL
  private let child: RunningChild

  init(_ folder: TemporaryDirectory) async throws {
    var command = ChildCommand(
      ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-Verify", "1"]
        + ["-cert", "server.pem", "-key", "server.key", "-CAfile", "ca.pem"],
      environment: .current(), directory: folder.path)
    command.input = .open
    let (lines, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    child = try RunningChild(command) { continuation.yield($0) }
    var text = ""
    for await piece in lines {
      text += String(decoding: piece, as: UTF8.self)
      if text.contains("ACCEPT "), text.hasSuffix("\n") { break }
    }
    let digits =
      text.split(separator: "ACCEPT ").last?.split(separator: ":").last?.prefix { $0.isNumber } ?? ""
    let port: Int = try #require(Int(digits))
    url = HTTPURL(host: "127.0.0.1", port: port)
  }

  deinit { child.stop() }
}
