/// What it means for a call to a service to go out twice.
package enum CallEffect: Sendable, Hashable {
  case read
  /// A write that may go out twice, since the second does nothing.
  case repeatable
  /// A write that happens each time it arrives; never sent twice.
  case once
  /// A write that its own precondition keeps from happening twice: the transport may repeat it, the client only after
  /// a throttling, and whoever asked settles a lost answer by reading.
  case conditional

  /// Whether another attempt may follow a failure.
  package func mayRepeat(after failure: ProviderError) -> Bool {
    guard self != .once else { return false }
    switch failure.reason {
    case .throttled: return true
    case .transient: return self != .conditional
    case .conflict, .notFound, .denied, .invalid, .quota, .unsupported, .cancelled, .other: return false
    }
  }
}
