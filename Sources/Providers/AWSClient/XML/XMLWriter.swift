import Values

/// Writes request bodies: maps as elements, lists as repeated elements, in the given order.
package enum XMLWriter {
  /// The body with `root` around it, in `namespace`.
  package static func write(_ value: Value, root: String, namespace: String) -> [UInt8] {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><\(root) xmlns=\"\(namespace)\">"
    append(value, to: &text)
    text += "</\(root)>"
    return Array(text.utf8)
  }

  private static func append(_ value: Value, to text: inout String) {
    guard value.kind == .map else { return text += escaped(value.scalarText) }
    for entry in value.entries {
      for element in entry.value.kind == .list ? Array(entry.value.elements) : [entry.value] {
        text += "<\(entry.key)>"
        append(element, to: &text)
        text += "</\(entry.key)>"
      }
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\r": result += "&#13;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
