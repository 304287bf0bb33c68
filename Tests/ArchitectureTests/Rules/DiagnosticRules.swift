/// Every diagnostic of the language stands in a snapshot, so that a person has read it as a user does.
enum DiagnosticRules {
  /// Codes of YAML, JSON, estates, schemas, expressions, references, blueprints and policies, and of secrets that
  /// cannot be read.
  static func isOfLanguage(_ number: Int) -> Bool {
    (1000..<2000).contains(number) || (7000..<8000).contains(number) || number == 4005
  }

  /// What no text of a user leads to: the checker refuses it earlier. It is said all the same, should the checker err.
  static let unreachable: Set<String> = ["` cannot be called", "this cannot be put off until it is known"]

  struct Code: Hashable {
    var name: String
    var number: Int
  }

  static func codes(_ file: SourceFile) -> [Code] {
    file.string.matches(of: #/static let (\w+) = DiagnosticCode\((\d+)\)/#).compactMap { match in
      Int(match.output.2).map { Code(name: String(match.output.1), number: $0) }
    }
  }

  /// The fixed parts of each text that follows a code of the language: `.error(.name, "a \(x) b"` is `a ` and ` b`.
  static func wordings(_ file: SourceFile, _ names: Set<String>) -> [(line: Int, parts: [String])] {
    let bytes = file.text.bytes
    return file.text.occurrences(of: ".").compactMap { dot in
      let name = word(bytes, dot + 1)
      guard names.contains(String(decoding: name, as: UTF8.self)) else { return nil }
      var index = dot + 1 + name.count
      guard index < bytes.count, bytes[index] == UInt8(ascii: ",") else { return nil }
      repeat { index += 1 } while index < bytes.count && [0x20, 0x0A].contains(bytes[index])
      guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return nil }
      var literal = Literal(bytes: bytes, index: index)
      literal.read()
      return (file.text.line(of: dot), literal.parts.map { String(decoding: $0, as: UTF8.self) })
    }
  }

  /// Codes without a snapshot, and texts of which no snapshot has all the fixed parts.
  static func unshown(_ repository: Repository) -> [Violation] {
    let snapshots = repository.files.filter { $0.path.hasPrefix("Tests/") && $0.path.contains("/Snapshots/") }
    let shown = ByteText(Array(snapshots.map(\.text.bytes).joined(separator: [0x0A])))
    let sources = repository.swiftFiles.filter { $0.target != nil }
    let declared = sources.flatMap { file in codes(file).map { (file, $0) } }.filter { isOfLanguage($0.1.number) }
    let missing = declared.filter { !shown.contains("[PLB\($0.1.number)]") }.map { file, code in
      Violation(file, "no snapshot shows PLB\(code.number), `\(code.name)`")
    }
    let names = Set(declared.map(\.1.name))
    let unsaid = sources.flatMap { file in
      wordings(file, names).filter { wording in
        !wording.parts.allSatisfy { $0.allSatisfy(\.isWhitespace) || unreachable.contains($0) || shown.contains($0) }
      }.map { Violation(file, line: $0.line, "no snapshot shows “\($0.parts.joined(separator: "…"))”") }
    }
    return missing + unsaid
  }

  private static func word(_ bytes: [UInt8], _ start: Int) -> ArraySlice<UInt8> {
    bytes[start...].prefix { ByteText.isWordPart($0) }
  }

  /// A string literal from its first quote on, without its interpolations.
  private struct Literal {
    let bytes: [UInt8]
    var index: Int
    var parts: [[UInt8]] = [[]]

    mutating func read() {
      index += 1
      while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
        guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
          parts[parts.count - 1].append(bytes[index])
          index += 1
          continue
        }
        if bytes[index + 1] == UInt8(ascii: "(") {
          index += 2
          skipInterpolation()
          parts.append([])
        } else {
          parts[parts.count - 1].append(bytes[index + 1])
          index += 2
        }
      }
      index += 1
    }

    private mutating func skipInterpolation() {
      var depth = 1
      while index < bytes.count, depth > 0 {
        switch bytes[index] {
        case UInt8(ascii: "("): depth += 1
        case UInt8(ascii: ")"): depth -= 1
        case UInt8(ascii: "\""):
          var inner = Literal(bytes: bytes, index: index)
          inner.read()
          index = inner.index
          continue
        default: break
        }
        index += 1
      }
    }
  }
}
