import Diagnostics
import Values

/// One YAML document that stands for a resource (or, later, for several), its form checked.
package struct ManifestDocument: Sendable {
  package enum Group: Hashable, Sendable {
    /// `apiVersion: aws.plumb.dev/v1`: one resource in the provider's own words.
    case direct(provider: String)
    /// `apiVersion: plumb.dev/v1`: a kind of ours.
    case own
    /// A kind that a blueprint of the estate defines in a group of its own: `apiVersion: acme.dev/v1`.
    case custom(apiVersion: String)
    /// A native Kubernetes object with its own `apiVersion`.
    case kubernetes(apiVersion: String)
  }

  package var group: Group
  package var kind: String
  package var name: String
  /// The whole document.
  package var body: Value

  package init(group: Group, kind: String, name: String, body: Value) {
    self.group = group
    self.kind = kind
    self.name = name
    self.body = body
  }

  /// The annotation that lets a native Kubernetes object hold expressions; without it `${` is plain text there.
  package static let expressionsAnnotation = "plumb.dev/expressions"

  /// Whether `${…}` in a document is an expression.
  package static func takesExpressions(_ body: Value) -> Bool {
    guard let version = body["apiVersion"]?.string, !version.hasSuffix(ManifestSchemas.ownVersion) else { return true }
    return body["metadata"]?["annotations"]?[expressionsAnnotation]?.string == "true"
  }

  /// Whether `${…}` in it is an expression.
  package var takesExpressions: Bool {
    if case .kubernetes = group { return Self.takesExpressions(body) }
    return true
  }

  package var metadata: Value? { body["metadata"] }
  package var spec: Value? { body["spec"] }
  package var origin: SourcePosition? { body.origin }

  /// As written: `plumb.dev/v1`, `acme.dev/v1`, `v1`.
  package var apiVersion: String { body["apiVersion"]?.string ?? "" }

  /// `aws.Vpc/prod`, `Network/prod`, `kubernetes.ResourceQuota/recsys/gpus`.
  package var address: String {
    switch group {
    case .direct(let provider): return "\(provider).\(kind)/\(name)"
    case .own, .custom: return "\(kind)/\(name)"
    case .kubernetes:
      let namespace = metadata?["namespace"]?.string
      return "kubernetes.\(kind)/" + (namespace.map { "\($0)/" } ?? "") + name
    }
  }

  /// `aws/Vpc`, `kubernetes/v1/Namespace`; nil for our own kinds, which expand to others.
  package var typeName: String? {
    switch group {
    case .direct(let provider): "\(provider)/\(kind)"
    case .own, .custom: nil
    case .kubernetes(let version): "kubernetes/\(version)/\(kind)"
    }
  }

  /// True for a `Blueprint`: it defines kinds and is no resource.
  package var isBlueprint: Bool { group == .own && kind == "Blueprint" }

  /// The provider that the resource belongs to; nil for our own kinds.
  package var provider: String? {
    switch group {
    case .direct(let provider): provider
    case .own, .custom: nil
    case .kubernetes: "kubernetes"
    }
  }
}
