import Glibc
import Platform
import Synchronization

/// A tiny HTTP server on 127.0.0.1 with a thread per connection; what it does with each request is the test's choice.
package final class LoopbackServer: Sendable {
  package struct Request: Sendable {
    package var head: String
    package var body: [UInt8]
    /// Counts connections from 1.
    package var connection: Int
    /// Counts requests on this connection from 1.
    package var number: Int
  }

  package enum Action: Sendable {
    case respond(String)
    /// Ends the connection with a reset (RST), as a crashed server or a firewall does.
    case reset
    /// Answers nothing until the client goes away.
    case hang
  }

  package let port: Int
  private let listener: Int32
  private let handler: @Sendable (Request) -> Action
  private let connections = Mutex(0)
  private let gone = AsyncStream.makeStream(of: Void.self)

  package init(_ handler: @escaping @Sendable (Request) -> Action) {
    self.handler = handler
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    listener = descriptor
    port = Self.listen(descriptor)
    NativeThread.start("test-listener") { [weak self] in
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0, let server = self else { break }
        let number = server.connections.withLock { count in
          count += 1
          return count
        }
        NativeThread.start("test-connection") { server.serve(connection, number) }
      }
      close(descriptor)
    }
  }

  deinit {
    // Wakes the blocked accept, which then sees that the server has gone.
    shutdown(listener, Int32(SHUT_RDWR))
  }

  package var connectionCount: Int { connections.withLock { $0 } }

  /// Returns once a client has left a hanging request.
  package func waitForLeave() async { for await _ in gone.stream { return } }

  package static func answer(_ body: String, status: String = "200 OK", headers: String = "") -> Action {
    .respond("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
  }

  private static func listen(_ descriptor: Int32) -> Int {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, size) == 0 && Glibc.listen(descriptor, 128) == 0
          && getsockname(descriptor, pointer, &size) == 0
      }
    }
    precondition(isListening, "no loopback socket")
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private func serve(_ connection: Int32, _ number: Int) {
    defer { close(connection) }
    var buffer: [UInt8] = []
    var count = 0
    while let (head, body) = readRequest(connection, &buffer) {
      count += 1
      switch handler(Request(head: head, body: body, connection: number, number: count)) {
      case .respond(let text):
        let bytes = Array(text.utf8)
        guard Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return }
      case .reset:
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        return
      case .hang:
        var byte: UInt8 = 0
        while recv(connection, &byte, 1, 0) > 0 {}
        gone.continuation.yield()
        return
      }
    }
  }

  private func readRequest(_ connection: Int32, _ buffer: inout [UInt8]) -> (String, [UInt8])? {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      if let end = headEnd(buffer) {
        let head = String(decoding: buffer[..<end], as: UTF8.self)
        let field = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        let length = field.flatMap { Int($0.drop { $0 != " " }.dropFirst()) } ?? 0
        if buffer.count >= end + 4 + length {
          let body = Array(buffer[(end + 4)..<(end + 4 + length)])
          buffer.removeFirst(end + 4 + length)
          return (head, body)
        }
      }
      let count = recv(connection, &chunk, chunk.count, 0)
      guard count > 0 else { return nil }
      buffer += chunk[..<count]
    }
  }

  private func headEnd(_ buffer: [UInt8]) -> Int? {
    guard buffer.count >= 4 else { return nil }
    return (0...(buffer.count - 4)).first { buffer[$0..<($0 + 4)].elementsEqual([13, 10, 13, 10]) }
  }
}
