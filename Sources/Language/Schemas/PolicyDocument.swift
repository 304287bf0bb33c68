import Values

/// AWS policy documents, compared by what they allow rather than by how they are spelled.
/// Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
package enum PolicyDocument {
  /// The version that a document without one has.
  static let oldestVersion = "2008-10-17"

  /// True when both say the same: JSON text or map, a single item or a list of one, lists in any order,
  /// `"*"` or
  /// `{"AWS": "*"}`, an account or its root.
  package static func equal(_ left: Value, _ right: Value) -> Bool {
    if left == right { return true }
    guard let a = parsed(left), let b = parsed(right) else { return false }
    guard a.kind == .map, b.kind == .map else { return a == b }
    return version(a) == version(b) && text(a["Id"]) == text(b["Id"])
      && sameItems(statements(a), statements(b), sameStatement)
  }

  /// What is wrong with the form of a document, nil when it can be sent.
  static func problem(of value: Value) -> String? {
    guard let document = parsed(value) else { return "holds no valid JSON" }
    guard document.kind == .map else { return "must hold a policy document, not \(document.kind.phrase)" }
    guard let statement = document["Statement"] else { return "is a policy without `Statement`" }
    guard statement.kind == .list || statement.kind == .map else {
      return "has a `Statement` that is no list"
    }
    return nil
  }

  /// The document as a tree; nil where it is a text that is no JSON.
  static func parsed(_ value: Value) -> Value? {
    guard let text = value.string else { return value }
    do throws(JSONError) { return try JSONReader.parse(text) } catch { return nil }
  }

  private static func version(_ document: Value) -> String { text(document["Version"]) ?? oldestVersion }

  private static func statements(_ document: Value) -> [Value] { items(document["Statement"]) }

  private static func sameStatement(_ left: Value, _ right: Value) -> Bool {
    guard left.kind == .map, right.kind == .map, left.count == right.count else { return left == right }
    return left.entries.allSatisfy { entry in
      right[entry.key].map { sameElement(entry.key, entry.value, $0) } ?? false
    }
  }

  private static func sameElement(_ name: String, _ left: Value, _ right: Value) -> Bool {
    switch name {
    case "Action", "NotAction":
      Set(texts(left).map { $0.lowercased() }) == Set(texts(right).map { $0.lowercased() })
    case "Resource", "NotResource": Set(texts(left)) == Set(texts(right))
    case "Principal", "NotPrincipal": principals(left) == principals(right)
    case "Condition": conditions(left) == conditions(right)
    default: left == right || text(left) != nil && text(left) == text(right)
    }
  }

  /// `AWS` and so on to the names under it.
  private static func principals(_ value: Value) -> [String: Set<String>] {
    guard value.kind == .map else { return ["AWS": Set(texts(value).map(account))] }
    return Dictionary(
      value.entries.map { ($0.key, Set(texts($0.value).map(account))) }, uniquingKeysWith: { $0.union($1) })
  }

  /// An account's number stands for its root.
  private static func account(_ principal: String) -> String {
    principal.utf8.count == 12 && principal.utf8.allSatisfy { (0x30...0x39).contains($0) }
      ? "arn:aws:iam::\(principal):root" : principal
  }

  /// Operator and key to values; keys do not depend on case.
  private static func conditions(_ value: Value) -> [String: Set<String>] {
    var found: [String: Set<String>] = [:]
    for test in value.entries {
      for entry in test.value.entries {
        found["\(test.key) \(entry.key.lowercased())", default: []].formUnion(texts(entry.value))
      }
    }
    return found
  }

  private static func items(_ value: Value?) -> [Value] {
    guard let value else { return [] }
    return value.kind == .list ? Array(value.elements) : [value]
  }

  private static func texts(_ value: Value) -> [String] {
    items(value).map { text($0) ?? "\($0.canonicalText)" }
  }

  private static func text(_ value: Value?) -> String? {
    guard let value else { return nil }
    switch value.kind {
    case .string, .int, .double: return value.spelling
    case .bool: return value.bool == true ? "true" : "false"
    case .null, .list, .map, .unknown: return nil
    }
  }

  /// Each item of one side has its equal on the other.
  private static func sameItems(_ left: [Value], _ right: [Value], _ same: (Value, Value) -> Bool) -> Bool {
    left.count == right.count && left.allSatisfy { item in right.contains { same(item, $0) } }
      && right.allSatisfy { item in left.contains { same($0, item) } }
  }
}

extension Value {
  fileprivate var canonicalText: String { String(decoding: canonicalBytes(), as: UTF8.self) }
}
