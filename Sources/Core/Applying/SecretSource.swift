import Resources
import Values

/// Reads secrets from where manifests say that they are.
package protocol SecretSource: Sendable {
  /// The secret, marked as one. `target` is that of the resource that needs it.
  func value(_ reference: SecretReference, for target: TargetName) async throws(SecretProblem) -> Value
}

/// Why a secret cannot be had, in one sentence that holds nothing of it.
package struct SecretProblem: Error, Sendable, Equatable {
  package var message: String
  package init(_ message: String) { self.message = message }
}

/// Where no secret can be read.
package struct NoSecrets: SecretSource {
  package init() {}
  package func value(_ reference: SecretReference, for target: TargetName) async throws(SecretProblem) -> Value {
    throw SecretProblem("\(reference.phrase) cannot be read here")
  }
}
