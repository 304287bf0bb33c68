/// Where a resource comes from: `Network/prod/subnet[us-west-2a]`, `aws.Vpc/legacy-net`,
/// `kubernetes.ResourceQuota/recsys/gpus`.
///
/// Keyed by meaning, never by position: the manifest's kind and name, then `/role[key]` for what a blueprint expands
/// to.
package struct Address: Hashable, Sendable {
  package let text: String
  package init(_ text: String) { self.text = text }

  /// `aws.Vpc/legacy-net`: a direct resource.
  package init(group: String, kind: String, name: String) { text = "\(group).\(kind)/\(name)" }

  /// The address of the manifest itself: everything before the role.
  package var manifest: Address {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let depth = text.hasPrefix("kubernetes.") ? 3 : 2
    return parts.count <= depth ? self : Address(parts.prefix(depth).joined(separator: "/"))
  }

  /// True when `self` is `prefix` or lies below it: `Network/prod/vpc` below `Network/prod`.
  package func isWithin(_ prefix: Address) -> Bool {
    guard text.utf8.starts(with: prefix.text.utf8) else { return false }
    let rest = text.utf8.dropFirst(prefix.text.utf8.count)
    return rest.isEmpty || rest.first == UInt8(ascii: "/") || rest.first == UInt8(ascii: "[")
  }

  /// Matches a glob where `*` stands for any run of characters and `?` for one.
  package func matches(glob: String) -> Bool { Glob.matches(Array(text.utf8), Array(glob.utf8)) }
}

extension Address: Comparable, CustomStringConvertible {
  package static func < (left: Address, right: Address) -> Bool { left.text < right.text }
  package var description: String { text }
}

private enum Glob {
  /// Linear matching with one point of return, so that no pattern is slow.
  static func matches(_ text: [UInt8], _ glob: [UInt8]) -> Bool {
    var position = 0, pattern = 0
    var star: (pattern: Int, position: Int)?
    while position < text.count {
      if pattern < glob.count, glob[pattern] == UInt8(ascii: "*") {
        star = (pattern, position)
        pattern += 1
      } else if pattern < glob.count, glob[pattern] == text[position] || glob[pattern] == UInt8(ascii: "?") {
        position += 1
        pattern += 1
      } else if let back = star {
        star = (back.pattern, back.position + 1)
        position = back.position + 1
        pattern = back.pattern + 1
      } else {
        return false
      }
    }
    return glob[pattern...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
