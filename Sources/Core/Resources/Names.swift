/// The name of a resource type: `aws/Vpc`, `kubernetes/rbac.authorization.k8s.io/v1/Role`.
package struct TypeName: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let text: String
  package init(_ text: String) { self.text = text }

  /// `aws` of `aws/Vpc`.
  package var provider: String { String(text.prefix { $0 != "/" }) }
  /// `Vpc` of `aws/Vpc`.
  package var kind: String { String(text[(text.lastIndex(of: "/").map(text.index(after:)) ?? text.startIndex)...]) }
  /// `apps/v1` of `kubernetes/apps/v1/Deployment`: the `apiVersion` of types whose objects are manifests as they are;
  /// nil for others.
  package var nativeVersion: String? {
    let parts = text.split(separator: "/").dropFirst().dropLast()
    return parts.isEmpty ? nil : parts.joined(separator: "/")
  }
  package var description: String { text }
  package static func < (left: TypeName, right: TypeName) -> Bool { left.text < right.text }
}

/// The name of a `Target` manifest: an account and region, a project and region, or a cluster.
package struct TargetName: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let text: String
  package init(_ text: String) { self.text = text }
  package var description: String { text }
  package static func < (left: TargetName, right: TargetName) -> Bool { left.text < right.text }
}

/// What the provider calls an object: `vpc-0a1b`, a bucket's name, a path. Compared as text, never taken apart by the
/// core.
package struct RemoteID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let text: String
  package init(_ text: String) { self.text = text }
  package var description: String { text }
  package static func < (left: RemoteID, right: RemoteID) -> Bool { left.text < right.text }
}

/// Names inventory, journal, lock and markers: the estate's id, and the environment where environments are defined.
package struct ScopeID: Hashable, Sendable, CustomStringConvertible {
  package let estate: String
  package let environment: String?

  package init(estate: String, environment: String? = nil) {
    self.estate = estate
    self.environment = environment
  }

  /// `est-7f3c9a` or `est-7f3c9a/prod`, as it stands in markers.
  package var description: String { environment.map { "\(estate)/\($0)" } ?? estate }
}

/// Two objects may live at one address while a replacement is under way; the incarnation tells them apart. Counts
/// from 1.
package typealias Incarnation = UInt32
