import Values

/// What an expression reads from another manifest: `aws.Vpc["prod-net"].id` is subject `aws.Vpc/prod-net`,
/// path `id`.
package struct Reference: Hashable, Sendable {
  /// The address that is read, as text.
  package var subject: String
  /// The field read below it; `id` is always the remote id.
  package var path: ValuePath

  package init(subject: String, path: ValuePath) {
    self.subject = subject
    self.path = path
  }
}

extension Reference: CustomStringConvertible {
  package var description: String { path.segments.isEmpty ? subject : "\(subject).\(path)" }
}
