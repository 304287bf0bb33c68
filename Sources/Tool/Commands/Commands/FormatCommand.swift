import Diagnostics
import Manifests
import Platform
import ProviderKit
import Reports
import Values
import YAML

extension CommandOption {
  static let check = CommandOption("check", "change nothing; exit with 1 when a file would change")
}

extension Command {
  static let format = Command(
    "fmt", "Lay out manifests in the canonical way.",
    discussion: "Comments, order and quotes stay. Without PATH it formats every file of the estate.",
    examples: [
      ("plumb fmt", "every file of the estate"),
      ("plumb fmt --check", "say which files would change, for CI"),
      ("plumb fmt manifests/network.yaml", "one file"),
    ],
    options: [.check],
    positionals: [
      Positional("PATH", isOptional: true, completion: .file, "a file, or a folder with YAML files")
    ]
  ) { invocation in
    switch invocation.formattedFiles() {
    case .failure(let problem): return invocation.fail(problem.diagnostics)
    case .success(let files): return await invocation.format(files)
    }
  }
}

extension Invocation {
  private static let patterns = ["**/*.yaml", "**/*.yml"]

  /// The files to format, as the user would name them.
  fileprivate func formattedFiles() -> Result<[String], CommandProblem> {
    guard let path = arguments.positionals.first else { return estateFiles() }
    do throws(FileError) {
      guard let status = try host.files.status(path) else {
        return .failure(CommandProblem(.error(.commandFile, "there is no file `\(path)`")))
      }
      guard status.kind == .directory else { return .success([path]) }
      // Constant patterns that are legal.
      let patterns = Self.patterns.compactMap { try? GlobPattern($0) }
      // The same.
      let reserved = [".plumb/**"].compactMap { try? GlobPattern($0) }
      let found = try DirectoryWalk(host.files).find(patterns, excluding: reserved, under: path)
      return .success(found.paths.map { path == "." ? $0 : "\(path)/\($0)" })
    } catch {
      return .failure(CommandProblem(.error(.commandFile, error.description)))
    }
  }

  private func estateFiles() -> Result<[String], CommandProblem> {
    let folder = workingFolder
    guard let root = EstateLoader.root(above: folder, files: host.files) else {
      return .failure(CommandProblem(EstateLoader.missingEstate(folder)))
    }
    let loaded = EstateLoader(files: host.files, providers: Composition.providers(host).map(\.name)).load(
      root: root)
    let paths = loaded.files + environmentFiles(root).filter { !loaded.files.contains($0) }
    return .success(paths.map { root == folder ? $0 : "\(root)/\($0)" })
  }

  /// The files of all environments, and the manifests beside them.
  private func environmentFiles(_ root: String) -> [String] {
    // The pattern is constant and legal.
    let patterns = ["environments/**/*.{yaml,yml}"].compactMap { try? GlobPattern($0) }
    do throws(FileError) {
      return try DirectoryWalk(host.files).find(patterns, under: root).paths
    } catch {
      return []
    }
  }

  fileprivate func format(_ paths: [String]) async -> ExitCode {
    var changed: [String] = [], problems: [Diagnostic] = []
    for path in paths {
      switch await format(path) {
      case .success(true): changed.append(path)
      case .success(false): break
      case .failure(let problem): problems += problem.diagnostics
      }
    }
    for path in changed {
      reporter.say(SafeText.of(path))
      reporter.event(
        EventLine("formatted", path, [("path", .string(path)), ("written", .bool(!arguments.has(.check)))]))
    }
    reporter.diagnostics(problems)
    return !problems.isEmpty || arguments.has(.check) && !changed.isEmpty ? .error : .ok
  }

  /// Whether the file was not in its canonical layout.
  private func format(_ path: String) async -> Result<Bool, CommandProblem> {
    let files = host.files, isCheck = arguments.has(.check)
    do throws(FileError) {
      return try await offPool { () throws(FileError) in
        let bytes = try files.read(path)
        guard let formatted = YAMLFormatter.format(bytes) else {
          return .failure(CommandProblem(YAMLReader.parse(bytes, file: path).diagnostics))
        }
        guard formatted != bytes else { return .success(false) }
        if !isCheck { try files.write(formatted, to: path) }
        return .success(true)
      }
    } catch {
      return .failure(CommandProblem(.error(.commandFile, error.description)))
    }
  }
}
