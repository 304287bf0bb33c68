import Values

extension Field {
  /// Whether this change can only be had by a new object. What is not known yet may be any value, so it does.
  package func forcesReplacement(from before: Value?, to after: Value?) -> Bool {
    guard marks.contains(.immutable) else { return false }
    guard marks.contains(.widens), let old = before?.string.flatMap({ CIDRBlock($0) }),
      let new = after?.string.flatMap({ CIDRBlock($0) })
    else { return true }
    return !new.contains(old)
  }
}
