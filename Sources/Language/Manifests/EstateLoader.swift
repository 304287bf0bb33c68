import Cryptography
import Diagnostics
import Expressions
import Platform
import Values
import YAML

/// An estate as read: settings, targets, manifests, and everything that is wrong with their form.
package struct LoadedEstate: Sendable {
  package var estate: Estate
  /// In the order of files, and of documents within them.
  package var documents: [ManifestDocument]
  /// `Policy` documents as written, their envelope checked.
  package var policies: [Value] = []
  package var diagnostics: [Diagnostic]
  /// SHA-256 over the content of all documents: comments, order, files and spelling do not count.
  package var digest: String
  package var sources: SourceTexts
  /// Files that were read, relative to the root.
  package var files: [String]
  /// The environment that was chosen; nil where the estate has none.
  package var environment: EstateEnvironment? = nil
  /// Variables that have a value.
  package var variables: [Variable] = []

  /// The values of all variables by name, for expressions.
  package var variableValues: Value { .map(variables.map { ($0.name, $0.value) }) }
}

/// Reads an estate's folder. Everything is reported in one run; what is wrong is left out of the result.
package struct EstateLoader: Sendable {
  private let files: any FileSystem
  private let providers: [String]
  private let schemas: KindSchemas
  private let served: EstateSchemas
  private let process: Environment
  private let fileLimit: Int
  private let byteLimit: Int
  /// Stands before every file in positions: `main:` for an estate that is read from a revision.
  private let label: String

  /// - Parameters:
  ///   - providers: the names that targets and `apiVersion`s may use: `aws`, `kubernetes`.
  ///   - schemas: tells overlays which lists are keyed.
  ///   - served: the same for kinds that only the estate's own definitions and targets know.
  ///   - process: the environment that declared variables may read.
  ///   - fileLimit: how many files the include patterns may find.
  ///   - byteLimit: bytes of one file.
  ///   - label: stands before every file in positions.
  package init(
    files: any FileSystem, providers: [String], schemas: @escaping KindSchemas = { _, _ in nil },
    served: @escaping EstateSchemas = { _, _ in { _, _ in nil } }, process: Environment = Environment(),
    fileLimit: Int = ManifestLimits.files,
    byteLimit: Int = ManifestLimits.fileBytes, label: String = ""
  ) {
    self.files = files
    self.providers = providers
    self.schemas = schemas
    self.served = served
    self.process = process
    self.fileLimit = fileLimit
    self.byteLimit = byteLimit
    self.label = label
  }

  /// The nearest folder with a `plumb.yaml`, from `directory` upwards; nil where there is none.
  package static func root(above directory: String, files: any FileSystem) -> String? {
    var folder = directory
    for _ in 0..<ManifestLimits.foldersAbove {
      if files.exists(folder == "/" ? "/\(Estate.fileName)" : "\(folder)/\(Estate.fileName)") {
        return folder
      }
      guard folder != "/", let slash = folder.lastIndex(of: "/") else { return nil }
      folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
    }
    return nil
  }

  /// The problem to report where `root(above:)` finds nothing.
  package static func missingEstate(_ directory: String) -> Diagnostic {
    .error(
      .noEstate, "no `\(Estate.fileName)` in `\(directory)` or above it",
      hint: "go into an estate's folder, name one with `--chdir`, or make one with `plumb init`")
  }

  /// Reads the estate whose `plumb.yaml` lies in `root`, as the chosen environment has it.
  package func load(root: String, inputs: EstateInputs = EstateInputs()) -> LoadedEstate {
    var reader = DocumentReader(providers: providers, root: root)
    var loaded = LoadedEstate(
      estate: reader.estate, documents: [], diagnostics: [], digest: "", sources: SourceTexts(),
      files: [Estate.fileName])
    var builder = TapeBuilder()
    append(Estate.fileName, root, to: &builder, &loaded)
    let written = builder.finishAll()
    let (ownDocuments, extra) = readEnvironment(inputs, root, &reader, &loaded)
    var overlays = loaded.environment.map { OverlayRun($0, schemas) }
    overlays?.learn(from: written)
    let settings = written.map { overlays?.apply(to: $0) ?? $0 }
    reader.readVariables(settings)
    loaded.estate.variables = reader.estate.variables
    readVariables(inputs, &loaded)
    reader.scanBlueprints(settings)
    var text = constantText(loaded)
    for document in settings.map({ text.evaluated($0) }) { reader.read(document, isEstateFile: true) }
    if !reader.hasEstate, !loaded.diagnostics.hasErrors, !reader.diagnostics.hasErrors {
      loaded.diagnostics.append(
        .error(
          .estateDocument, "`\(Estate.fileName)` has no `Estate`",
          at: SourcePosition(file: label + Estate.fileName, line: 1, column: 1),
          hint: "it holds a document with `kind: Estate`; `plumb init` writes one"))
    }
    let manifests = readIncluded(reader.estate, written, root, &loaded) + extra
    reader.scanBlueprints(manifests)
    overlays?.learn(from: manifests, served: served(manifests, reader.estate.targets))
    // Their files are known only now.
    var manifestText = constantText(loaded)
    manifestText.defined = reader.defined
    for document in manifests {
      let changed = overlays?.apply(to: document) ?? document
      reader.read(manifestText.evaluated(changed), isEstateFile: false)
    }
    overlays?.finish()
    loaded.estate = reader.estate
    loaded.documents = reader.documents
    loaded.policies = reader.policies
    loaded.diagnostics +=
      reader.diagnostics + (overlays?.diagnostics ?? []) + text.diagnostics + manifestText.diagnostics
    loaded.digest = Self.digest(written + ownDocuments + manifests)
    return loaded
  }

  // MARK: Environment and variables

  /// All documents of the environment's file, and those of them that are manifests.
  private func readEnvironment(
    _ inputs: EstateInputs, _ root: String, _ reader: inout DocumentReader, _ loaded: inout LoadedEstate
  ) -> (all: [Value], manifests: [Value]) {
    let environments = EnvironmentFiles(root: root, files: files)
    loaded.diagnostics += environments.diagnostics
    if let problem = environments.problem(with: inputs) { loaded.diagnostics.append(problem) }
    guard let name = inputs.environment, let path = environments.path(of: name) else { return ([], []) }
    var builder = TapeBuilder()
    append(path, root, to: &builder, &loaded)
    loaded.files.append(path)
    let documents = builder.finishAll()
    // A file that is no YAML has been reported.
    let earlier = reader.diagnostics.count
    let (environment, manifests) = reader.readEnvironment(documents, name: name, file: path)
    if documents.isEmpty, loaded.diagnostics.hasErrors { reader.diagnostics.removeSubrange(earlier...) }
    loaded.environment = environment
    return (documents, manifests)
  }

  private func readVariables(_ inputs: EstateInputs, _ loaded: inout LoadedEstate) {
    var resolver = VariableResolver(loaded.estate, files, process)
    loaded.variables = resolver.run(
      inputs.variables, environment: loaded.environment.map { ($0.variables, $0.name) })
    loaded.diagnostics += resolver.diagnostics
    for (path, bytes) in resolver.sources { loaded.sources.add(bytes, file: path) }
    var rules = VariableRules(loaded.estate, loaded.variables, loaded.sources)
    rules.run()
    loaded.diagnostics += rules.diagnostics
  }

  private func constantText(_ loaded: LoadedEstate) -> ConstantText {
    ConstantText(
      loaded.manifestNames,
      Activation([
        "var": .value(loaded.variableValues), "environment": .string(loaded.environment?.name ?? ""),
      ]), isComplete: loaded.variables.count == loaded.estate.variables.count, loaded.sources)
  }

  // MARK: Files

  private func readIncluded(
    _ estate: Estate, _ settings: [Value], _ root: String, _ loaded: inout LoadedEstate
  ) -> [Value] {
    let written = settings.lazy.compactMap { $0["spec"]?["include"] }.first
    let own = estate.include.enumerated().map { Placed($1, at: written?[$0]?.origin ?? estate.origin) }
    var paths = find(own, excluding: Self.reserved, root, &loaded.diagnostics)
    if let further = loaded.environment?.include, !further.isEmpty {
      let known = Set(paths)
      let found = find(further, excluding: Self.reservedFiles, root, &loaded.diagnostics)
      paths += found.filter { !known.contains($0) }
    }
    guard paths.count <= fileLimit else {
      loaded.diagnostics.append(
        .error(
          .unreadableManifest, "the include patterns find \(paths.count) files, more than \(fileLimit)",
          at: estate.origin))
      return []
    }
    var builder = TapeBuilder(nodeCapacity: 1 << 12, byteCapacity: 1 << 15)
    for path in paths { append(path, root, to: &builder, &loaded) }
    loaded.files += paths
    return builder.finishAll()
  }

  private func find(
    _ include: [Placed<String>], excluding reserved: [GlobPattern], _ root: String, _ diagnostics: inout [Diagnostic]
  ) -> [String] {
    let patterns = patterns(include, &diagnostics)
    guard !patterns.isEmpty else { return [] }
    do throws(FileError) {
      let found = try DirectoryWalk(files).find(patterns, excluding: reserved, under: root)
      diagnostics += found.skipped.map(Self.problem)
      return found.paths
    } catch {
      diagnostics.append(.error(.unreadableManifest, error.description, at: include.first?.position))
      return []
    }
  }

  private func append(
    _ path: String, _ root: String, to builder: inout TapeBuilder, _ loaded: inout LoadedEstate
  ) {
    do throws(FileError) {
      let bytes = try files.read(
        root == "/" ? "/\(path)" : "\(root)/\(path)", limit: byteLimit)
      let problems = YAMLReader.append(bytes, to: &builder, file: label + path)
      loaded.diagnostics += problems.map { Self.explainingExpression($0, bytes) }
      loaded.sources.add(bytes, file: label + path)
    } catch {
      loaded.diagnostics.append(
        .error(
          .unreadableManifest, "cannot read `\(path)`: \(error.text)",
          at: SourcePosition(file: label + path, line: 1, column: 1)))
    }
  }

  /// An expression without quotes ends a flow map early, and what YAML says of it helps nobody.
  private static func explainingExpression(_ problem: Diagnostic, _ bytes: [UInt8]) -> Diagnostic {
    guard problem.code == .yamlSyntax, let line = problem.position?.line,
      let text = LineTable(bytes).text(ofLine: line), text.utf8.contains(UInt8(ascii: "$"))
    else { return problem }
    let halves = text.split(separator: "$", omittingEmptySubsequences: false)
    guard let first = halves.first, halves.dropFirst().contains(where: { $0.hasPrefix("{") }),
      first.last != "'", first.last != "\""
    else { return problem }
    var explained = problem
    explained.hints.insert("inside `{…}` and `[…]` an expression needs quotes: '${…}'", at: 0)
    return explained
  }

  /// `plumb.yaml` is read first and on its own, environments by name only, and `.plumb` is ours.
  private static let reserved = constant(["plumb.yaml", "environments/**", ".plumb/**"])
  /// An environment may keep its manifests in a folder below `environments`.
  private static let reservedFiles = constant(["plumb.yaml", "environments/*.{yaml,yml}", ".plumb/**"])

  private static func constant(_ patterns: [String]) -> [GlobPattern] {
    // The patterns are constant; a wrong one would show in every test of this room.
    patterns.compactMap { try? GlobPattern($0) }
  }

  private func patterns(_ include: [Placed<String>], _ diagnostics: inout [Diagnostic]) -> [GlobPattern] {
    var found: [GlobPattern] = []
    for item in include {
      let text = item.item, position = item.position
      let names = text.split(separator: "/", omittingEmptySubsequences: false)
      if text.hasPrefix("/") || names.contains("..") {
        diagnostics.append(
          .error(
            .includePattern, "the pattern `\(text)` leaves the estate", at: position,
            length: text.unicodeScalars.count,
            hint: "patterns are relative to the folder of `\(Estate.fileName)`"))
        continue
      }
      do throws(GlobError) {
        found.append(try GlobPattern(text))
      } catch {
        diagnostics.append(
          .error(
            .includePattern, "`\(text)` is no pattern: \(error)", at: position,
            length: text.unicodeScalars.count))
      }
    }
    return found
  }

  private static func problem(_ skipped: DirectoryWalk.Skipped) -> Diagnostic {
    let reason: String
    switch skipped.reason {
    case .outsideRoot: reason = "is a link that leads out of the estate"
    case .loop: reason = "is a link into a folder that contains it"
    case .brokenLink: reason = "is a link to nothing"
    case .tooDeep: reason = "lies too deep"
    case .tooManyEntries: reason = "has too many entries"
    case .unreadable(let text): reason = "cannot be read: \(text)"
    }
    return .error(
      .unreadableManifest, "`\(skipped.path)` \(reason)",
      at: SourcePosition(file: skipped.path, line: 1, column: 1))
  }

  /// Each document by itself, then all in the order of their digests.
  private static func digest(_ documents: [Value]) -> String {
    let digests = documents.lazy.filter { $0.kind != .null }.map { SHA256.digest($0.canonicalBytes()).bytes }
    let sorted = digests.sorted { $0.lexicographicallyPrecedes($1) }
    return SHA256.digest(Array(sorted.joined())).hex
  }
}
