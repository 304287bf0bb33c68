/// Turns the text of a pattern into segments; braces are multiplied out first.
struct GlobReader {
  private let text: [Unicode.Scalar]

  init(_ pattern: String) { text = Array(pattern.unicodeScalars) }

  mutating func alternatives() throws(GlobError) -> [[GlobPattern.Segment]] {
    guard text.count <= GlobPattern.lengthLimit else { throw .tooLong }
    if text.first == "/" { throw .leavesRoot }
    var result: [[GlobPattern.Segment]] = []
    for alternative in try expand(text) { result.append(try segments(alternative)) }
    return result
  }

  /// Multiplies out the first brace group and then the rest.
  private func expand(_ text: [Unicode.Scalar]) throws(GlobError) -> [[Unicode.Scalar]] {
    guard let open = firstBrace(text) else { return [text] }
    var depth = 0
    var start = open + 1
    var choices: [ArraySlice<Unicode.Scalar>] = []
    var index = open
    scan: while index < text.count {
      switch text[index] {
      case "\\": index += 1
      case "{": depth += 1
      case ",":
        if depth == 1 {
          choices.append(text[start..<index])
          start = index + 1
        }
      case "}":
        depth -= 1
        if depth == 0 {
          choices.append(text[start..<index])
          break scan
        }
      default: break
      }
      index += 1
    }
    if depth != 0 { throw .unclosed("{") }
    var result: [[Unicode.Scalar]] = []
    for choice in choices {
      result += try expand(Array(text[..<open]) + Array(choice) + Array(text[(index + 1)...]))
      if result.count > GlobPattern.alternativeLimit { throw .tooManyAlternatives }
    }
    return result
  }

  private func firstBrace(_ text: [Unicode.Scalar]) -> Int? {
    var index = 0
    while index < text.count {
      if text[index] == "\\" { index += 1 } else if text[index] == "{" { return index }
      index += 1
    }
    return nil
  }

  private func segments(_ text: [Unicode.Scalar]) throws(GlobError) -> [GlobPattern.Segment] {
    var result: [GlobPattern.Segment] = []
    for part in text.split(separator: "/") where part != ["."] {
      if part == [".", "."] { throw .leavesRoot }
      if part == ["*", "*"] {
        if result.last != .anyDepth { result.append(.anyDepth) }
      } else {
        result.append(.name(try tokens(Array(part))))
      }
    }
    return result
  }

  private func tokens(_ text: [Unicode.Scalar]) throws(GlobError) -> [GlobPattern.Token] {
    var tokens: [GlobPattern.Token] = []
    var index = 0
    while index < text.count {
      switch text[index] {
      case "*": if tokens.last != .any { tokens.append(.any) }
      case "?": tokens.append(.one)
      case "[":
        let (set, end) = try set(text, from: index + 1)
        tokens.append(set)
        index = end
      case "\\" where index + 1 < text.count:
        index += 1
        tokens.append(.literal(text[index]))
      default: tokens.append(.literal(text[index]))
      }
      index += 1
    }
    return tokens
  }

  /// The set and the index of its closing bracket; a bracket that stands first is a member.
  private func set(_ text: [Unicode.Scalar], from start: Int) throws(GlobError) -> (GlobPattern.Token, Int) {
    var index = start
    let isNegated = index < text.count && (text[index] == "!" || text[index] == "^")
    if isNegated { index += 1 }
    let first = index
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    while index < text.count, text[index] != "]" || index == first {
      let low = text[index]
      if index + 2 < text.count, text[index + 1] == "-", text[index + 2] != "]" {
        let high = text[index + 2]
        if low <= high { ranges.append(low...high) }
        index += 3
      } else {
        ranges.append(low...low)
        index += 1
      }
    }
    guard index < text.count else { throw .unclosed("[") }
    return (.set(ranges: ranges, isNegated: isNegated), index)
  }
}
