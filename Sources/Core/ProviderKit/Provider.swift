import Resources
import Values

/// A provider: types, a reader and a writer for each target. It never sees the planner.
///
/// Everything that crosses this contract is a value, since the same contract runs over a pipe for out-of-process
/// plugins.
package protocol Provider: Sendable {
  /// `aws`, `gcp`, `kubernetes`.
  var name: String { get }
  /// The types this provider knows without asking anybody.
  var catalog: TypeCatalog { get }
  /// Whether a reader can list objects of a type. Types that are known to manifests and to the sandbox alone are not
  /// looked for where none of ours can stand.
  func canList(_ type: TypeName) -> Bool
  /// What each of these resources needs to stand before it, beside what its manifest refers to.
  func needs(of resources: [Desired]) -> [Address: [Address]]
  /// The types that a target serves, where it has its own, as they were learned last; nil where they never were, so
  /// that `catalog` must do.
  func servedTypes(_ target: Target) -> TypeCatalog?
  /// Asks the target which types it serves and keeps the answer for `servedTypes`, also of later runs. Asks nobody
  /// where what is known is young and has all of `names`.
  func learnTypes(_ target: Target, needing names: Set<TypeName>) async throws(ProviderError)
  /// The types that manifests define: their objects can be planned before the definition stands.
  func definedTypes(_ manifests: [Value]) -> TypeCatalog
  /// Checks a target's settings offline.
  func check(_ target: Target) -> [TargetProblem]
  /// Says what the target points at, by asking the service who we are; an error where that is not what the manifest
  /// says.
  func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity
  /// Opens the half that cannot write: its transport refuses every request that is not a read.
  func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader
  func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter
  /// Says what will keep these calls from succeeding: missing permissions, services that are not enabled, quotas that
  /// do not suffice. Asks with the credentials of the half that writes and writes nothing.
  func preflight(_ target: Target, _ questions: [PreflightQuestion]) async throws(ProviderError) -> [PreflightFinding]
  /// What reading a secret of a target's secret manager takes; none where there is no such manager.
  var secretPermissions: [String] { get }
  /// The document that grants these permissions, which are those of the types' operations, sorted.
  func accessPolicy(_ permissions: [String], name: String) -> AccessPolicy
}

extension Provider {
  package func canList(_ type: TypeName) -> Bool { true }
  package var secretPermissions: [String] { [] }
  package func needs(of resources: [Desired]) -> [Address: [Address]] { [:] }
  package func servedTypes(_ target: Target) -> TypeCatalog? { nil }
  package func learnTypes(_ target: Target, needing names: Set<TypeName>) async throws(ProviderError) {}
  package func definedTypes(_ manifests: [Value]) -> TypeCatalog { TypeCatalog() }
}

/// A wrong setting of a target, at a path below its `spec`.
package struct TargetProblem: Sendable, Equatable {
  package var path: ValuePath
  package var message: String
  package var hint: String?
  package init(path: ValuePath, message: String, hint: String? = nil) {
    self.path = path
    self.message = message
    self.hint = hint
  }
}

/// The half of a provider that cannot write. `plan`, `drift` and `verify` hold only this.
package protocol ResourceReader: Sendable {
  /// One page of a type's objects. Missing from a filtered list is not gone: only `read` says that.
  func list(_ type: TypeName, _ filter: ListFilter, after: PageToken?) async throws(ProviderError) -> ObservedPage
  /// The objects with these ids, batched by the provider; missing ones are absent from the answer.
  func read(_ type: TypeName, _ ids: [RemoteID]) async throws(ProviderError) -> [Observed]
  /// For each piece of evidence, all objects that fit it. Several are an answer.
  func find(_ type: TypeName, _ evidence: [Evidence]) async throws(ProviderError) -> [[Observed]]
  /// What would become of these writes, without writing; nil for those that cannot be told before other steps are
  /// done. All questions are of one target. An error only where nothing can be asked at all.
  func propose(_ questions: [ProposalQuestion]) async throws(ProviderError) -> [Proposal?]
  /// Who wrote a field last that is not as we left it; nil where the service does not say.
  func author(of path: ValuePath, in object: Observed) -> FieldAuthor?
  /// The text of a secret in the target's secret manager, marked; the caller picks a key of it.
  func resolve(_ secret: SecretReference) async throws(ProviderError) -> Value
}

extension ResourceReader {
  package func propose(_ questions: [ProposalQuestion]) async throws(ProviderError) -> [Proposal?] {
    questions.map { _ in nil }
  }

  package func author(of path: ValuePath, in object: Observed) -> FieldAuthor? { nil }

  package func resolve(_ secret: SecretReference) async throws(ProviderError) -> Value {
    throw ProviderError(.unsupported, effect: .none, "this provider has no secret manager")
  }
}

/// The half that writes. Each operation may be repeated from any prefix of its requests and leads to the same end.
package protocol ResourceWriter: Sendable {
  /// Makes the object with its marker and waits until it is usable. `desired.fields` is known and holds no late field.
  func create(_ desired: Desired, _ marker: Marker, _ token: OperationToken, _ progress: ProgressSink)
    async throws(ProviderError)
    -> Observed
  /// Applies the changes, and the marker where it differs from the object's.
  func update(_ change: FieldChanges, of: Observed, _ token: OperationToken, _ progress: ProgressSink)
    async throws(ProviderError)
    -> Observed
  /// Deletes the object and waits until it is gone; an object that is gone already is a success.
  func delete(_ resource: Observed, _ token: OperationToken, _ progress: ProgressSink) async throws(ProviderError)
}

/// Which objects a list is to return, and how much of each. A provider may return more than asked for, never less.
package struct ListFilter: Hashable, Sendable {
  /// Only objects that carry this scope's marker; nil for all.
  package var scope: ScopeID?
  /// Of the fields marked `apart`, those that somebody will look at; nil for all.
  package var apart: Set<String>?
  /// The namespaces in which objects of the scope are known to be: where credentials do not reach further, the list
  /// may end there.
  package var namespaces: Set<String> = []

  package static let all = ListFilter()
  package static func scope(_ scope: ScopeID) -> ListFilter { ListFilter(scope: scope) }

  /// The same objects, without the fields that cost requests of their own and that nobody looks at.
  package func reading(apart fields: Set<String>) -> ListFilter {
    var filter = self
    filter.apart = fields
    return filter
  }

  /// Whether a field marked `apart` is asked for.
  package func wants(_ field: String) -> Bool { apart?.contains(field) ?? true }
}

/// What is known of an object that is looked for.
package enum Evidence: Sendable {
  case marker(Marker)
  case token(OperationToken)
  /// Fields that include the type's natural key, known.
  case naturalKey(Value)
}

/// Where the next page starts, in the provider's own words.
package struct PageToken: Hashable, Sendable {
  package let text: String
  package init(_ text: String) { self.text = text }
}

package struct ObservedPage: Sendable {
  package var items: [Observed]
  package var next: PageToken?
  package init(items: [Observed], next: PageToken? = nil) {
    self.items = items
    self.next = next
  }
}

/// Hears what a long operation is waiting for, in a few words.
package struct ProgressSink: Sendable {
  private let report: @Sendable (String) -> Void
  package init(_ report: @escaping @Sendable (String) -> Void) { self.report = report }
  package func callAsFunction(_ message: String) { report(message) }
  package static let ignore = ProgressSink { _ in }
}
