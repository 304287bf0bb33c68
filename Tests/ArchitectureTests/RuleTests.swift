import Testing

/// Each rule finds what it is there for, and lets the lawful form pass.
@Suite("House rules")
struct RuleTests {
  private static let table = ModulesTable(
    """
    | Wing | Target | One job | May import | System |
    |---|---|---|---|---|
    | CLibraries | `CYAML` | libyaml | – | – |
    | Base | `Values` | values | – | – |
    | Base | `Platform` | effects | Values | Glibc |
    | Language | `YAML` | parses | Values, CYAML | – |
    | Core | `Planning` | plans | Values, Platform | – |
    | Providers | `AWSProvider` | wire | Values | – |
    | Tool | `Engine` | flows | Planning, AWSProvider | – |
    """)

  private func source(_ path: String, _ text: String) -> SourceFile { SourceFile(path, text) }

  @Test("an import that the table does not allow is found, in any form")
  func unlistedImport() {
    let file = source(
      "Sources/Base/Values/A.swift",
      "internal import Platform\n@preconcurrency import struct Foundation.Data\n// import X\n")
    let found = ImportRules.unlisted(file, Self.table)
    #expect(found.map(\.line) == [1, 2])
    let lawful = source("Sources/Language/YAML/A.swift", "import CYAML\nimport Values\nlet text = \"import Glibc\"\n")
    #expect(ImportRules.unlisted(lawful, Self.table).isEmpty)
  }

  @Test("tests may not import Foundation either")
  func bannedInTests() {
    #expect(
      ImportRules.unlisted(source("Tests/ATests/A.swift", "import XCTest\nimport Values\n"), Self.table).count == 1)
  }

  @Test("a table that differs from the package is found")
  func disagreement() {
    let package = PackageEdges(
      """
      let everything = ["Planning"]
      room("Base", "Values") + room("Base", "Platform", ["Values"]) + room("Language", "YAML", ["Values"])
      + room("Core", "Planning", ["Values", "Platform"]) + room("Providers", "AWSProvider", ["Values"])
      + room("Tool", "Engine", everything + ["AWSProvider"]) + room("Tool", "Reports", [])
      .systemLibrary(name: "CYAML", path: "x")
      """)
    let messages = ImportRules.disagreements(Self.table, package).map(\.message)
    #expect(messages == ["`YAML` and Package.swift disagree about CYAML", "`Reports` of Package.swift is missing"])
  }

  @Test("the planner without effects and providers behind commands are required")
  func forbiddenEdges() {
    let messages = ImportRules.forbidden(Self.table).map(\.message)
    #expect(messages == ["`Planning` may never import `Platform`", "`Engine` may never import `AWSProvider`"])
  }

  @Test("of what providers import, only the store in a bucket knows the inventory")
  func storeEdge() {
    let table = ModulesTable(
      """
      | Core | `Inventory` | records | – | – |
      | Core | `Planning` | plans | – | – |
      | Providers | `AWSProvider` | wire | Inventory | – |
      | Providers | `S3Inventory` | a store | Inventory, Planning | – |
      """)
    #expect(
      ImportRules.forbidden(table).map(\.message) == [
        "`AWSProvider` may never import `Inventory`", "`S3Inventory` may never import `Planning`",
      ])
  }

  @Test("a second importer of a C library is found, and a library without one")
  func libraryImporters() {
    let yaml = source("Sources/Language/YAML/A.swift", "import CYAML\n")
    let values = source("Sources/Base/Values/A.swift", "import CYAML\n")
    #expect(ImportRules.sharedLibraries([yaml], Self.table).isEmpty)
    #expect(ImportRules.sharedLibraries([yaml, values], Self.table).count == 1)
    #expect(ImportRules.sharedLibraries([values], Self.table).isEmpty)
    #expect(ImportRules.sharedLibraries([], Self.table).count == 1)
  }

  @Test(
    "a banned call is found where it is not allowed",
    arguments: CallRules.table.map(\.call))
  func bannedCall(call: String) throws {
    let file = source("Sources/Core/Planning/A.swift", "let a = 1\nlet b = x \(call)\n")
    #expect(CallRules.calls(file).contains { $0.line == 2 && $0.message.hasPrefix("`\(call)`") })
  }

  @Test("a name inside another, a member, a declaration, a string or a comment is no banned call")
  func lawfulCalls() {
    let text = """
      try await time.sleep(for: wait)
      func sleep(for duration: Duration) {}
      let printed = fingerprint(x)
      // print(x)
      let text = "print(x) \\(name) usleep(1)"
      """
    #expect(CallRules.calls(source("Sources/Core/Planning/A.swift", text)).isEmpty)
    #expect(CallRules.calls(source("Sources/Tool/Commands/A.swift", "print(1)")).isEmpty)
  }

  @Test("code in an interpolation is seen")
  func interpolation() {
    let text = #"let a = "x \(print(1)) y""#
    #expect(CallRules.calls(source("Sources/Core/Planning/A.swift", text)).count == 1)
  }

  @Test("a line of 121 columns and a file of 401 lines are too long, one less is not")
  func lengths() {
    func count(_ text: String) -> Int { ShapeRules.lengths(source("Sources/Base/Values/A.swift", text)).count }
    #expect(count(String(repeating: "é", count: 120)) == 0)
    #expect(count(String(repeating: "é", count: 121)) == 1)
    #expect(count(String(repeating: "\n", count: 400)) == 0)
    #expect(count(String(repeating: "\n", count: 401)) == 1)
  }

  @Test(
    "a function of 71 lines is too long, one of 70 is not",
    arguments: [
      "func a(_ b: [Int] = [], c: () -> Void) throws", "init?(x: Int)", "var a: Int", "func a(\n  b: Int\n)\n  -> Int",
    ])
  func functionLength(head: String) {
    func count(_ lines: Int) -> Int {
      let extra = head.count { $0 == "\n" }
      let body = String(repeating: "  if x { y }\n", count: lines - 2 - extra)
      return ShapeRules.functions(source("Sources/Base/Values/A.swift", "struct S {\n\(head) {\n\(body)}\n}\n")).count
    }
    #expect(count(70) == 0)
    #expect(count(71) == 1)
  }

  @Test("a requirement without a body does not borrow the next one's")
  func requirements() {
    let body = String(repeating: "  x()\n", count: 80)
    let text =
      "protocol P {\n  func a() async throws\n  init(b: Int)\n}\nstruct S {\n\(body)}\nlet a = S.init(x) {\n\(body)}\n"
    #expect(ShapeRules.functions(source("Sources/Base/Values/A.swift", text)).isEmpty)
  }

  @Test(
    "what is unsafe needs a comment on its line or the one above",
    arguments: [
      "final class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1", "let a = try? b()", "let a = try! b()",
      "let a = b as! C", "let a = b!.c", "let a = b[0]!", "let a = b()!", "var a: Int!",
    ])
  func reasons(line: String) {
    func count(_ text: String) -> Int { ReasonRules.missing(source("Sources/Base/Values/A.swift", text)).count }
    #expect(count(line) == 1)
    #expect(count("\(line)  // Because.") == 0)
    #expect(count("/// Because.\n\(line)") == 0)
    #expect(count("// Too far.\n\n\(line)") == 1)
  }

  @Test("a negation, an inequality and a string are not unsafe")
  func lawfulMarks() {
    let text = "if !a, b != c, (!d) { e(\"f! try? g\") }\nlet country = 1\n"
    #expect(ReasonRules.missing(source("Sources/Base/Values/A.swift", text)).isEmpty)
  }

  @Test("unfinished work and machine paths are found", arguments: TextRules.markers + TextRules.machinePaths)
  func words(word: String) {
    #expect(TextRules.words(source("README.md", "one\n (\(word)a) \(word): x\n")).first?.line == 2)
    #expect(TextRules.words(source("README.md", "plumb-test-XXXXXX, frame\(word)s, a\(word)b\n")).isEmpty)
  }

  @Test("a target without a test and an empty room are found")
  func rooms() {
    let tested = Self.table.rows.map { source("Tests/\($0.target)Tests/A.swift", "@Test func a() {}") }
    #expect(LayoutRules.rooms(Repository(files: tested), Self.table).isEmpty)
    #expect(LayoutRules.rooms(Repository(files: Array(tested.dropLast())), Self.table).count == 1)
    let empty = source("Sources/Tool/Engine/Placeholder.swift", "")
    #expect(LayoutRules.rooms(Repository(files: tested + [empty]), Self.table).count == 1)
  }

  @Test("a claim whose test is gone, or stands in another suite, is found")
  func claims() {
    let test = source("Tests/ATests/OneTests.swift", "@Test(\n  \"what holds\")\nfunc a() {}")
    let text =
      "It holds. *OneTests: \"what\nholds\", \"what is gone\"; OtherTests: \"what holds\".* **Bold** \"quoted\""
    let document = source("Documentation/Recovery.md", text)
    #expect(ClaimRules.claims(text).map(\.suite) == ["OneTests", "OneTests", "OtherTests"])
    #expect(ClaimRules.unheld(document, in: Repository(files: [test])).count == 2)
  }

  @Test("a diagnostic that no snapshot shows is found, by its code and by its words")
  func diagnostics() {
    let code = source("Sources/Language/YAML/A.swift", "static let lost = DiagnosticCode(1099)\n")
    let use = source(
      "Sources/Language/YAML/B.swift", "f(\n  .lost, \"the \\(a(\"(\")) is `\\(b)` lost\", at: c)\ng(.lost, at: d)\n")
    func found(_ snapshot: String) -> [String] {
      let shown = source("Tests/YAMLTests/Snapshots/ATests/a.txt", snapshot)
      return DiagnosticRules.unshown(Repository(files: [code, use, shown])).map(\.description)
    }
    #expect(
      found("error[PLB1098]: the x is `y` found") == [
        "Sources/Language/YAML/A.swift: no snapshot shows PLB1099, `lost`",
        "Sources/Language/YAML/B.swift:2: no snapshot shows “the … is `…` lost”",
      ])
    #expect(found("error[PLB1099]: the x is `y` found").count == 1)
    #expect(found("error[PLB1099]: the x is `y` lost").isEmpty)
  }

  @Test("a snapshot whose test is gone is found")
  func orphans() {
    let test = source("Tests/ATests/PlanTests.swift", "func plans() {}")
    let kept = source("Tests/ATests/Snapshots/PlanTests/plans.txt", "")
    let renamed = source("Tests/ATests/Snapshots/PlanTests/planned.txt", "")
    let alone = source("Tests/ATests/Snapshots/OtherTests/plans.txt", "")
    let found = LayoutRules.orphanSnapshots(Repository(files: [test, kept, renamed, alone]))
    #expect(found.map(\.path) == [renamed.path, alone.path])
  }
}
