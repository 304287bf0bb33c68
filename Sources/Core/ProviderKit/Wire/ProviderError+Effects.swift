import Resources

extension ProviderError {
  /// The same failure, after which an object of ours stands.
  package func leaving(_ observed: Observed) -> ProviderError {
    var error = self
    error.effect = .partial(observed)
    return error
  }

  /// Whether the service's own code is one of these.
  package func has(_ codes: String...) -> Bool { request.code.map(codes.contains) ?? false }
}

/// Does the work, and lets an object that is gone already count as done.
package func unlessGone(_ work: () async throws(ProviderError) -> Void) async throws(ProviderError) {
  do throws(ProviderError) { try await work() } catch {
    if error.reason != .notFound { throw error }
  }
}
