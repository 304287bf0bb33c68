import HTTP
import Testing

@Suite("URLs and header fields")
struct URLTests {
  @Test(
    "URLs are read, and written with what is left out",
    arguments: [
      ("https://Example.com", "https://example.com/"), ("HTTP://h:80/a?b=c#d", "http://h/a?b=c"),
      ("http://127.0.0.1:5000/x%2Fy?", "http://127.0.0.1:5000/x%2Fy?"),
      ("https://[::1]:443/", "https://[::1]/"),
      ("https://h:8443?a/b", "https://h:8443/?a/b"), ("http://h:/", "http://h/"),
    ])
  func parse(text: String, expected: String) {
    #expect(HTTPURL(text)?.description == expected)
  }

  @Test(
    "what is not an absolute URL of HTTP is refused",
    arguments: [
      "", "example.com", "ftp://h/", "http://", "http:///x", "http://user@h/", "http://h:99999/",
      "http://h:x/",
      "http://h/a b", "http://[::1/",
    ])
  func refused(text: String) {
    #expect(HTTPURL(text) == nil)
  }

  @Test(
    "percent encoding keeps the unreserved characters only",
    arguments: [("a-._~9Z", "a-._~9Z"), ("a b/ü", "a%20b%2F%C3%BC"), ("=&+%", "%3D%26%2B%25")])
  func encoding(text: String, expected: String) {
    #expect(PercentEncoding.encode(text) == expected)
    #expect(String(decoding: PercentEncoding.decode(expected), as: UTF8.self) == text)
    #expect(PercentEncoding.encode("/" + text, keeping: .slash).hasPrefix("/"))
  }

  @Test("a percent sign without digits stands for itself")
  func loosePercent() {
    #expect(String(decoding: PercentEncoding.decode("100%25%zz%4"), as: UTF8.self) == "100%%zz%4")
  }

  @Test("fields keep their order and compare names without case")
  func headers() {
    var headers: HTTPHeaders = ["A": "1", "B": "2", "a": "3"]
    #expect(headers["a"] == "1" && headers.values("A") == ["1", "3"])
    headers["A"] = "9"
    #expect(headers == ["A": "9", "B": "2"])
    headers["b"] = nil
    #expect(headers == ["A": "9"])
  }
}
