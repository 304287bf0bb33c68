import Cryptography
import HTTP
import ProviderKit
import Values

/// Turns calls into requests, not signed yet.
struct RequestBuilder {
  var endpoints: AWSEndpoints
  var region: String

  func request(_ call: AWSCall) -> HTTPRequest {
    let base = endpoints.url(call.service, region: region)
    var request: HTTPRequest
    if let rest = call.rest {
      request = HTTPRequest(
        rest.method, url(rest, base, call.service), headers: headers(rest), body: rest.body)
    } else if case .json(let target) = call.service.wire {
      var url = base
      url.path = base.path.isEmpty ? "/" : base.path
      request = HTTPRequest(
        .post, url,
        headers: ["Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "\(target).\(call.operation)"],
        body: JSONWriter().bytes(call.parameters))
    } else {
      var url = base
      url.path = base.path.isEmpty ? "/" : base.path
      request = HTTPRequest(
        .post, url, headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
        body: form(call))
    }
    request.repetition = call.effect == .once ? .never : .allowed
    request.reuse = call.effect == .once ? .freshConnection : .allowed
    request.operation = HTTPOperation(call.service.name, call.operation)
    return request
  }

  private func form(_ call: AWSCall) -> [UInt8] {
    let style: FormEncoder.ListStyle = call.service.wire == .query ? .member : .plain
    let head = [(name: "Action", value: call.operation), (name: "Version", value: call.service.version)]
    return FormEncoder.body(head + FormEncoder.parameters(call.parameters, style))
  }

  /// The bucket stands in the path where the endpoint is somebody's own, and where a dot in its name breaks the
  /// certificate's wildcard; in the host otherwise.
  private func url(_ rest: RESTParts, _ base: HTTPURL, _ service: AWSService) -> HTTPURL {
    var url = base
    let root = base.path.hasSuffix("/") ? String(base.path.dropLast()) : base.path
    if let bucket = rest.bucket, endpoints.override(service) != nil || bucket.contains(".") {
      url.path = "\(root)/\(PercentEncoding.encode(bucket))"
    } else {
      if let bucket = rest.bucket { url.host = "\(bucket).\(base.host)" }
      url.path = "\(root)/"
    }
    if let key = rest.key {
      if !url.path.hasSuffix("/") { url.path += "/" }
      url.path += PercentEncoding.encode(key, keeping: .slash)
    }
    if !rest.query.isEmpty { url.query = rest.query.map(Self.queryItem).joined(separator: "&") }
    return url
  }

  private static func queryItem(_ item: (name: String, value: String)) -> String {
    let name = PercentEncoding.encode(item.name)
    return item.value.isEmpty ? name : "\(name)=\(PercentEncoding.encode(item.value))"
  }

  private func headers(_ rest: RESTParts) -> HTTPHeaders {
    var headers = HTTPHeaders()
    if !rest.body.isEmpty {
      headers["Content-Type"] = rest.body.first == UInt8(ascii: "{") ? "application/json" : "application/xml"
    }
    if rest.needsDigest { headers["Content-MD5"] = Base64.encode(MD5.digest(rest.body)) }
    for field in rest.headers { headers[field.name] = field.value }
    return headers
  }
}
