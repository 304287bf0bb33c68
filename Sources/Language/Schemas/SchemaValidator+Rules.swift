import Diagnostics
import Values

extension SchemaValidator {
  /// Checks a value of the right type against the keywords of its field; nothing is said of what is unknown.
  mutating func checkRules(_ value: Value, _ rules: FieldRules) {
    switch value.kind {
    case .null, .bool, .unknown: break
    case .string:
      checkText(value, rules)
      checkChoice(value, rules)
    case .int, .double:
      checkNumber(value, rules.bounds)
      checkChoice(value, rules)
    case .list:
      checkCount(value, value.count, "items", rules.bounds)
      if rules.bounds.isUnique { checkUnique(value) }
      guard let element = rules.element else { return }
      for (index, item) in value.elements.enumerated() {
        names.append("[\(index)]")
        checkRules(item, element)
        names.removeLast()
      }
    case .map:
      checkCount(value, value.count, "entries", rules.bounds)
      guard let element = rules.element else { return }
      for entry in value.entries {
        names.append("[\"\(entry.key)\"]")
        checkRules(entry.value, element)
        names.removeLast()
      }
    }
  }

  private mutating func checkText(_ value: Value, _ rules: FieldRules) {
    guard let text = value.string else { return }
    if let format = rules.format, !format.matches(text) {
      let code: DiagnosticCode =
        switch format {
        case .cidr: .invalidCIDR
        case .quantity: .invalidQuantity
        case .ip, .ipv4, .ipv6, .date, .dateTime, .duration, .email, .uri, .hostname, .dnsLabel: .invalidFormat
        }
      return problem(
        code, "must be \(format.phrase), not `\(text)`", value, hint: "write it like `\(format.example)`")
    }
    if let pattern = rules.pattern, !pattern.matches(text) {
      problem(.invalidFormat, "cannot be `\(text)`", value, hint: "it must match `\(pattern.source)`")
    }
    checkCount(value, text.unicodeScalars.count, "characters", rules.bounds)
  }

  private mutating func checkChoice(_ value: Value, _ rules: FieldRules) {
    guard !rules.allowed.isEmpty, !rules.allowed.contains(value.spelling) else { return }
    let hint = isHidden(value) ? nil : Suggestion.hint(for: value.spelling, among: rules.allowed)
    problem(
      .notAllowed, "cannot be `\(value.spelling)`", value,
      hint: hint ?? "it is one of: \(rules.allowed.joined(separator: ", "))")
  }

  private mutating func checkNumber(_ value: Value, _ bounds: FieldRules.Bounds) {
    guard let number = value.double else { return }
    if let minimum = bounds.minimum, bounds.excludesMinimum ? number <= minimum : number < minimum {
      let words = bounds.excludesMinimum ? "greater than" : "at least"
      problem(.outOfBounds, "must be \(words) \(Self.text(minimum)), not \(value.spelling)", value)
    }
    if let maximum = bounds.maximum, bounds.excludesMaximum ? number >= maximum : number > maximum {
      let words = bounds.excludesMaximum ? "less than" : "at most"
      problem(.outOfBounds, "must be \(words) \(Self.text(maximum)), not \(value.spelling)", value)
    }
  }

  private mutating func checkCount(_ value: Value, _ count: Int, _ what: String, _ bounds: FieldRules.Bounds) {
    if let minimum = bounds.minimumCount, count < minimum {
      problem(.outOfBounds, "needs at least \(minimum) \(what), and has \(count)", value)
    }
    if let maximum = bounds.maximumCount, count > maximum {
      problem(.outOfBounds, "takes at most \(maximum) \(what), and has \(count)", value)
    }
  }

  private mutating func checkUnique(_ value: Value) {
    var seen: [[UInt8]: Int] = [:]
    for (index, item) in value.elements.enumerated() where !item.containsUnknown {
      guard let first = seen.updateValue(index, forKey: item.canonicalBytes()) else { continue }
      names.append("[\(index)]")
      problem(.outOfBounds, "stands twice in the list, first as item \(first + 1)", item)
      names.removeLast()
    }
  }

  private static func text(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? number.description
  }
}
