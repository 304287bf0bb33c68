/// The table of `Documentation/Modules.md`: wing, target, one job, the project's modules and the system's.
struct ModulesTable: Sendable {
  struct Row: Sendable, Hashable {
    var wing: String
    var target: String
    var job: String
    var imports: Set<String>
    var system: Set<String>
  }

  var rows: [Row]

  /// From top to bottom: a target imports from its own wing and those before it.
  static let wings = ["CLibraries", "Base", "Language", "Core", "Providers", "Tool"]

  init(_ markdown: String) {
    rows = markdown.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map(Self.trim)
      guard cells.count == 5, Self.wings.contains(cells[0]) || cells[0] == "Benchmarks" else { return nil }
      return Row(
        wing: cells[0], target: cells[1], job: cells[2], imports: Self.names(cells[3]), system: Self.names(cells[4]))
    }
  }

  subscript(target: String) -> Row? { rows.first { $0.target == target } }

  private static func trim(_ text: Substring) -> String {
    let body = text.drop { $0 == " " || $0 == "`" }
    return String(body.reversed().drop { $0 == " " || $0 == "`" }.reversed())
  }

  private static func names(_ cell: String) -> Set<String> {
    Set(cell.split { " ,`".contains($0) }.map(String.init).filter { $0 != "–" })
  }
}

/// The edges of `Package.swift`, read from its text: `room("Wing", "Target", [dependencies])` and the executables.
struct PackageEdges: Sendable {
  private(set) var dependencies: [String: Set<String>] = [:]
  private(set) var wings: [String: String] = [:]
  private var everything: Set<String> = []

  init(_ manifest: String) {
    // Spaces and line ends are the formatter's; comments hold no calls.
    let text = manifest.filter { !$0.isWhitespace }
    everything = Set(Self.calls("leteverything=[", in: text, until: "]").flatMap(Self.strings))
    for call in Self.calls("room(", in: text, until: ")") {
      // What only the tests of a target need is no edge of the target.
      let names = Self.strings(call.firstRange(of: "tests:").map { String(call[..<$0.lowerBound]) } ?? call)
      guard names.count >= 2 else { continue }
      add(names[1], wing: names[0], Array(names.dropFirst(2)), call)
    }
    for call in Self.calls(".executableTarget(", in: text, until: "path:") {
      let names = Self.strings(call)
      guard let name = names.first else { continue }
      add(name, wing: name == "bench" ? "Benchmarks" : "Tool", Array(names.dropFirst()), call)
    }
    let libraries = Self.calls(".systemLibrary(", in: text, until: ",") + Self.calls(".target(", in: text, until: ",")
    for name in libraries.flatMap(Self.strings) where name.hasPrefix("C") {
      add(name, wing: "CLibraries", [], "")
    }
  }

  private mutating func add(_ name: String, wing: String, _ named: [String], _ call: String) {
    wings[name] = wing
    dependencies[name] = Set(named).union(call.contains("everything") ? everything : [])
  }

  /// The text between each `start` and the next `end`. A call whose name goes on (`func room(`) has no strings.
  private static func calls(_ start: String, in text: String, until end: String) -> [String] {
    var found: [String] = []
    var rest = text[...]
    while let range = rest.firstRange(of: start) {
      rest = rest[range.upperBound...]
      let stop = rest.firstRange(of: end)?.lowerBound ?? rest.endIndex
      found.append(String(rest[..<stop]))
    }
    return found
  }

  private static func strings(_ text: String) -> [String] {
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
    return parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) }
  }
}
