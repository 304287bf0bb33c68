import HTTP

/// What of a request is signed, and its canonical form.
package struct SigV4Message: Sendable {
  /// Fields that proxies and transports change or add; the signature itself is one of them.
  private static let unsignedFields: Set<String> = [
    "authorization", "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "te",
    "trailer",
    "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
  ]

  package var method: String
  /// As it is sent.
  package var path: String
  /// Not encoded.
  package var query: [SigV4Pair]
  package var fields: [SigV4Pair]
  package var body: [UInt8]

  /// `target` is the path with an optional query, as it stands in the request line.
  package init(method: String, target: String, fields: [SigV4Pair], body: [UInt8] = []) {
    self.method = method
    let mark = target.firstIndex(of: "?") ?? target.endIndex
    path = String(target[..<mark])
    query = Self.parseQuery(target[mark...].dropFirst())
    self.fields = fields
    self.body = body
  }

  /// The `Host` field comes from the URL where the request has none.
  package init(_ request: HTTPRequest) {
    method = request.method.description
    path = request.url.path
    query = Self.parseQuery((request.url.query ?? "")[...])
    fields = request.headers.fields.map { SigV4Pair($0.name, $0.value) }
    if request.headers["Host"] == nil { fields.append(SigV4Pair("Host", request.url.authority)) }
    body = request.body
  }

  /// Adds fields, in place of any of the same name.
  mutating func setFields(_ added: [SigV4Pair]) {
    let names = Set(added.map { $0.name.lowercased() })
    fields.removeAll { names.contains($0.name.lowercased()) }
    fields += added
  }

  func canonicalPath(_ form: SigV4Signer.PathForm) -> String {
    let path = path.isEmpty ? "/" : path
    switch form {
    case .normalized: return PercentEncoding.encode(Self.normalized(path), keeping: .slash)
    case .encoded: return PercentEncoding.encode(path, keeping: .slash)
    case .verbatim: return path
    }
  }

  /// Encoded pairs by name and then value, in byte order.
  func canonicalQuery() -> String {
    let pairs = query.map { SigV4Pair(PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
    let sorted = pairs.sorted { left, right in
      let isSame = left.name == right.name
      return isSame
        ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
        : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
    return sorted.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
  }

  /// The fields as `name:value` lines, each ended by a line break, and their names joined by semicolons.
  func canonicalFields() -> (text: String, names: String) {
    var values: [String: [String]] = [:]
    for field in fields {
      let name = field.name.lowercased()
      if !Self.unsignedFields.contains(name) { values[name, default: []].append(Self.trimmed(field.value)) }
    }
    let names = values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let lines = names.map { "\($0):\(values[$0, default: []].joined(separator: ","))\n" }
    return (lines.joined(), names.joined(separator: ";"))
  }

  /// Without white space around, and every run of it inside made one blank.
  private static func trimmed(_ value: String) -> String {
    value.utf8.split { $0 == 32 || (9...13).contains($0) }.map { String($0) ?? "" }.joined(separator: " ")
  }

  /// Removes dot segments (RFC 3986, section 5.2.4) and doubled slashes; a slash at the end stays.
  private static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    let last = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let endsOpen = !parts.isEmpty && (last.isEmpty || last == "." || last == "..")
    return "/" + parts.joined(separator: "/") + (endsOpen ? "/" : "")
  }

  private static func parseQuery(_ text: Substring) -> [SigV4Pair] {
    text.split(separator: "&").map { pair in
      let equals = pair.firstIndex(of: "=") ?? pair.endIndex
      return SigV4Pair(decoded(pair[..<equals]), decoded(pair[equals...].dropFirst()))
    }
  }

  private static func decoded(_ text: Substring) -> String {
    String(decoding: PercentEncoding.decode(text), as: UTF8.self)
  }
}
