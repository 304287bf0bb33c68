import Glibc
import Platform
import TestSupport
import Testing

@Suite("Glob patterns and walks")
struct GlobTests {
  @Test(
    "patterns match whole relative paths",
    arguments: [
      ("manifests/**/*.yaml", "manifests/a.yaml", true),
      ("manifests/**/*.yaml", "manifests/x/y/a.yaml", true),
      ("manifests/**/*.yaml", "manifests/x/a.yml", false), ("*.yaml", "x/a.yaml", false),
      ("**", "a/b", true), ("**/*", ".git/config", false), ("**/.git/*", ".git/config", true),
      ("a?c", "aéc", true), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[]]", "]", true),
      ("*.{yaml,yml}", "a.yml", true), ("{a,b/{c,d}}/e", "b/d/e", true), ("a\\*", "a*", true),
      ("a\\*", "ab", false),
      ("./a/*", "a/b", true), ("a**b", "axxb", true),
      ("*a*a*a*a*a*b", String(repeating: "a", count: 60), false),
    ])
  func matching(pattern: String, path: String, isMatch: Bool) throws {
    #expect(try GlobPattern(pattern).matches(path) == isMatch)
  }

  @Test(
    "broken patterns are refused",
    arguments: ["[ab", "{a,b", "../x", "/etc/*", String(repeating: "{a,b}", count: 7)])
  func broken(pattern: String) {
    #expect(throws: GlobError.self) { try GlobPattern(pattern) }
  }

  @Test("a walk is sorted, never leaves the root and ends at loops")
  func walk() throws {
    let folder = TemporaryDirectory()
    for name in [
      "estate/b.yaml", "estate/sub/a.yaml", "estate/sub/x.txt", "outside/secret.yaml", "estate/.git/z.yaml",
    ] {
      folder.write("", to: name)
    }
    symlink("..", folder.file("estate/sub/loop"))
    symlink("../outside", folder.file("estate/out"))
    symlink("nothing", folder.file("estate/broken"))
    symlink("sub", folder.file("estate/alias"))
    let result = try DirectoryWalk(LocalFiles()).find(
      [GlobPattern("**/*.yaml"), GlobPattern("broken")], under: folder.file("estate"))
    #expect(result.paths == ["alias/a.yaml", "b.yaml", "sub/a.yaml"])
    #expect(
      result.skipped.map { "\($0.path) \($0.reason)" } == [
        "alias/loop loop", "broken brokenLink", "out outsideRoot", "sub/loop loop",
      ])
  }

  @Test("a walk says when a limit cut it off", arguments: [(2, []), (1, ["a/b: tooDeep"])])
  func depth(limit: Int, skipped: [String]) throws {
    let files = SimulatedFiles(["/r/a/b/c.yaml": ""])
    let result = try DirectoryWalk(files, limits: .init(depth: limit)).find([GlobPattern("**")], under: "/r")
    #expect(result.skipped.map { "\($0.path): \($0.reason)" } == skipped)
  }

  @Test("alternatives of a pattern are counted as they multiply")
  func alternatives() {
    let eight = "{a,b,c,d,e,f,g,h}"
    #expect(throws: Never.self) { try GlobPattern(eight + eight) }
    #expect(throws: (any Error).self) { try GlobPattern("{" + eight + eight + ",i}") }
  }

  @Test("a pattern's length is limited, so that braces without end are no way to crash")
  func length() {
    #expect(throws: Never.self) { try GlobPattern(String(repeating: "a", count: GlobPattern.lengthLimit)) }
    #expect(throws: GlobError.tooLong) { try GlobPattern(String(repeating: "a", count: GlobPattern.lengthLimit + 1)) }
    #expect(throws: GlobError.tooLong) { try GlobPattern(String(repeating: "{a}", count: 100_000)) }
    #expect(throws: GlobError.tooLong) { try GlobPattern(String(repeating: "{", count: 1_000_000)) }
  }

  @Test("a walk looks at so many entries, and says when there were more")
  func entries() throws {
    let files = SimulatedFiles(["/r/a.yaml": "", "/r/b.yaml": "", "/r/c/d.yaml": ""])
    func skipped(_ limit: Int) throws -> [DirectoryWalk.Skipped.Reason] {
      try DirectoryWalk(files, limits: .init(entries: limit)).find([GlobPattern("**")], under: "/r").skipped.map(
        \.reason)
    }
    #expect(try skipped(4) == [] && skipped(3) == [.tooManyEntries])
  }

  @Test("folders that cannot hold a match are not entered")
  func pruning() throws {
    let files = SimulatedFiles(["/r/manifests/a.yaml": "", "/r/other/b.yaml": ""])
    files.fail(.list, at: "/r/other", code: EACCES)
    let result = try DirectoryWalk(files).find([GlobPattern("manifests/**/*.yaml")], under: "/r")
    #expect(result.paths == ["manifests/a.yaml"])
    #expect(result.skipped.isEmpty)
  }
}
