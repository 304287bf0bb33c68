/// Who may import what.
enum ImportRules {
  static let banned: Set<String> = [
    "Foundation", "FoundationEssentials", "FoundationNetworking", "FoundationInternationalization", "FoundationXML",
    "XCTest", "Dispatch",
  ]

  /// The modules that a file imports, with their lines counted from 1.
  static func imports(_ file: SourceFile) -> [(line: Int, module: String)] {
    guard let code = file.swift?.code else { return [] }
    return code.occurrences(of: "import").compactMap { offset in
      let line = code.line(of: offset)
      let words = String(decoding: code.bytes[code.range(ofLine: line)], as: UTF8.self).split { $0 == " " || $0 == ";" }
      guard let place = words.firstIndex(of: "import"), words[..<place].allSatisfy(isModifier) else { return nil }
      let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      let path = words[(place + 1)...].first { !kinds.contains($0) }
      return path.map { (line, String($0.prefix { $0 != "." })) }
    }
  }

  private static func isModifier(_ word: Substring) -> Bool {
    word.hasPrefix("@") || ["internal", "private", "fileprivate", "package", "public"].contains(word)
  }

  /// Imports that the table does not allow, and those that nobody may use.
  static func unlisted(_ file: SourceFile, _ table: ModulesTable) -> [Violation] {
    let target = file.path.hasPrefix("Benchmarks/") ? "bench" : file.target
    return imports(file).compactMap { line, module in
      if banned.contains(module) { return Violation(file, line: line, "nobody imports `\(module)`") }
      guard let target else { return nil }
      guard let row = table[target] else { return Violation(file, line: line, "`\(target)` is not in the table") }
      if row.imports.contains(module) || row.system.contains(module) { return nil }
      return Violation(file, line: line, "`\(target)` may not import `\(module)` by Documentation/Modules.md")
    }
  }

  /// The table and the package's manifest say the same.
  static func disagreements(_ table: ModulesTable, _ package: PackageEdges) -> [Violation] {
    let path = "Documentation/Modules.md"
    var found: [Violation] = []
    for row in table.rows {
      guard let edges = package.dependencies[row.target], let wing = package.wings[row.target] else {
        found.append(Violation(path: path, "`\(row.target)` is not in Package.swift"))
        continue
      }
      if wing != row.wing { found.append(Violation(path: path, "`\(row.target)` stands in `\(wing)`")) }
      if row.job.isEmpty { found.append(Violation(path: path, "`\(row.target)` has no job")) }
      let difference = edges.symmetricDifference(row.imports).sorted()
      if !difference.isEmpty {
        let names = difference.joined(separator: ", ")
        found.append(Violation(path: path, "`\(row.target)` and Package.swift disagree about \(names)"))
      }
    }
    let missing = package.dependencies.keys.filter { table[$0] == nil }.sorted()
    return found + missing.map { Violation(path: path, "`\($0)` of Package.swift is missing") }
  }

  /// Edges that the design forbids, whatever table and manifest say.
  static func forbidden(_ table: ModulesTable) -> [Violation] {
    table.rows.flatMap { row in
      row.imports.sorted().filter { isForbidden(row, table[$0]) }.map {
        Violation(path: "Documentation/Modules.md", "`\(row.target)` may never import `\($0)`")
      }
    }
  }

  private static func isForbidden(_ row: ModulesTable.Row, _ other: ModulesTable.Row?) -> Bool {
    guard let other, let theirs = ModulesTable.wings.firstIndex(of: other.wing) else { return true }
    guard let ours = ModulesTable.wings.firstIndex(of: row.wing) else { return false }
    if theirs > ours { return true }
    if other.wing == "Providers", row.wing != "Providers", row.target != "Commands" { return true }
    if row.wing == "Providers", other.wing == "Core" {
      // A store is no provider: it keeps the inventory of the core.
      return !["Resources", "ProviderKit"].contains(other.target)
        && (row.target, other.target) != ("S3Inventory", "Inventory")
    }
    let effects: Set = ["Platform", "HTTP", "SQLite", "ProviderKit"]
    return row.target == "Planning" && effects.contains(other.target)
  }

  /// Each C library has exactly one importer among the sources.
  static func sharedLibraries(_ files: [SourceFile], _ table: ModulesTable) -> [Violation] {
    var importers: [String: Set<String>] = [:]
    for file in files {
      guard let target = file.target else { continue }
      for (_, module) in imports(file) { importers[module, default: []].insert(target) }
    }
    return table.rows.filter { $0.wing == "CLibraries" && importers[$0.target]?.count != 1 }.map {
      let names = (importers[$0.target] ?? []).sorted().joined(separator: ", ")
      return Violation(path: "Sources/CLibraries/\($0.target)", "wants one importer, has: \(names)")
    }
  }
}
