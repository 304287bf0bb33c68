/// What a manifest says of its kind: `acme.dev/v1`, `TeamSpace`.
package struct KindName: Hashable, Sendable, CustomStringConvertible {
  package let apiVersion: String
  package let kind: String

  package init(_ apiVersion: String, _ kind: String) {
    self.apiVersion = apiVersion
    self.kind = kind
  }

  package var description: String { "\(apiVersion) \(kind)" }
}
