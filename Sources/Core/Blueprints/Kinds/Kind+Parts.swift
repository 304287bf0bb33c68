import Resources
import Values

/// What a kind's documents say, as written: for pages that describe it.
extension Kind {
  /// The names, rules and outputs of one document.
  package struct Part: Sendable {
    /// The providers it is for, in the order of the document; empty for all.
    package let providers: [String]
    /// `let`: names with their expressions, in the order of the document.
    package let names: [(name: String, expression: Value)]
    package let rules: [Rule]
    /// Names of outputs with their templates, in the order of the document.
    package let outputs: [(name: String, template: Value)]
  }

  /// One validation.
  package struct Rule: Sendable {
    /// Expressions and templates, never evaluated.
    package let rule: String
    package let path: String
    package let message: String
    package let hint: String?
    package let when: String?
    package let warnWhen: String?
    package let isWarning: Bool
    package let loop: Loop?
  }

  /// One role.
  package struct Resource: Sendable {
    package let role: String
    package let type: TypeName
    /// The blueprint's own sentence; empty where it has none.
    package let summary: String
    package let when: String?
    package let loop: Loop?
  }

  /// `forEach`.
  package struct Loop: Sendable {
    /// The expression of the list or map.
    package let source: String
    package let names: [String]
    package let key: String?
  }

  /// One for each document, the defining one first.
  package var parts: [Part] {
    documents.enumerated().map { position, document in
      let providers = document.variants.map(\.provider).filter { $0 != BlueprintReader.anyProvider }
      return Part(
        providers: position == 0 ? [] : providers, names: document.lets.map { ($0.name, $0.value) },
        rules: document.validations.map(Rule.init),
        outputs: document.outputs.map { ($0.name, $0.value) })
    }
  }

  /// The roles on a provider, in the order of the documents.
  package func resources(on provider: String) -> [Resource] {
    documents.flatMap(\.variants)
      .filter { $0.provider == provider || $0.provider == BlueprintReader.anyProvider }
      .flatMap(\.entries).map(Resource.init)
  }
}

extension Kind.Rule {
  fileprivate init(_ written: BlueprintDocument.Validation) {
    self.init(
      rule: written.rule.spelling, path: written.path.spelling, message: written.message.spelling, hint: written.hint,
      when: written.when?.spelling, warnWhen: written.warnWhen?.spelling, isWarning: written.isWarning,
      loop: written.loop.map(Kind.Loop.init))
  }
}

extension Kind.Resource {
  fileprivate init(_ written: BlueprintDocument.Entry) {
    self.init(
      role: written.role, type: written.type, summary: written.summary, when: written.when?.spelling,
      loop: written.loop.map(Kind.Loop.init))
  }
}

extension Kind.Loop {
  fileprivate init(_ written: BlueprintDocument.Loop) {
    self.init(source: written.source.spelling, names: written.names, key: written.key?.spelling)
  }
}
