import Diagnostics
import Expressions
import Manifests
import Planning
import Resources
import Values

/// One example and what rules must answer.
package struct PolicyTestCase: Sendable {
  /// What a rule says of one subject.
  package enum Answer: String, Sendable, CaseIterable {
    case allow, deny, warn
    /// It awaits what is not known yet.
    case unknown
    case waived
    /// It failed while it was evaluated.
    case error
    /// It does not look at such a subject.
    case none
  }

  package struct Expectation: Sendable {
    package var rule: String
    package var answer: Answer
    package var origin: SourcePosition?
  }

  package var name: String
  package var expected: [Expectation] = []
  package var origin: SourcePosition?
  /// The subject first, then what stands beside it.
  var resources: [PolicyInput.Resource] = []
  var manifest: ManifestDocument?
  /// The subject of all rules but those over the estate.
  var address = Address("")
}

extension PolicyTestCase {
  static func read(_ value: Value, target: TargetName, _ diagnostics: inout [Diagnostic]) -> PolicyTestCase? {
    guard let name = value["name"]?.string else { return nil }
    var test = PolicyTestCase(name: name, origin: value["name"]?.origin)
    for entry in (value["expect"] ?? .null).entries {
      if let answer = answer(entry.value, &diagnostics) {
        test.expected.append(Expectation(rule: entry.key, answer: answer, origin: entry.keyOrigin))
      }
    }
    if let manifest = value["manifest"] {
      guard let document = ManifestDocument(testing: manifest) else {
        diagnostics.append(
          .error(
            .policyTest, "the manifest of `\(name)` has no `apiVersion`, `kind` or `metadata.name`",
            at: manifest.origin))
        return nil
      }
      test.manifest = document
      test.address = Address(document.address)
    } else if value["resource"] != nil {
      let subject = resource(value, 0, target)
      test.resources = [subject]
      test.address = subject.address
    }
    test.resources += (value["with"] ?? .null).elements.enumerated().map { resource($1, $0 + 1, target) }
    return test
  }

  private static func answer(_ value: Value, _ diagnostics: inout [Diagnostic]) -> Answer? {
    if let answer = value.string.flatMap(Answer.init(rawValue:)) { return answer }
    let names = Answer.allCases.map(\.rawValue)
    diagnostics.append(
      .error(
        .policyTest, "`\(value.spelling)` is no answer of a rule", at: value.origin,
        length: max(1, value.spelling.unicodeScalars.count),
        hint: Suggestion.hint(for: value.spelling, among: names) ?? "it is one of: \(names.joined(separator: ", "))"))
    return nil
  }

  private static func resource(_ value: Value, _ index: Int, _ target: TargetName) -> PolicyInput.Resource {
    let type = TypeName(value["resource"]?.string ?? "")
    let standard = "\(type.provider).\(type.kind)/\(index == 0 ? "test" : "other-\(index)")"
    let action = value["action"]?.string.flatMap(Action.init(rawValue:)) ?? (index == 0 ? .create : .noop)
    let goes = action == .delete || action == .forget
    return PolicyInput.Resource(
      address: Address(value["address"]?.string ?? standard), type: type, target: target, action: action,
      before: value["before"].map(withUnknowns), after: goes ? nil : withUnknowns(value["after"] ?? .map([])),
      isProtected: value["protected"]?.bool ?? false,
      references: (value["references"] ?? .null).elements.compactMap(\.string).map { Address($0) },
      origin: value.origin)
  }

  /// `${…}` stands for what is not known yet.
  private static func withUnknowns(_ value: Value) -> Value {
    Value.build { builder in write(value, &builder) }
  }

  private static func write(_ value: Value, _ builder: inout TapeBuilder) {
    switch value.kind {
    case .list:
      builder.beginList()
      for item in value.elements { write(item, &builder) }
      builder.endList()
    case .map:
      builder.beginMap()
      for entry in value.entries {
        builder.key(entry.key)
        write(entry.value, &builder)
      }
      builder.endMap()
    case .string where Template.isTemplate(value): builder.unknown(Slot(index: 0))
    case .null, .bool, .int, .double, .string, .unknown: builder.append(value)
    }
  }
}

extension ManifestDocument {
  /// A manifest that stands in a test.
  fileprivate init?(testing body: Value) {
    guard let version = body["apiVersion"]?.string, let kind = body["kind"]?.string,
      let name = body["metadata"]?["name"]?.string
    else { return nil }
    let suffix = ".\(ManifestSchemas.ownVersion)"
    let group: Group =
      if version == ManifestSchemas.ownVersion {
        .own
      } else if version.hasSuffix(suffix) {
        .direct(provider: String(version.dropLast(suffix.count)))
      } else {
        .kubernetes(apiVersion: version)
      }
    self.init(group: group, kind: kind, name: name, body: body)
  }
}
