import Values

extension Value {
  /// The texts of a list of strings; empty for nil.
  static func texts(_ list: Value?) -> [String] { list?.elements.compactMap(\.string) ?? [] }

  /// A policy as text: what was written as text stays as it is.
  var policyText: String {
    string ?? String(decoding: JSONWriter(secrets: .revealed).bytes(self), as: UTF8.self)
  }

  /// A policy as a value, where the text is JSON.
  static func policy(_ text: String) -> Value {
    // What is not JSON is kept as it came.
    (try? JSONReader.parse(text)) ?? .string(text)
  }
}
