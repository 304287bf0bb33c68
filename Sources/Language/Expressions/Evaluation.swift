import Diagnostics
import Values

/// What became of a template.
package enum TemplateResult: Sendable {
  case value(Value)
  /// Not known yet: these references have no value so far.
  case unknown(awaiting: [Reference])
  case failed(Diagnostic)
}

extension Template {
  /// Evaluates with what is known. `resolve` returns nil for what is not known yet; an unknown inside the
  /// value it
  /// returns counts the same. A secret makes the whole result secret.
  package func evaluate(_ resolve: (Reference) -> Value?) -> TemplateResult {
    if let problem = diagnostics.first { return .failed(problem) }
    guard parts.count != 1, !parts.isEmpty else { return single(resolve) }
    var text = ""
    var awaiting: [Reference] = []
    var isSensitive = false
    for part in parts {
      switch part {
      case .text(let literal): text += literal
      case .expression(let expression, _):
        switch expression.evaluate(resolve) {
        case .known(let value):
          if let problem = append(value, to: &text) { return .failed(problem) }
          isSensitive = isSensitive || value.isSensitive
        case .unknown(let references): awaiting += references
        case .failed(let problem): return .failed(problem)
        }
      }
    }
    guard awaiting.isEmpty else { return .unknown(awaiting: awaiting.unique) }
    let value = Value.string(text)
    return .value(isSensitive ? value.markedSensitive : value)
  }

  /// A text without expressions, or one expression and nothing else.
  private func single(_ resolve: (Reference) -> Value?) -> TemplateResult {
    switch parts.first {
    case nil: return .value(.string(""))
    case .text(let text): return .value(.string(text))
    case .expression(let expression, _):
      switch expression.evaluate(resolve) {
      case .known(let value): return .value(value)
      case .unknown(let references): return .unknown(awaiting: references.unique)
      case .failed(let problem): return .failed(problem)
      }
    }
  }

  private func append(_ value: Value, to text: inout String) -> Diagnostic? {
    switch value.kind {
    case .string, .int, .double: text += value.spelling
    case .bool: text += value.bool == true ? "true" : "false"
    case .null, .list, .map, .unknown:
      let kind = value.kind == .null ? "null" : "a \(value.kind)"
      return .error(
        .textOfCollection, "\(kind) cannot stand inside a text: `\(source)`",
        hint: "use the expression alone, without text around it")
    }
    guard text.utf8.count <= ExpressionLimits.resultBytes else {
      return .error(.expressionLimit, "the text grows beyond \(ExpressionLimits.resultBytes) bytes")
    }
    return nil
  }
}

extension [Reference] {
  fileprivate var unique: [Reference] {
    count < 2 ? self : reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension Expression {
  enum Outcome {
    case known(Value)
    case unknown([Reference])
    case failed(Diagnostic)
  }

  func evaluate(_ resolve: (Reference) -> Value?) -> Outcome {
    switch self {
    case .literal(let value): return .known(value)
    case .reference(let reference):
      guard let value = resolve(reference), !value.containsUnknown else { return .unknown([reference]) }
      return .known(value)
    case .member(let base, let name, _):
      guard case .known(let value) = base.evaluate(resolve) else { return base.evaluate(resolve) }
      return Self.member(.string(name), of: value)
    case .index(let base, let index, _): return Self.index(base.evaluate(resolve), index.evaluate(resolve))
    case .list(let items):
      return Self.all(items.map { $0.evaluate(resolve) }) { .known(.list($0)) }
    case .map(let entries):
      let outcomes = entries.flatMap { [$0.key.evaluate(resolve), $0.value.evaluate(resolve)] }
      return Self.all(outcomes, Self.map)
    }
  }

  private static func index(_ base: Outcome, _ index: Outcome) -> Outcome {
    all([base, index]) { values in member(values[1], of: values[0]) }
  }

  private static func member(_ key: Value, of value: Value) -> Outcome {
    let found: Value? =
      switch (value.kind, key.kind) {
      case (.map, .string): key.string.flatMap { value[$0] }
      case (.list, .int): key.int.flatMap { Int(exactly: $0) }.flatMap { value[$0] }
      default: nil
      }
    if let found { return .known(found) }
    return .failed(
      .error(
        .missingMember, "a \(value.kind) has no `\(key.spelling)`",
        hint: value.kind == .map ? Suggestion.hint(for: key.spelling, among: value.keys) : nil))
  }

  private static func map(_ values: [Value]) -> Outcome {
    var entries: [(String, Value)] = []
    for index in stride(from: 0, to: values.count, by: 2) {
      guard let key = values[index].string else {
        return .failed(.error(.expressionUnsupported, "the keys of a map must be strings"))
      }
      guard !entries.contains(where: { $0.0 == key }) else {
        return .failed(.error(.expressionSyntax, "the key `\(key)` stands twice in a map"))
      }
      entries.append((key, values[index + 1]))
    }
    return .known(.map(entries))
  }

  /// Failures first, then what is unknown, then the values.
  private static func all(_ outcomes: [Outcome], _ body: ([Value]) -> Outcome) -> Outcome {
    var values: [Value] = []
    var awaiting: [Reference] = []
    for outcome in outcomes {
      switch outcome {
      case .known(let value): values.append(value)
      case .unknown(let references): awaiting += references
      case .failed: return outcome
      }
    }
    return awaiting.isEmpty ? body(values) : .unknown(awaiting)
  }
}
