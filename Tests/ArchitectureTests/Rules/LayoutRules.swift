/// Where things stand.
enum LayoutRules {
  /// Each target of the table has a folder of tests with a test in it; rooms without real files do not exist.
  static func rooms(_ repository: Repository, _ table: ModulesTable) -> [Violation] {
    let isExempt: (ModulesTable.Row) -> Bool = { $0.wing == "CLibraries" || ["plumb", "bench"].contains($0.target) }
    let untested = table.rows.filter { !isExempt($0) }.filter { row in
      !repository.files.contains { $0.path.hasPrefix("Tests/\(row.target)Tests/") && declaresTest($0) }
    }
    let empty = repository.files.filter { $0.name == "Placeholder.swift" }
    return untested.map { Violation(path: "Tests/\($0.target)Tests", "`\($0.target)` has no test") }
      + empty.map { Violation($0, "a room without a real file") }
  }

  private static func declaresTest(_ file: SourceFile) -> Bool {
    file.swift?.code.contains("@Test") ?? false
  }

  /// Snapshots that no test compares any more: their test file, or the function they are named after, is gone.
  static func orphanSnapshots(_ repository: Repository) -> [Violation] {
    repository.files.filter { $0.path.hasPrefix("Tests/") && $0.path.contains("/Snapshots/") }.compactMap { snapshot in
      let parts = snapshot.path.split(separator: "/").map(String.init)
      guard let place = parts.firstIndex(of: "Snapshots"), place + 2 < parts.count else {
        return Violation(snapshot, "stands in no folder named after its test file")
      }
      let name = "\(parts[place + 1]).swift"
      guard let test = repository.files.first(where: { $0.path.hasPrefix("Tests/\(parts[1])/") && $0.name == name })
      else {
        return Violation(snapshot, "\(name) is gone")
      }
      let function = snapshot.name.prefix { $0 != "." }
      let isNamed = test.text.contains("named:") || test.text.contains("func \(function)(")
      return isNamed ? nil : Violation(snapshot, "no test `\(function)` in \(name)")
    }
  }
}
