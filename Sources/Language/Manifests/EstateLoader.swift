import Cryptography
import Diagnostics
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
}

/// Reads an estate's folder. Everything is reported in one run; what is wrong is left out of the result.
package struct EstateLoader: Sendable {
  private let files: any FileSystem
  private let providers: [String]
  private let fileLimit: Int
  private let byteLimit: Int
  /// Stands before every file in positions: `main:` for an estate that is read from a revision.
  private let label: String

  /// - Parameters:
  ///   - providers: the names that targets and `apiVersion`s may use: `aws`, `kubernetes`.
  ///   - fileLimit: how many files the include patterns may find.
  ///   - byteLimit: bytes of one file.
  ///   - label: stands before every file in positions.
  package init(
    files: any FileSystem, providers: [String], fileLimit: Int = ManifestLimits.files,
    byteLimit: Int = ManifestLimits.fileBytes, label: String = ""
  ) {
    self.files = files
    self.providers = providers
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

  /// Reads the estate whose `plumb.yaml` lies in `root`.
  package func load(root: String) -> LoadedEstate {
    var reader = DocumentReader(providers: providers, root: root)
    var loaded = LoadedEstate(
      estate: reader.estate, documents: [], diagnostics: [], digest: "", sources: SourceTexts(),
      files: [Estate.fileName])
    var builder = TapeBuilder()
    append(Estate.fileName, root, to: &builder, &loaded)
    let settings = builder.finishAll()
    reader.scanBlueprints(settings)
    for document in settings { reader.read(document, isEstateFile: true) }
    if !reader.hasEstate, !loaded.diagnostics.hasErrors, !reader.diagnostics.hasErrors {
      loaded.diagnostics.append(
        .error(
          .estateDocument, "`\(Estate.fileName)` has no `Estate`",
          at: SourcePosition(file: label + Estate.fileName, line: 1, column: 1),
          hint: "it holds a document with `kind: Estate`; `plumb init` writes one"))
    }
    let manifests = readIncluded(reader.estate, settings, root, &loaded)
    reader.scanBlueprints(manifests)
    for document in manifests { reader.read(document, isEstateFile: false) }
    loaded.estate = reader.estate
    loaded.documents = reader.documents
    loaded.policies = reader.policies
    loaded.diagnostics += reader.diagnostics
    loaded.digest = Self.digest(settings + manifests)
    return loaded
  }

  // MARK: Files

  private func readIncluded(
    _ estate: Estate, _ settings: [Value], _ root: String, _ loaded: inout LoadedEstate
  ) -> [Value] {
    let patterns = patterns(estate, settings, &loaded.diagnostics)
    guard !patterns.isEmpty else { return [] }
    let found: DirectoryWalk.Result
    do throws(FileError) {
      found = try DirectoryWalk(files).find(patterns, excluding: Self.reserved, under: root)
    } catch {
      loaded.diagnostics.append(.error(.unreadableManifest, error.description, at: estate.origin))
      return []
    }
    loaded.diagnostics += found.skipped.map(Self.problem)
    guard found.paths.count <= fileLimit else {
      loaded.diagnostics.append(
        .error(
          .unreadableManifest,
          "the include patterns find \(found.paths.count) files, more than \(fileLimit)",
          at: estate.origin))
      return []
    }
    var builder = TapeBuilder(nodeCapacity: 1 << 12, byteCapacity: 1 << 15)
    for path in found.paths { append(path, root, to: &builder, &loaded) }
    loaded.files += found.paths
    return builder.finishAll()
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
  private static let reserved: [GlobPattern] = ["plumb.yaml", "environments/**", ".plumb/**"].compactMap {
    text in
    // The patterns are constant; a wrong one would show in every test of this room.
    try? GlobPattern(text)
  }

  private func patterns(_ estate: Estate, _ settings: [Value], _ diagnostics: inout [Diagnostic])
    -> [GlobPattern]
  {
    let written = settings.lazy.compactMap { $0["spec"]?["include"] }.first
    var found: [GlobPattern] = []
    for (index, text) in estate.include.enumerated() {
      let position = written?[index]?.origin ?? estate.origin
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
