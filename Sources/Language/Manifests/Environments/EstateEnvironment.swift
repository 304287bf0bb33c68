import Diagnostics
import Values

/// What `environments/NAME.yaml` says.
package struct EstateEnvironment: Sendable {
  package var name: String
  /// Relative to the estate's folder.
  package var file: String
  /// Values by variable; an empty map where there are none.
  package var variables: Value
  /// Patterns of manifest files that only this environment has.
  package var include: [Placed<String>]
  package var overlays: [Overlay]
  package var origin: SourcePosition?

  package static let folder = "environments"
}

/// A change to manifests, by kind and name.
package struct Overlay: Sendable {
  /// As in addresses: `Network`, `aws.Vpc`; `*` and `?` are wildcards in all three.
  package var kind: String
  package var name: String
  package var namespace: String?
  /// Laid over the whole document.
  package var merge: Value
  /// Where its `match` stands.
  package var origin: SourcePosition?
}
