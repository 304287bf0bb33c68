import Schemas
import Values

/// What a field's value has to fit beside its type, in words.
enum FieldLimits {
  /// - Parameter quoting: how a text of code is written.
  static func texts(of field: Field, quoting: (String) -> String) -> [String] {
    // Of a set its type says already that no two are equal.
    texts(field.rules, isText: isText(field.type), quoting).filter { !(isSet(field.type) && $0 == unique) }
  }

  private static let unique = "no two equal"

  private static func isSet(_ type: FieldType) -> Bool {
    if case .list(_, .unordered) = type { true } else { false }
  }

  private static func isText(_ type: FieldType) -> Bool {
    if case .string = type { true } else { false }
  }

  private static func texts(_ rules: FieldRules?, isText: Bool, _ quoting: (String) -> String) -> [String] {
    guard let rules else { return [] }
    var texts: [String] = []
    if let format = rules.format { texts.append(format.phrase) }
    if let pattern = rules.pattern { texts.append(quoting(pattern.source)) }
    texts += bounds(rules.bounds, isText ? ("character", "characters") : ("entry", "entries"))
    if let element = rules.element {
      let words = element.allowed.map(quoting).joined(separator: ", ")
      let inner = (words.isEmpty ? [] : [words]) + self.texts(element, isText: true, quoting)
      if !inner.isEmpty { texts.append("each " + inner.joined(separator: "; ")) }
    }
    return texts
  }

  private static func bounds(_ bounds: FieldRules.Bounds, _ unit: (one: String, many: String)) -> [String] {
    var texts: [String] = []
    if let least = bounds.minimum {
      texts.append("\(bounds.excludesMinimum ? "more than" : "at least") \(number(least))")
    }
    if let most = bounds.maximum { texts.append("\(bounds.excludesMaximum ? "less than" : "at most") \(number(most))") }
    if let least = bounds.minimumCount { texts.append("at least \(least) \(least == 1 ? unit.one : unit.many)") }
    if let most = bounds.maximumCount { texts.append("at most \(most) \(most == 1 ? unit.one : unit.many)") }
    if bounds.isUnique { texts.append(unique) }
    return texts
  }

  private static func number(_ value: Double) -> String {
    JSONWriter().text(Int(exactly: value).map { .int($0) } ?? .double(value))
  }
}
