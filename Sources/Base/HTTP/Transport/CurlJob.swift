import CCurl
import Platform

/// One exchange on its way through the transport's thread.
///
/// `@unchecked Sendable`: made by the caller and from then on touched by the transport's thread alone, also inside
/// libcurl's callbacks, which run on it.
final class CurlJob: @unchecked Sendable {
  typealias Result = Swift.Result<HTTPResponse, HTTPError>

  /// Bytes of all header fields of one answer.
  static let headerLimit = 256 << 10

  let request: HTTPRequest
  var continuation: CheckedContinuation<Result, Never>?
  var easy: UnsafeMutableRawPointer?
  var headerList: UnsafeMutablePointer<curl_slist>?
  /// Where to connect to instead of the URL's host.
  var placeList: UnsafeMutablePointer<curl_slist>?
  var status = 0
  var headers = HTTPHeaders()
  var headerBytes = 0
  var body: [UInt8] = []
  /// How often libcurl began to write the request.
  var sendCount = 0
  var hasAnswer = false
  var isTooLarge = false
  var isCancelled = false
  /// When the first byte must have come, once the request is being written.
  var firstByteDeadline: Duration?

  init(_ request: HTTPRequest) { self.request = request }

  /// Called before each writing of the request: false stops libcurl from sending it once more.
  func begin(now: Duration) -> Bool {
    if sendCount > 0, request.repetition == .never { return false }
    sendCount += 1
    hasAnswer = false
    firstByteDeadline = now + request.timeouts.firstByte
    return true
  }

  /// One header line, its line break included; false ends the transfer.
  func takeHeader(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    hasAnswer = true
    firstByteDeadline = nil
    headerBytes += line.count
    guard headerBytes <= Self.headerLimit else {
      isTooLarge = true
      return false
    }
    if line.starts(with: "HTTP/".utf8) {
      // A new status line: what came before belonged to an interim answer.
      headers = HTTPHeaders()
      let digits = line.drop { $0 != 32 }.dropFirst().prefix(3)
      status = digits.reduce(0) { $0 * 10 + Int($1 & 15) }
      return true
    }
    guard let colon = line.firstIndex(of: 58) else { return true }
    let value = line[(colon + 1)...].drop { $0 == 32 || $0 == 9 }
    let end =
      value.lastIndex { $0 != 13 && $0 != 10 && $0 != 32 && $0 != 9 }.map { $0 + 1 } ?? value.startIndex
    headers.append(
      String(decoding: line[..<colon], as: UTF8.self), String(decoding: value[..<end], as: UTF8.self))
    return true
  }

  /// A piece of the body; false ends the transfer.
  func takeBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if body.isEmpty {
      let announced = headers["Content-Length"].flatMap { Int($0) } ?? 0
      body.reserveCapacity(max(bytes.count, min(announced, request.responseLimit, 16 << 20)))
    }
    guard body.count + bytes.count <= request.responseLimit else {
      isTooLarge = true
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }
}
