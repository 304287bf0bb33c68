import Diagnostics
import Manifests
import Platform
import Policies

/// Files as they are at a revision of the git repository that holds an estate, read by git itself, without a shell and
/// without touching the working tree.
struct GitRevision {
  /// Bytes of all manifests together.
  static let byteLimit = 512 << 20
  static let timeout = Duration.seconds(120)

  /// What is passed on: nothing that could point git at another repository.
  private static let kept = ["PATH", "HOME", "XDG_CONFIG_HOME", "USER", "TMPDIR"]

  let children: any ChildRunner
  let environment: Environment
  /// The estate's folder.
  let root: String

  /// The estate's YAML files at a revision, by their path below its folder, and the commit that the revision names.
  func manifests(at revision: String) async throws(EngineFailure) -> (commit: String, files: [String: [UInt8]]) {
    let commit = try await commit(revision)
    let listing = try await git(["ls-tree", "-r", "-z", commit], revision)
    let blobs = Self.blobs(listing)
    guard !blobs.isEmpty else { return (commit, [:]) }
    let request = blobs.map { $0.hash + "\n" }.joined()
    let answer = try await git(["cat-file", "--batch"], revision, input: Array(request.utf8))
    guard let contents = Self.contents(answer, count: blobs.count) else {
      throw Self.failure(revision, "git gave an answer that cannot be read")
    }
    let named = zip(blobs.map(\.path), contents).map { ($0, $1) }
    return (commit, Dictionary(named, uniquingKeysWith: { first, _ in first }))
  }

  private func commit(_ revision: String) async throws(EngineFailure) -> String {
    let answer = try await git(
      ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(revision)^{commit}"], revision)
    let commit = String(decoding: answer.prefix { $0 != 0x0A }, as: UTF8.self)
    guard commit.utf8.count >= 40, commit.allSatisfy(\.isHexDigit) else {
      throw Self.failure(revision, "it names no commit")
    }
    return commit
  }

  private func git(_ arguments: [String], _ revision: String, input: [UInt8]? = nil) async throws(EngineFailure)
    -> [UInt8]
  {
    var variables = environment.variables.filter { Self.kept.contains($0.key) }
    variables["LC_ALL"] = "C"
    variables["GIT_OPTIONAL_LOCKS"] = "0"
    var command = ChildCommand(["git"] + arguments, environment: Environment(variables), directory: root)
    command.input = input.map { .bytes($0) } ?? .null
    command.output = .capture(limit: Self.byteLimit)
    command.timeout = Self.timeout
    let result: ChildResult
    do throws(ChildError) { result = try await children.run(command) } catch {
      throw Self.failure(revision, error.description)
    }
    guard result.status == .exited(0), !result.isTruncated, !result.didTimeOut else {
      let said = String(decoding: result.errorOutput.prefix(400), as: UTF8.self).split(separator: "\n").first
      throw Self.failure(
        revision, result.isTruncated ? "there is too much of it" : said.map(String.init) ?? "it names no commit")
    }
    return result.output
  }

  private static func failure(_ revision: String, _ why: String) -> EngineFailure {
    EngineFailure(
      .error,
      [
        .error(
          .policyRevision, "the policies of `\(revision)` cannot be read: \(why)",
          hint: "the revision must be in this clone: `git fetch origin main`, then `--policies origin/main`")
      ])
  }

  private struct Blob {
    var hash: String
    var path: String
  }

  /// `MODE blob HASH<tab>PATH<nul>`: https://git-scm.com/docs/git-ls-tree#_output_format
  private static func blobs(_ listing: [UInt8]) -> [Blob] {
    listing.split(separator: 0).compactMap { entry in
      guard let tab = entry.firstIndex(of: 0x09) else { return nil }
      let facts = String(decoding: entry[..<tab], as: UTF8.self).split(separator: " ")
      let path = String(decoding: entry[entry.index(after: tab)...], as: UTF8.self)
      // Links lead elsewhere, and modules are other repositories.
      guard facts.count == 3, facts[0].hasPrefix("100"), facts[1] == "blob",
        path.hasSuffix(".yaml") || path.hasSuffix(".yml")
      else { return nil }
      return Blob(hash: String(facts[2]), path: path)
    }
  }

  /// `HASH blob SIZE<newline>BYTES<newline>` for each: https://git-scm.com/docs/git-cat-file#_batch_output
  private static func contents(_ answer: [UInt8], count: Int) -> [[UInt8]]? {
    var contents: [[UInt8]] = []
    var position = 0
    while contents.count < count {
      guard let end = answer[position...].firstIndex(of: 0x0A) else { return nil }
      let facts = String(decoding: answer[position..<end], as: UTF8.self).split(separator: " ")
      guard facts.count == 3, let size = Int(facts[2]), size >= 0, end + 1 + size < answer.count else { return nil }
      contents.append(Array(answer[(end + 1)..<(end + 1 + size)]))
      position = end + 1 + size + 1
    }
    return contents
  }
}
