/// A path pattern such as `manifests/**/*.yaml`, matched against relative paths with `/`.
///
/// `*` is any text and `?` any one code point within a name, `[a-z]` and `[!a-z]` are sets, `{a,b}` alternatives,
/// `**` as a whole name any depth, `\` takes the next character literally. Wildcards never match a leading dot.
package struct GlobPattern: Hashable, Sendable, CustomStringConvertible {
  /// Alternatives multiply; a pattern with more is refused.
  package static let alternativeLimit = 64
  /// Code points of one pattern: braces are read by recursion, so they must not go on for ever.
  package static let lengthLimit = 1_024

  enum Token: Hashable, Sendable {
    case literal(Unicode.Scalar)
    case one
    case any
    case set(ranges: [ClosedRange<Unicode.Scalar>], isNegated: Bool)
  }

  enum Segment: Hashable, Sendable {
    case name([Token])
    case anyDepth
  }

  package let description: String
  let alternatives: [[Segment]]

  package init(_ pattern: String) throws(GlobError) {
    description = pattern
    var reader = GlobReader(pattern)
    alternatives = try reader.alternatives()
  }

  package func matches(_ path: String) -> Bool {
    let names = path.unicodeScalars.split(separator: "/").map(Array.init)
    return alternatives.contains { Self.match($0[...], names[...]) }
  }

  /// Whether something inside the folder could match: a walk need not enter others.
  package func canMatchInside(_ folder: String) -> Bool {
    let names = folder.unicodeScalars.split(separator: "/").map(Array.init)
    return alternatives.contains { segments in
      for (index, name) in names.enumerated() {
        guard index < segments.count else { return false }
        switch segments[index] {
        case .anyDepth: return !names[index...].contains { $0.first == "." }
        case .name(let tokens): if !Self.match(tokens, name) { return false }
        }
      }
      return segments.count > names.count
    }
  }

  /// Backtracks only to the last `**`, as wildcard matching may: the work is at most segments times names.
  private static func match(_ segments: ArraySlice<Segment>, _ names: ArraySlice<[Unicode.Scalar]>) -> Bool {
    var segment = segments.startIndex
    var name = names.startIndex
    var retry: (segment: Int, name: Int)?
    while name < names.endIndex || segment < segments.endIndex {
      if segment < segments.endIndex {
        switch segments[segment] {
        case .anyDepth:
          retry = (segment, name)
          segment += 1
          continue
        case .name(let tokens):
          if name < names.endIndex, match(tokens, names[name]) {
            segment += 1
            name += 1
            continue
          }
        }
      }
      guard let last = retry, last.name < names.endIndex, names[last.name].first != "." else { return false }
      retry = (last.segment, last.name + 1)
      segment = last.segment + 1
      name = last.name + 1
    }
    return true
  }

  private static func match(_ tokens: [Token], _ name: [Unicode.Scalar]) -> Bool {
    if name.first == ".", tokens.first != .literal(".") { return false }
    var token = 0
    var position = 0
    var retry: (token: Int, position: Int)?
    while position < name.count || token < tokens.count {
      if token < tokens.count {
        if tokens[token] == .any {
          retry = (token, position)
          token += 1
          continue
        }
        if position < name.count, accepts(tokens[token], name[position]) {
          token += 1
          position += 1
          continue
        }
      }
      guard let last = retry, last.position < name.count else { return false }
      retry = (last.token, last.position + 1)
      token = last.token + 1
      position = last.position + 1
    }
    return true
  }

  private static func accepts(_ token: Token, _ scalar: Unicode.Scalar) -> Bool {
    switch token {
    case .literal(let expected): expected == scalar
    case .one, .any: true
    case .set(let ranges, let isNegated): ranges.contains { $0.contains(scalar) } != isNegated
    }
  }
}

/// A pattern that cannot be read.
package enum GlobError: Error, Hashable, Sendable, CustomStringConvertible {
  case unclosed(String)
  case tooManyAlternatives
  case tooLong
  case leavesRoot

  package var description: String {
    switch self {
    case .unclosed(let bracket): "`\(bracket)` is never closed"
    case .tooManyAlternatives: "more than \(GlobPattern.alternativeLimit) alternatives"
    case .tooLong: "longer than \(GlobPattern.lengthLimit) characters"
    case .leavesRoot: "a pattern is relative to its folder and has no `..`"
    }
  }
}
