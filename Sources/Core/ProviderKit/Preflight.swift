import Resources
import Values

/// What a plan will do to the objects of one type in one target.
package struct PreflightQuestion: Sendable {
  package var type: TypeName
  package var operation: Operation
  /// The fields as they will be, or as they are where the objects are deleted; they may hold unknowns.
  package var objects: [Value]

  package init(_ type: TypeName, _ operation: Operation, _ objects: [Value]) {
    self.type = type
    self.operation = operation
    self.objects = objects
  }
}

/// What will keep a plan from being applied as things stand, found before anything is written.
package struct PreflightFinding: Sendable, Equatable {
  /// One sentence.
  package var message: String
  package var hint: String?
  /// The types it is about, sorted.
  package var types: [TypeName]

  package init(_ message: String, hint: String? = nil, types: [TypeName]) {
    self.message = message
    self.hint = hint
    self.types = types
  }
}

/// The least that somebody must be allowed, in the provider's own form: a policy, a role.
package struct AccessPolicy: Sendable, Equatable {
  /// What it is: `an IAM policy`.
  package var form: String
  /// The document, ready to be given to the provider's tools; ends with a line break.
  package var text: String

  package init(_ form: String, _ text: String) {
    self.form = form
    self.text = text
  }
}

extension Provider {
  package func preflight(_ target: Target, _ questions: [PreflightQuestion]) async throws(ProviderError)
    -> [PreflightFinding]
  {
    []
  }

  package func accessPolicy(_ permissions: [String], name: String) -> AccessPolicy {
    AccessPolicy("a list of permissions", permissions.map { "\($0)\n" }.joined())
  }
}
