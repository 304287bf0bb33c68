import Diagnostics
import Platform

/// The environments that an estate has, by the names of their files; nothing in them is read.
package struct EnvironmentFiles: Sendable {
  /// Sorted by name.
  package private(set) var names: [String] = []
  private var paths: [String: String] = [:]
  /// Files that give one name twice, or none.
  private(set) var diagnostics: [Diagnostic] = []

  /// Looks below `environments/` of the estate in `root`. A folder that cannot be read is reported by `diagnostics`.
  package init(root: String, files: any FileSystem) {
    let folder = (root == "/" ? "" : root) + "/\(EstateEnvironment.folder)"
    guard files.exists(folder) else { return }
    do throws(FileError) {
      for file in try files.list(folder) { add(file) }
    } catch {
      diagnostics.append(.error(.unreadableManifest, error.description))
    }
    names.sort()
  }

  private mutating func add(_ file: String) {
    guard !file.hasPrefix("."), let suffix = [".yaml", ".yml"].first(where: { file.hasSuffix($0) }) else { return }
    let name = String(file.dropLast(suffix.count)), path = "\(EstateEnvironment.folder)/\(file)"
    let place = SourcePosition(file: path, line: 1, column: 1)
    guard Self.isName(name) else {
      diagnostics.append(
        .error(
          .environmentDocument, "`\(name)` cannot be an environment's name", at: place,
          hint: "a name has at most 63 letters, digits and `-`; rename the file"))
      return
    }
    guard paths[name] == nil, names.count < ManifestLimits.environments else {
      let twice = "the environment `\(name)` has two files"
      let message = paths[name] == nil ? "an estate has at most \(ManifestLimits.environments) environments" : twice
      return diagnostics.append(.error(.environmentDocument, message, at: place))
    }
    paths[name] = path
    names.append(name)
  }

  /// Environments stand in markers, file names and keys of buckets.
  static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, DocumentReader.isAlphanumeric(first), name.utf8.count <= 63 else {
      return false
    }
    return name.utf8.allSatisfy { DocumentReader.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }

  /// The file of an environment, relative to the estate's folder.
  func path(of name: String) -> String? { paths[name] }

  /// Why this choice cannot be: an environment must be named where there are some, and must be one of them.
  package func problem(with inputs: EstateInputs) -> Diagnostic? {
    let listed = "the estate has: \(names.joined(separator: ", "))"
    guard let chosen = inputs.environment else {
      guard !names.isEmpty else { return nil }
      return .error(
        .environmentSelection, "an environment must be chosen with `--env NAME`", hint: listed)
    }
    if names.contains(chosen) { return nil }
    guard !names.isEmpty else {
      return .error(
        .environmentSelection, "`\(inputs.environmentGiver)` names `\(chosen)`, and the estate has no environments",
        hint: "leave it out, or describe one in `\(EstateEnvironment.folder)/\(chosen).yaml`")
    }
    return .error(
      .environmentSelection, "`\(inputs.environmentGiver)` names `\(chosen)`, and there is no such environment",
      hint: Suggestion.hint(for: chosen, among: names) ?? listed)
  }
}
