import Values

/// A URL: an absolute URI or an absolute path (RFC 3986), as Kubernetes reads them.
package struct WebAddress: Sendable {
  /// As it was written.
  package let text: String
  /// In lower case; empty where there is none.
  package let scheme: String
  /// User and password as they stand before `@`; nil where there is no `@`.
  package let userInfo: String?
  /// With port, and with brackets around IPv6; unescaped.
  package let host: String
  /// As written where that is well escaped, else escaped.
  package let escapedPath: String
  /// After `?`, escaped.
  package let query: String
  /// After `#`, escaped.
  package let fragment: String

  package struct Problem: Error {
    package let message: String
  }

  package init(_ text: String) throws(Problem) {
    // What is asked for is judged with its fragment, which is then cut off and what is left read again.
    _ = try Parts(text[...], of: text, isRequest: true)
    let halves = text[...].cut(at: "#")
    let parts = try Parts(halves.0, of: text, isRequest: false)
    let fragment = halves.1 ?? ""
    guard PercentText.unescape(fragment, .fragment) != nil else { throw Parts.problem(text, Parts.badEscape) }
    self.text = text
    (scheme, userInfo, host) = (parts.scheme, parts.userInfo, parts.host)
    (escapedPath, query, self.fragment) = (parts.escapedPath, parts.query, String(fragment))
  }

  /// Without port and without brackets.
  package var hostName: String {
    let name = (portMark.map { host.utf8[..<$0] } ?? host.utf8[...])
    let isBracketed = name.first == UInt8(ascii: "[") && name.last == UInt8(ascii: "]")
    return String(Substring(isBracketed ? name.dropFirst().dropLast() : name))
  }

  /// Empty where there is none.
  package var port: String { portMark.map { String(Substring(host.utf8[$0...].dropFirst())) } ?? "" }

  private var portMark: String.Index? {
    host.utf8.lastIndex(of: UInt8(ascii: ":")).flatMap { Parts.isPort(host[$0...]) ? $0 : nil }
  }

  /// Keys with all of their values, unescaped, in the order of their first appearance. What is wrongly escaped or
  /// holds a `;` is left out.
  package var parameters: [(key: String, values: [String])] {
    var found: [(key: String, values: [String])] = []
    var places: [String: Int] = [:]
    for pair in query.utf8.split(separator: UInt8(ascii: "&")) where !pair.contains(UInt8(ascii: ";")) {
      let halves = Substring(pair).cut(at: "=")
      guard let key = PercentText.unescape(halves.0, .query),
        let value = PercentText.unescape(halves.1 ?? "", .query)
      else { continue }
      if let place = places[key] {
        found[place].values.append(value)
      } else {
        places[key] = found.count
        found.append((key, [value]))
      }
    }
    return found
  }
}

extension WebAddress: Hashable {
  package static func == (left: WebAddress, right: WebAddress) -> Bool { left.parts == right.parts }
  package func hash(into hasher: inout Hasher) { hasher.combine(parts) }
  private var parts: [String?] { [scheme, userInfo, host, escapedPath, query, fragment] }
}

/// What stands before the fragment.
private struct Parts {
  var scheme = ""
  var userInfo: String?
  var host = ""
  var escapedPath = ""
  var query = ""

  static let badEscape = "invalid URL escape"

  static func problem(_ text: String, _ reason: String) -> WebAddress.Problem {
    WebAddress.Problem(message: "parse \(TextQuoting.quote(text)): \(reason)")
  }

  /// Only without `isRequest` does `//host/path` name a host.
  init(_ source: Substring, of text: String, isRequest: Bool) throws(WebAddress.Problem) {
    func fail(_ reason: String) -> WebAddress.Problem { Self.problem(text, reason) }
    guard !source.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw fail("net/url: invalid control character in URL")
    }
    guard !source.isEmpty else { throw fail("empty url") }
    guard source != "*" else {
      escapedPath = "*"
      return
    }
    var rest = source
    if let end = Self.schemeEnd(source) {
      guard end > source.startIndex else { throw fail("missing protocol scheme") }
      scheme = source[..<end].lowercased()
      rest = Substring(source.utf8[end...].dropFirst())
    }
    let halves = rest.cut(at: "?")
    (rest, query) = (halves.0, String(halves.1 ?? ""))
    guard rest.utf8.starts(with: "/".utf8) else {
      // `mailto:someone`: nothing of it is a path.
      guard !scheme.isEmpty else { throw fail("invalid URI for request") }
      return
    }
    let hasAuthority = !scheme.isEmpty || !isRequest && !rest.utf8.starts(with: "///".utf8)
    if hasAuthority, rest.utf8.starts(with: "//".utf8) {
      let authority = rest.utf8.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
      rest = rest[authority.endIndex...]
      try read(authority: Substring(authority), fail)
    }
    guard let path = PercentText.unescape(rest, .path) else { throw fail(Self.badEscape) }
    escapedPath = PercentText.isWellEscaped(rest) ? String(rest) : PercentText.escape(path: path)
  }

  /// Where `:` ends a scheme; nil where none begins the text.
  private static func schemeEnd(_ text: Substring) -> Substring.Index? {
    for (offset, index) in text.utf8.indices.enumerated() {
      let byte = text.utf8[index]
      if byte == UInt8(ascii: ":") { return index }
      if ASCII.isLetter(byte) { continue }
      guard offset > 0, ASCII.isDigit(byte) || "+-.".utf8.contains(byte) else { return nil }
    }
    return nil
  }

  private mutating func read(authority: Substring, _ fail: (String) -> WebAddress.Problem) throws(WebAddress.Problem) {
    var rest = authority
    if let mark = authority.utf8.lastIndex(of: UInt8(ascii: "@")) {
      let user = authority[..<mark]
      let isValid = user.utf8.allSatisfy { ASCII.isAlphanumeric($0) || "-._:~!$&'()*+,;=%@".utf8.contains($0) }
      guard isValid else { throw fail("net/url: invalid userinfo") }
      guard PercentText.unescape(user, .user) != nil else { throw fail(Self.badEscape) }
      userInfo = String(user)
      rest = Substring(authority.utf8[mark...].dropFirst())
    }
    if rest.utf8.first == UInt8(ascii: "[") {
      guard let end = rest.utf8.lastIndex(of: UInt8(ascii: "]")) else { throw fail("missing ']' in host") }
      let port = Substring(rest.utf8[end...].dropFirst())
      guard Self.isPort(port) else { throw fail("invalid port \(TextQuoting.quote(String(port))) after host") }
    } else if let mark = rest.utf8.lastIndex(of: UInt8(ascii: ":")), !Self.isPort(rest[mark...]) {
      throw fail("invalid port \(TextQuoting.quote(String(rest[mark...]))) after host")
    }
    guard let host = PercentText.unescape(rest, .host) else { throw fail("invalid character or escape in host name") }
    self.host = host
  }

  /// Nothing, or a colon with digits alone after it.
  static func isPort(_ text: Substring) -> Bool {
    guard text.utf8.first == UInt8(ascii: ":") else { return text.isEmpty }
    return text.utf8.dropFirst().allSatisfy(ASCII.isDigit)
  }
}

extension Substring {
  /// What stands before and after the first such byte; nil after it where there is none.
  fileprivate func cut(at mark: Unicode.Scalar) -> (Substring, Substring?) {
    guard let place = utf8.firstIndex(of: UInt8(ascii: mark)) else { return (self, nil) }
    return (self[..<place], Substring(utf8[place...].dropFirst()))
  }
}
