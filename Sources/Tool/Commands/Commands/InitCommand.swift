import Diagnostics
import Manifests
import Platform
import Reports
import Values
import YAML

extension DiagnosticCode {
  static let badName = DiagnosticCode(6070)
}

extension Command {
  static let initialize = Command(
    "init", "Make the current folder an estate.",
    discussion:
      "Writes `plumb.yaml` with a fresh id, or the id into a `plumb.yaml` that has none, "
      + "and keeps `.plumb/` out of git.",
    examples: [
      ("plumb init acme-platform", "a new estate with this name"),
      ("plumb init --chdir infra", "in another folder, named after it"),
    ],
    positionals: [Positional("NAME", isOptional: true, "the estate's name; the folder's name if not given")]
  ) { invocation in
    do throws(FileError) {
      return try EstateFolder(invocation: invocation).initialize()
    } catch {
      return invocation.fail(.error(.commandFile, error.description))
    }
  }
}

/// The files that `init` writes.
struct EstateFolder {
  let invocation: Invocation
  private var files: any FileSystem { invocation.host.files }

  init(invocation: Invocation) { self.invocation = invocation }

  func initialize() throws(FileError) -> ExitCode {
    guard files.exists(Estate.fileName) else { return try create() }
    let bytes = try files.read(Estate.fileName)
    let (documents, problems) = YAMLReader.parse(bytes, file: Estate.fileName)
    guard !problems.hasErrors else { return invocation.fail(problems) }
    guard let metadata = documents.first(where: { $0["kind"]?.string == "Estate" })?["metadata"],
      let name = metadata.entries.first(where: { $0.key == "name" }), let place = name.keyOrigin
    else {
      return invocation.fail(
        .error(
          .badName, "`\(Estate.fileName)` has no Estate with a name",
          hint: "move it away and run `plumb init` again"))
    }
    if let id = metadata["id"]?.string {
      return done("This is an estate already: `\(name.value.spelling)`, id \(id).", id: id)
    }
    let id = freshID()
    try files.write(Self.inserting(id, into: bytes, at: place), to: Estate.fileName)
    try ignoreState()
    return done("Wrote the id \(id) into `\(Estate.fileName)`.", id: id)
  }

  /// `id` as a line of its own in block style, else before the name in `{name: x}`.
  static func inserting(_ id: String, into bytes: [UInt8], at place: SourcePosition) -> [UInt8] {
    let table = LineTable(bytes)
    guard let offset = table.offset(line: place.line, column: place.column),
      let line = table.range(ofLine: place.line)
    else { return bytes }
    let before = bytes[line.lowerBound..<offset]
    let isBlock = before.allSatisfy { $0 == 0x20 }
    let text = isBlock ? "id: \(id)\n" + String(repeating: " ", count: before.count) : "id: \(id), "
    return Array(bytes[..<offset]) + Array(text.utf8) + Array(bytes[offset...])
  }

  private func create() throws(FileError) -> ExitCode {
    let folder = invocation.workingFolder
    let name = invocation.arguments.positionals.first ?? Self.name(of: folder)
    guard Self.isName(name) else {
      return invocation.fail(
        .error(
          .badName, "`\(name)` is no name for an estate", hint: "letters, digits, `-` and `_`, a letter first"
        ), .usage)
    }
    let id = freshID()
    try files.write(Array(Self.template(name, id).utf8), to: Estate.fileName)
    try files.makeDirectory("manifests")
    try ignoreState()
    return done(
      "Made the estate `\(name)`, id \(id).\nNext: describe a target in `\(Estate.fileName)`, "
        + "write resources below `manifests/`, "
        + "and try them with `plumb plan --sandbox`.", id: id)
  }

  private func done(_ words: String, id: String) -> ExitCode {
    invocation.reporter.say(words)
    invocation.reporter.event(EventLine("estate", words, [("id", .string(id))]))
    return .ok
  }

  private func freshID() -> String { "est-" + invocation.host.random.base32ID(length: 10) }

  private static func name(of folder: String) -> String {
    let last = folder.split(separator: "/").last.map(String.init) ?? "estate"
    let safe = String(last.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" })
    return isName(safe) ? safe : "estate"
  }

  private static func isName(_ name: String) -> Bool {
    guard let first = name.first, first.isASCII, first.isLetter, name.utf8.count <= 63 else { return false }
    return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
  }

  /// State and keys belong to a machine, not to the repository.
  private func ignoreState() throws(FileError) {
    let path = ".gitignore"
    let text = files.exists(path) ? String(decoding: try files.read(path), as: UTF8.self) : ""
    let isIgnored = text.split(separator: "\n").contains {
      [".plumb", ".plumb/", "/.plumb", "/.plumb/"].contains($0)
    }
    guard !isIgnored else { return }
    let gap = text.isEmpty || text.hasSuffix("\n") ? "" : "\n"
    try files.append(Array("\(gap).plumb/\n".utf8), to: path)
  }

  static func template(_ name: String, _ id: String) -> String {
    """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata:
      name: \(name)
      id: \(id) # names the owner on every object; never change it
    spec:
      include: ["manifests/**/*.yaml"]
      # defaults: {targets: {aws: main}, tags: {owner: me}}

    # ---
    # apiVersion: plumb.dev/v1
    # kind: Target
    # metadata: {name: main}
    # spec:
    #   aws: {accountId: "123456789012", region: us-west-2}

    """
  }
}
