import ProviderKit
import Resources
import SQLite

extension ProviderError: SQLiteFailure {
  /// A database of the sandbox that fails is a service that fails, without effect: transactions are whole or
  /// nothing.
  package init(sqlite error: SQLiteError) {
    let facts = RequestFacts(service: "sandbox", code: "SQLite\(error.extendedCode)")
    switch error.reason {
    case .busy:
      self.init(.transient, effect: .none, "the sandbox is in use by another process", request: facts)
    case .unique, .constraint, .full, .readOnly, .corrupt, .cannotOpen, .inputOutput, .newerSchema, .other:
      self.init(.other, effect: .none, "the sandbox's database failed: \(error.message)", request: facts)
    }
  }

  init(_ refusal: Refusal, _ operation: Operation, _ type: TypeName, effect: Effect = .none) {
    self.init(
      refusal.reason, effect: effect, refusal.message,
      request: RequestFacts(
        service: "sandbox", operation: "\(operation.rawValue) \(type)", code: refusal.code))
  }
}
