/// What a document claims is held by the tests that it names.
enum ClaimRules {
  /// `Suite: "test"`, as the document writes them in italics.
  struct Claim: Hashable, Sendable {
    var suite: String
    var test: String
  }

  /// Every quoted name between asterisks, with the last suite that was named before it. Line ends count as spaces.
  static func claims(_ document: String) -> [Claim] {
    let text = document.split(separator: "\n").joined(separator: " ").replacing(#/ +/#, with: " ")
    return text.matches(of: #/(?:^|[^*])\*([^*]+)\*/#).flatMap { italic in
      var suite = ""
      return italic.output.1.matches(of: #/"([^"]+)"|([A-Za-z0-9]+Tests)/#).compactMap { match -> Claim? in
        if let name = match.output.2 { suite = String(name) }
        return match.output.1.map { Claim(suite: suite, test: String($0)) }
      }
    }
  }

  /// Claims whose suite has no file of tests, or whose file has no such test.
  static func unheld(_ document: SourceFile, in repository: Repository) -> [Violation] {
    claims(document.string).compactMap { claim in
      let line = document.text.occurrences(of: String(claim.test.prefix(12))).first.map { document.text.line(of: $0) }
      let files = repository.swiftFiles.filter { $0.isTest && $0.name == "\(claim.suite).swift" }
      let isHeld = files.contains { $0.string.replacing(#/\s+/#, with: " ").contains("\"\(claim.test)\"") }
      return isHeld ? nil : Violation(document, line: line ?? 1, "no test \"\(claim.test)\" in `\(claim.suite)`")
    }
  }
}
