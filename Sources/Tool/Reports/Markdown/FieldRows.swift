import Schemas
import Values

/// The fields of a kind as rows of a table, those inside others below them.
enum FieldRows {
  static let titles = ["Field", "Type", "Required", "Default", "Allowed", "Meaning"]

  /// `prefix` is the path of the object that has the fields, with its dot.
  static func rows(_ schema: Schema, below prefix: String = "") -> [[String]] {
    schema.fields.flatMap { field -> [[String]] in
      let path = prefix + field.name
      let row = [
        MarkdownTable.code(path), type(field), field.marks.contains(.required) ? "yes" : "",
        MarkdownTable.code(field.standard.map { JSONWriter().text($0) } ?? ""), allowed(field), field.summary,
      ]
      return [row] + inner(field.type, field.rules, path)
    }
  }

  /// A reference is one row: what is in it is the same everywhere.
  private static func inner(_ type: FieldType, _ rules: FieldRules?, _ path: String) -> [[String]] {
    guard rules?.kinds.isEmpty ?? true else { return [] }
    return switch type {
    case .object(let schema): rows(schema, below: path + ".")
    case .list(let element, _): inner(element, rules?.element, path + "[]")
    case .map(let value): inner(value, rules?.element, path + ".*")
    case .string, .int, .double, .bool, .any: []
    }
  }

  private static func type(_ field: Field) -> String { type(field.type, field.rules) }

  private static func type(_ type: FieldType, _ rules: FieldRules?) -> String {
    if let kinds = rules?.kinds, !kinds.isEmpty {
      return "reference to " + kinds.map { "[\($0)](\($0).md)" }.joined(separator: " or ")
    }
    return switch type {
    case .list(let element, let order): "\(name(order)) of \(self.type(element, rules?.element))"
    case .map(let value): "map of \(self.type(value, rules?.element))"
    case .object, .string, .int, .double, .bool, .any: type.description
    }
  }

  private static func name(_ order: FieldType.ListOrder) -> String {
    switch order {
    case .ordered: "list"
    case .unordered: "set"
    case .keyed(let key): "list (told apart by `\(key)`)"
    }
  }

  private static func allowed(_ field: Field) -> String {
    var texts = field.allowed.isEmpty ? [] : [field.allowed.map(MarkdownTable.code).joined(separator: ", ")]
    texts += FieldLimits.texts(of: field, quoting: MarkdownTable.code)
    if field.marks.contains(.sensitive) { texts.append("a secret") }
    return texts.joined(separator: "; ")
  }
}
