import Diagnostics
import Manifests
import Platform
import Policies
import ProviderKit
import Reports
import Resources
import Values
import YAML

extension Command {
  static let policyTest = Command(
    "test", "Put examples before rules and compare the answers.",
    discussion:
      "Reads `PolicyTest` documents from files, or from all YAML files below folders. Needs no estate and asks "
      + "nobody. Exits with 1 when an answer is not what was expected.",
    examples: [
      ("plumb policy test policies/", "all tests below a folder"),
      ("plumb policy test policies/network.test.yaml --json", "one file, one event line a test"),
    ],
    positionals: [Positional("PATH", completion: .file, "a file, or a folder that is searched for tests")]
  ) { invocation in
    let path = invocation.arguments.positionals.first ?? "."
    var reader = PolicyTestReader(files: invocation.host.files, folder: invocation.workingFolder)
    reader.read(path)
    let catalog = Composition.providers(invocation.host).reduce(into: TypeCatalog()) { $0.add($1.catalog) }
    let reports = reader.tests.map { test in
      PolicyTestRun.run(
        test.document, policies: test.policies, catalog: catalog, file: test.file, sources: reader.sources)
    }
    let sources = reports.reduce(into: reader.sources) { $0.merge($1.sources) }
    let problems = reader.diagnostics + reports.flatMap(\.diagnostics)
    invocation.reporter.diagnostics(problems, sources: sources)
    if reports.isEmpty, !problems.hasErrors {
      return invocation.fail(
        .error(
          .noPolicyTests, "there are no tests of policies in `\(path)`",
          hint: "a test is a document with `kind: PolicyTest`"))
    }
    invocation.reporter.report { PolicyTestText.write(reports, invocation.reporter.palette, to: $0) }
    if invocation.reporter.isJSON { EventLine.tests(reports) { event in invocation.reporter.event(event) } }
    return reports.allSatisfy(\.isPassed) && !problems.hasErrors ? .ok : .error
  }
}

extension DiagnosticCode {
  static let noPolicyTests = DiagnosticCode(7032)
}

/// Finds `PolicyTest` documents and the policies that they name.
struct PolicyTestReader {
  struct Test {
    var file: String
    var document: Value
    var policies: [Value]
  }

  let files: any FileSystem
  /// What paths are relative to.
  let folder: String
  private(set) var tests: [Test] = []
  private(set) var sources = SourceTexts()
  private(set) var diagnostics: [Diagnostic] = []
  private var known: [String: [Value]] = [:]

  init(files: any FileSystem, folder: String) {
    self.files = files
    self.folder = folder
  }

  mutating func read(_ path: String) {
    do throws(FileError) {
      let full = path.hasPrefix("/") ? path : "\(folder)/\(path)"
      guard try files.status(full)?.kind == .directory else { return readFile(path) }
      // The patterns are constant; a wrong one would show in every test of this command.
      let patterns = ["**/*.yaml", "**/*.yml"].compactMap { try? GlobPattern($0) }
      let found = try DirectoryWalk(files).find(patterns, excluding: [], under: full)
      let prefix = path == "." ? "" : path.hasSuffix("/") ? path : path + "/"
      for name in found.paths.sorted() { readFile(prefix + name) }
    } catch {
      diagnostics.append(.error(.policyTest, error.description))
    }
  }

  private mutating func readFile(_ path: String) {
    let documents = documents(path)
    let own = documents.filter { $0["kind"]?.string == "Policy" }
    for document in documents where document["kind"]?.string == PolicyTestSchemas.kind.name {
      let named = (document["spec"]?["policies"] ?? .null).elements.flatMap { policies($0, beside: path) }
      tests.append(Test(file: path, document: document, policies: own + named))
    }
  }

  private mutating func policies(_ name: Value, beside path: String) -> [Value] {
    guard let name = name.string else { return [] }
    let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let other = name.hasPrefix("/") || parent.isEmpty ? name : "\(parent)/\(name)"
    return documents(other).filter { $0["kind"]?.string == "Policy" }
  }

  /// Each file is read once.
  private mutating func documents(_ path: String) -> [Value] {
    if let known = known[path] { return known }
    known[path] = []
    do throws(FileError) {
      let bytes = try files.read(path.hasPrefix("/") ? path : "\(folder)/\(path)")
      let (documents, problems) = YAMLReader.parse(bytes, file: path)
      sources.add(bytes, file: path)
      diagnostics += problems
      known[path] = documents
      return documents
    } catch {
      diagnostics.append(.error(.policyTest, error.description))
      return []
    }
  }
}
