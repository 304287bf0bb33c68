import Values

/// Writes values as YAML in block style, such that any YAML 1.1 or 1.2 reader gives the same values back.
///
/// Strings that some reader could take for something else are quoted; texts of several lines become `|`
/// blocks. Sensitive values and values not known yet are written as `JSONWriter` writes them.
package struct YAMLEmitter: Sendable {
  private let secrets: JSONWriter.Secrets

  package init(secrets: JSONWriter.Secrets = .redacted) { self.secrets = secrets }

  /// One document, without `---`, ended by a line break.
  package func text(_ value: Value) -> String {
    var out = ""
    emit(value, into: &out, indent: 0, after: .start)
    return out
  }

  /// A stream: `---` between the documents.
  package func stream(_ documents: some Sequence<Value>) -> String {
    documents.map { text($0) }.joined(separator: "---\n")
  }

  /// What stands on the line before the value.
  private enum Place {
    case start
    case key
    case dash
  }

  private func emit(_ value: Value, into out: inout String, indent: Int, after place: Place) {
    if value.isSensitive, case .redacted = secrets {
      return scalar(PlainText.quoted(JSONWriter.redactedText), place, &out)
    }
    switch value.kind {
    case .map where value.count > 0: map(value, into: &out, indent: indent, after: place)
    case .list where value.count > 0: list(value, into: &out, indent: indent, after: place)
    case .map: scalar("{}", place, &out)
    case .list: scalar("[]", place, &out)
    case .string: string(value.spelling, into: &out, indent: indent, after: place)
    case .null: scalar("null", place, &out)
    case .bool: scalar(value.bool == true ? "true" : "false", place, &out)
    case .int: scalar(Number.decimal(value.spelling), place, &out)
    case .double: scalar(Self.double(value), place, &out)
    case .unknown: scalar(PlainText.quoted(JSONWriter.unknownText), place, &out)
    }
  }

  private func scalar(_ text: String, _ place: Place, _ out: inout String) {
    if case .key = place { out += " " }
    out += text
    out += "\n"
  }

  private func map(_ value: Value, into out: inout String, indent: Int, after place: Place) {
    var isFirst = true
    if case .key = place { out += "\n" }
    for entry in value.entries {
      // The first entry of a map in a list stands on the line of its dash.
      if case .dash = place, isFirst {} else { out += Self.spaces(indent) }
      isFirst = false
      out += PlainText.key(entry.key, indent: indent)
      out += ":"
      let isList = entry.value.kind == .list
      emit(entry.value, into: &out, indent: isList ? indent : indent + 2, after: .key)
    }
  }

  private func list(_ value: Value, into out: inout String, indent: Int, after place: Place) {
    var isFirst = true
    if case .key = place { out += "\n" }
    for element in value.elements {
      if case .dash = place, isFirst {} else { out += Self.spaces(indent) }
      isFirst = false
      out += "- "
      emit(element, into: &out, indent: indent + 2, after: .dash)
    }
  }

  private func string(_ text: String, into out: inout String, indent: Int, after place: Place) {
    guard case .key = place, let block = PlainText.block(text) else {
      return scalar(PlainText.written(text), place, &out)
    }
    out += " \(block.header)\n"
    for line in block.lines {
      if !line.isEmpty { out += Self.spaces(indent) }
      out += line
      out += "\n"
    }
  }

  /// With a point, since `1e3` is a string to YAML 1.1.
  private static func double(_ value: Value) -> String {
    guard let double = value.double else { return value.spelling }
    if double.isNaN { return ".nan" }
    if double.isInfinite { return double < 0 ? "-.inf" : ".inf" }
    let text = double.description
    guard !text.contains("."), let exponent = text.firstIndex(of: "e") else { return text }
    return text[..<exponent] + ".0" + text[exponent...]
  }

  private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}
