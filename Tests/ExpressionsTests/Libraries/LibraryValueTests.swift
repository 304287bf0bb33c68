import Expressions
import Testing

@Suite("Values of the libraries")
struct LibraryValueTests {
  @Test(
    "versions are ordered, without their build",
    arguments: [
      ("1.2.3", "1.2.10"), ("1.0.0-alpha", "1.0.0"), ("1.0.0-alpha", "1.0.0-alpha.1"), ("1.0.0-1", "1.0.0-alpha"),
      ("1.0.0-2", "1.0.0-10"), ("0.9.9", "1.0.0-rc.1+x"),
    ])
  func versions(_ less: String, _ greater: String) throws {
    let a = try #require(Semver(less)), b = try #require(Semver(greater))
    #expect(a < b && !(b < a) && a.description == less)
    #expect(Semver("1.0.0+a") == Semver("1.0.0+b"))
  }

  @Test(
    "what is no version",
    arguments: [
      "", "1", "1.2", "v1.2.3", "1.2.3.4", " 1.0.0", "1. 0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "1.0.0-ä",
      "1.0.18446744073709551616",
    ])
  func noVersion(_ text: String) {
    #expect(Semver(text) == nil)
  }

  @Test(
    "versions written loosely",
    arguments: [("v1", "1.0.0"), ("1.1", "1.1.0"), ("01.02.03", "1.2.3"), ("1.0.00-rc", "1.0.0-rc"), ("v0.0", "0.0.0")])
  func loose(_ text: String, _ version: String) {
    #expect(Semver(normalizing: text)?.description == version)
    #expect(Semver(normalizing: "1-rc") == nil && Semver(normalizing: " 1") == nil)
  }

  @Test("parts of a URL")
  func addresses() throws {
    let full = try WebAddress("HTTPS://user:p%40ss@[::1]:80/a b/c?k=1&k=2+3&x;y=z&q#frag#ment")
    #expect(full.scheme == "https" && full.host == "[::1]:80" && full.hostName == "::1" && full.port == "80")
    #expect(full.escapedPath == "/a%20b/c" && full.fragment == "frag#ment")
    #expect(full.parameters.map(\.key) == ["k", "q"] && full.parameters.map(\.values) == [["1", "2 3"], [""]])
    let path = try WebAddress("/path")
    #expect(path.host == "" && path.scheme == "" && path.port == "" && path.escapedPath == "/path")
    #expect(try WebAddress("//host/path").host == "host")
    #expect(try WebAddress("mailto:ana@acme.test").scheme == "mailto")
    #expect(try WebAddress("http://a/%2Fb").escapedPath == "/%2Fb")
    #expect(try WebAddress("http://ä.test").host == "ä.test")
  }

  @Test(
    "what is no URL",
    arguments: [
      ("", "parse \"\": empty url"), ("../relative", "parse \"../relative\": invalid URI for request"),
      ("https://a:b:c/", "parse \"https://a:b:c/\": invalid port \":c\" after host"),
      (":x", "parse \":x\": missing protocol scheme"),
      ("/a\u{7F}", "parse \"/a\u{7F}\": net/url: invalid control character in URL"),
      ("/%zz", "parse \"/%zz\": invalid URL escape"), ("http://[::1", "parse \"http://[::1\": missing ']' in host"),
    ])
  func noAddress(_ text: String, _ message: String) {
    let problem = #expect(throws: WebAddress.Problem.self) { try WebAddress(text) }
    #expect(problem?.message == message)
  }

  @Test("doubles are written exactly, halves to even")
  func doubles() {
    #expect(
      DoubleText.fixed(1.2345, 3) == "1.234" && DoubleText.fixed(2.5, 0) == "2" && DoubleText.fixed(0.5, 0) == "0")
    #expect(DoubleText.fixed(-123.4999, 3) == "-123.500" && DoubleText.fixed(9.999, 2) == "10.00")
    #expect(DoubleText.fixed(1e21, 1) == "1000000000000000000000.0" && DoubleText.fixed(-0.0, 1) == "-0.0")
    #expect(DoubleText.fixed(0.1, 20) == "0.10000000000000000555" && DoubleText.fixed(0.001, 2) == "0.00")
    #expect(DoubleText.scientific(1052.032911275, 6) == "1.052033e+03" && DoubleText.scientific(0, 2) == "0.00e+00")
    #expect(DoubleText.scientific(9.96, 1) == "1.0e+01")
    #expect(DoubleText.scientific(.leastNonzeroMagnitude, 3) == "4.941e-324")
    #expect(DoubleText.scientific(.greatestFiniteMagnitude, 0) == "2e+308")
    #expect(DoubleText.shortest(1e21) == "1000000000000000000000" && DoubleText.shortest(1.5e-7) == "0.00000015")
    #expect(DoubleText.shortest(-3) == "-3" && DoubleText.shortest(3.14) == "3.14" && DoubleText.shortest(0.1) == "0.1")
    #expect(DoubleText.shortest(.nan) == "NaN" && DoubleText.shortest(-.infinity) == "-Infinity")
  }

  @Test("named formats say what is wrong")
  func formats() {
    #expect(NamedFormat.dns1123Label.problems("a.b") == ["must not contain dots"])
    #expect(
      NamedFormat.dns1123Label.problems(String(repeating: "a", count: 64)) == ["must be no more than 63 characters"])
    #expect(NamedFormat.dns1123SubdomainPrefix.problems("my.prefix-") == [])
    #expect(NamedFormat.dns1035Label.problems("1a").count == 1 && NamedFormat.dns1035Label.problems("a1") == [])
    #expect(NamedFormat.qualifiedName.problems("/x") == ["prefix part must be non-empty"])
    #expect(NamedFormat.qualifiedName.problems("a/b/c").first?.hasPrefix("a qualified name must consist") == true)
    #expect(NamedFormat.labelValue.problems("") == [] && NamedFormat.labelValue.problems("-").count == 1)
    #expect(NamedFormat.uuid.problems("123e4567e89b12d3a456426614174000") == [])
    #expect(NamedFormat.byte.problems("aGVsbG8") == ["invalid base64"] && NamedFormat.byte.problems("") != [])
    #expect(
      NamedFormat.date.problems("2023-02-29") == ["invalid date"] && NamedFormat.date.problems("2024-02-29") == [])
    #expect(NamedFormat.datetime.problems("2021-01-01t23:59:59.5+02:00") == [])
    #expect(NamedFormat.datetime.problems("2021-01-01T24:00:00Z") == ["invalid datetime"])
    #expect(NamedFormat.uri.problems("a b") == ["parse \"a b\": invalid URI for request"])
  }

  @Test("patterns match anywhere, see what stands before, and move on after empty matches")
  func patterns() throws {
    let word = try RegularExpression.compiled(#"\b(\w)(\w*)"#)
    #expect(word.groups == 2 && word.matches("ab") && !word.matches(""))
    let bytes = Array("één twee".utf8)
    let found = word.matches(in: bytes, groups: 2)
    #expect(found.map(\.whole) == [4..<5, 6..<10] && found.last?.spans[2] == 7..<10)
    let empty = try RegularExpression.compiled("x*")
    #expect(empty.matches(in: Array("axé".utf8), groups: 0).map(\.whole) == [0..<0, 1..<2, 4..<4])
    #expect(try RegularExpression.compiled("").matches(in: [], groups: 0).map(\.whole) == [0..<0])
    #expect(try RegularExpression.compiled("a|(b)").matches(in: [0x61], groups: 1).first?.spans[1] == nil)
  }

  @Test("what is no pattern is refused with a reason", arguments: ["(", "a{1001}", "(?=x)", #"\1"#, "[z-a]", "a**"])
  func noPattern(_ text: String) {
    let problem = #expect(throws: RegularExpression.Problem.self) { try RegularExpression.compiled(text) }
    #expect(problem?.message.isEmpty == false)
  }

  @Test("patterns are limited in length and in memory")
  func patternLimits() {
    #expect(throws: Never.self) {
      try RegularExpression.compiled(String(repeating: "a", count: RegularExpression.patternBytes))
    }
    #expect(throws: RegularExpression.Problem.self) {
      try RegularExpression.compiled(String(repeating: "a", count: RegularExpression.patternBytes + 1))
    }
    #expect(throws: RegularExpression.Problem.self) { try RegularExpression.compiled(#"(?i:\pL{500}){2}\pL{900}"#) }
  }

  @Test("a pattern that defeats backtracking is matched in time")
  func linear() throws {
    let text = String(repeating: "a", count: 20_000)
    #expect(try !RegularExpression.compiled("(a*)*(a*)*b").matches(text))
  }
}
