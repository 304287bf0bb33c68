import Schemas
import Values

/// The long form of AWS policy documents, so that a rule need not know all spellings: JSON text or a tree, one
/// statement or several, an action or a list of them, `"*"` or `{"AWS": "*"}`.
/// Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
enum StatementForm {
  private static let lists = ["Action", "NotAction", "Resource", "NotResource"]
  private static let principals = ["Principal", "NotPrincipal"]

  /// The document with `Statement` as a list of statements in their long form; what is no document stays as it is.
  static func write(_ document: Value, into builder: inout TapeBuilder) {
    guard let tree = parsed(document), tree.kind == .map else {
      return WantedFields.append(document, into: &builder)
    }
    builder.beginMap()
    for entry in tree.entries where entry.key != "Statement" {
      builder.key(entry.key)
      WantedFields.append(entry.value, into: &builder)
    }
    builder.key("Statement")
    builder.beginList()
    for statement in items(tree["Statement"]) { write(statement: statement, into: &builder) }
    builder.endList()
    builder.endMap()
  }

  /// The statements of a document, each in its long form; none where it is no document.
  static func statements(_ document: Value) -> [Value] {
    guard let document = parsed(document) else { return [] }
    return items(document["Statement"]).map { statement in
      Value.build { write(statement: statement, into: &$0) }
    }
  }

  /// JSON text as a tree; nil where it is none.
  private static func parsed(_ value: Value) -> Value? {
    guard let text = value.string else { return value }
    do throws(JSONError) { return try JSONReader.parse(text) } catch { return nil }
  }

  private static func items(_ value: Value?) -> [Value] {
    guard let value else { return [] }
    return value.kind == .list ? Array(value.elements) : [value]
  }

  private static func write(statement: Value, into builder: inout TapeBuilder) {
    guard statement.kind == .map else { return WantedFields.append(statement, into: &builder) }
    builder.beginMap()
    for entry in statement.entries {
      builder.key(entry.key)
      if lists.contains(entry.key) {
        writeList(entry.value, into: &builder)
      } else if principals.contains(entry.key) {
        writePrincipal(entry.value, into: &builder)
      } else {
        WantedFields.append(entry.value, into: &builder)
      }
    }
    for name in lists where statement[name] == nil {
      builder.key(name)
      builder.beginList()
      builder.endList()
    }
    for name in principals + ["Condition"] where statement[name] == nil {
      builder.key(name)
      builder.beginMap()
      builder.endMap()
    }
    builder.endMap()
  }

  /// A list that is not known as a whole stays unknown.
  private static func writeList(_ value: Value, into builder: inout TapeBuilder) {
    guard value.kind != .list, value.kind != .unknown else { return WantedFields.append(value, into: &builder) }
    builder.beginList()
    WantedFields.append(value, into: &builder)
    builder.endList()
  }

  private static func writePrincipal(_ value: Value, into builder: inout TapeBuilder) {
    guard value.kind != .unknown else { return builder.append(value) }
    builder.beginMap()
    if value.kind == .map {
      for entry in value.entries {
        builder.key(entry.key)
        writeList(entry.value, into: &builder)
      }
    } else {
      builder.key("AWS")
      writeList(value, into: &builder)
    }
    builder.endMap()
  }
}
