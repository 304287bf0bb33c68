import Testing

/// The project as it stands obeys its own rules. Each rule's own test is in `RuleTests`.
@Suite("Architecture")
struct ArchitectureTests {
  private static let known = Result { try Known() }

  private struct Known {
    let repository: Repository
    let table: ModulesTable
    let package: PackageEdges

    init() throws {
      repository = try Repository.load()
      table = ModulesTable(try #require(repository.file("Documentation/Modules.md")).string)
      package = PackageEdges(try #require(repository.file("Package.swift")).string)
    }
  }

  private let repository: Repository
  private let table: ModulesTable
  private let package: PackageEdges

  init() throws {
    let known = try Self.known.get()
    (repository, table, package) = (known.repository, known.table, known.package)
  }

  private func expectNone(_ found: [Violation], _ location: SourceLocation = #_sourceLocation) {
    guard !found.isEmpty else { return }
    let lines = found.map(\.description).sorted().joined(separator: "\n")
    Issue.record("\(found.count) to mend\n\(lines)", sourceLocation: location)
  }

  private var ours: [SourceFile] { repository.swiftFiles.filter { $0.path != "Package.swift" } }

  @Test("the walk sees the sources, the tests and the table")
  func seesTheProject() {
    #expect(table.rows.count >= 20)
    #expect(ours.count { $0.target != nil } >= 100)
    #expect(ours.contains { $0.path.hasPrefix("Tests/ArchitectureTests/") })
  }

  @Test("every import is allowed by Modules.md")
  func imports() { expectNone(ours.flatMap { ImportRules.unlisted($0, table) }) }

  @Test("Modules.md and Package.swift have the same targets and edges")
  func edges() { expectNone(ImportRules.disagreements(table, package) + ImportRules.forbidden(table)) }

  @Test("a C library has exactly one importer")
  func libraries() { expectNone(ImportRules.sharedLibraries(ours, table)) }

  @Test("calls stay in the rooms that may make them")
  func calls() { expectNone(ours.flatMap { CallRules.calls($0) }) }

  @Test("lines, files and functions are short enough")
  func lengths() { expectNone(ours.flatMap { ShapeRules.lengths($0) + ShapeRules.functions($0) }) }

  @Test("what is unsafe has its reason beside it")
  func reasons() { expectNone(ours.filter { !$0.isTest }.flatMap(ReasonRules.missing)) }

  @Test("nothing is left unfinished, and no file names a path of one machine")
  func words() { expectNone(repository.files.flatMap(TextRules.words)) }

  @Test("every target has tests, and no room is empty")
  func rooms() { expectNone(LayoutRules.rooms(repository, table)) }

  @Test("every claim about recovery names a test that there is")
  func claims() throws {
    let document = try #require(repository.file("Documentation/Recovery.md"))
    #expect(ClaimRules.claims(document.string).count >= 30)
    expectNone(ClaimRules.unheld(document, in: repository))
  }

  @Test("every diagnostic of the language, and every wording of it, stands in a snapshot")
  func diagnostics() {
    let known = repository.swiftFiles.filter { $0.target != nil }.flatMap(DiagnosticRules.codes)
    #expect(known.count { DiagnosticRules.isOfLanguage($0.number) } >= 100)
    expectNone(DiagnosticRules.unshown(repository))
  }

  @Test("every snapshot belongs to a test")
  func snapshots() { expectNone(LayoutRules.orphanSnapshots(repository)) }
}
