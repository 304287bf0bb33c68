import Diagnostics
import Expressions
import Manifests
import Resources
import Schemas
import Values

/// What the manifests of a kind stand for on one provider, compiled once.
final class Variant: Sendable {
  let kind: Kind
  let provider: String
  let lets: [Let]
  let validations: [Validation]
  let entries: [Entry]
  /// Positions in `entries` by role.
  let roles: [String: Int]
  let outputs: [String: Output]
  let readiness: [Readiness]
  /// What `when`, `forEach` and `target` of all entries read.
  let shellScope: Scope
  /// What templates and metadata of all entries read.
  let templateScope: Scope
  /// The document with its entries, where there is one for this provider alone.
  var origin: SourcePosition? {
    kind.documents.first { $0.variants.contains { $0.provider == provider } }?.origin ?? kind.origin
  }

  init(
    kind: Kind, provider: String, lets: [Let], validations: [Validation], entries: [Entry], outputs: [String: Output],
    readiness: [Readiness], shellScope: Scope, templateScope: Scope
  ) {
    self.kind = kind
    self.provider = provider
    self.lets = lets
    self.validations = validations
    self.entries = entries
    roles = Dictionary(entries.enumerated().map { ($1.role, $0) }, uniquingKeysWith: { first, _ in first })
    self.outputs = outputs
    self.readiness = readiness
    self.shellScope = shellScope
    self.templateScope = templateScope
  }

  /// What some expressions read: paths of variables, and which names of `let` they need first, in order.
  struct Scope: Sendable {
    var paths = PathTree()
    var lets: [Int] = []
  }

  /// A program with the text that it was compiled from.
  struct Rule: Sendable {
    let program: Program
    let value: Value
  }

  struct Let: Sendable {
    let name: String
    let rule: Rule
  }

  struct Loop: Sendable {
    let source: Rule
    let names: [String]
    let key: Rule?
  }

  struct Validation: Sendable {
    let rule: Rule
    let path: Template
    let message: Template
    let hint: String?
    let when: Rule?
    let warnWhen: Rule?
    let isWarning: Bool
    let loop: Loop?
    let scope: Scope
  }

  struct Entry: Sendable {
    let role: String
    let facts: TypeFacts
    let when: Rule?
    let loop: Loop?
    let target: Template?
    let targetValue: Value?
    let metadata: TemplateTree?
    let template: TemplateTree
    let templateValue: Value
    let origin: SourcePosition?
  }

  struct Output: Sendable {
    let tree: TemplateTree
    let scope: Scope
    let origin: SourcePosition?
  }

  struct Readiness: Sendable {
    let rule: Rule
    let message: Template
    let limit: Duration
    let scope: Scope
  }
}

/// A template as a tree, its texts compiled.
indirect enum TemplateTree: Sendable {
  case constant(Value)
  case text(TemplateText)
  case list([TemplateTree], Value, Place)
  case map([TemplateEntry], Value)

  /// What the schema says of a place.
  struct Place: Sendable {
    var isLate = false
    var isSecret = false
  }
}

/// One text with expressions in it.
struct TemplateText: Sendable {
  let template: Template
  /// As written in the blueprint.
  let value: Value
  let place: TemplateTree.Place
  /// What it reads, for the line of the manifest that a value comes from.
  let paths: [[String]]
}

struct TemplateEntry: Sendable {
  let entry: Value.Entry
  /// Where the key itself holds an expression.
  let key: Template?
  let tree: TemplateTree
  let isSecret: Bool
  let isLate: Bool
}
