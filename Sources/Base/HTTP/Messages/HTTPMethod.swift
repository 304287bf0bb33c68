/// A request method; upper case.
package struct HTTPMethod: Hashable, Sendable, CustomStringConvertible {
  package let description: String
  package init(_ name: String) { description = name }

  package static let get = HTTPMethod("GET")
  package static let head = HTTPMethod("HEAD")
  package static let post = HTTPMethod("POST")
  package static let put = HTTPMethod("PUT")
  package static let patch = HTTPMethod("PATCH")
  package static let delete = HTTPMethod("DELETE")
  package static let options = HTTPMethod("OPTIONS")

  /// Whether sending it twice does what sending it once does (RFC 9110, section 9.2.2).
  package var isIdempotent: Bool { self != .post && self != .patch }
}
