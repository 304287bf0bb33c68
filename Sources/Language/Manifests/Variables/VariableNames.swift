/// Which variables the text of an expression names.
package struct VariableNames: Sendable {
  /// In order, each once.
  package private(set) var names: [String] = []
  /// `var` is read in another way than by a name, so that any variable may be meant.
  package private(set) var mayReadAll = false

  /// Reads `var.name` and `var["name"]` anywhere in the text, in comments and strings as well.
  package init(_ source: String) {
    let isWord: (Character) -> Bool = { $0.isLetter || $0.isNumber || $0 == "_" }
    var rest = Substring(source)
    var before: Character?
    while let start = rest.firstRange(of: "var") {
      let previous = start.lowerBound > rest.startIndex ? rest[rest.index(before: start.lowerBound)] : before
      let after = rest[start.upperBound...]
      before = "r"
      rest = after
      // `bivar` and `x.var` are other names.
      if let previous, isWord(previous) || previous == "." { continue }
      if let next = after.first, isWord(next) { continue }
      add(after.drop { $0.isWhitespace }, isWord)
    }
  }

  private mutating func add(_ text: Substring, _ isWord: (Character) -> Bool) {
    let name: Substring
    switch text.first {
    case ".": name = text.dropFirst().drop { $0.isWhitespace }.prefix(while: isWord)
    case "[":
      let inner = text.dropFirst().drop { $0.isWhitespace }
      guard let quote = inner.first, quote == "\"" || quote == "'" else { return mayReadAll = true }
      name = inner.dropFirst().prefix(while: isWord)
    default: return mayReadAll = true
    }
    guard !name.isEmpty else { return mayReadAll = true }
    if !names.contains(String(name)) { names.append(String(name)) }
  }
}
