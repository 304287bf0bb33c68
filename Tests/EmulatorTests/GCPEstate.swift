import Platform
import TestSupport
import Testing
import Values

/// A copy of an estate in a folder and a project of its own, worked on by the built program.
struct GCPEstate: BuiltEstate {
  let project: GCPProject
  let folder = TemporaryDirectory()
  let environment: Environment

  /// Files by name, in which `PROJECT` stands for the project.
  init(_ emulator: GCPEmulator, files: [String: String]) async throws {
    project = try await emulator.project()
    var variables = project.environment.variables
    variables["PATH"] = "/usr/bin:/bin"
    variables["PLUMB_STAND_IN"] = LiveEstate.quick
    environment = Environment(variables)
    for (name, text) in files { folder.write(text.replacing("PROJECT", with: project.id), to: name) }
  }

  /// The third of `examples/platform` that lies on Google Cloud, with names of this project's own.
  init(platformOn emulator: GCPEmulator) async throws {
    let from = "\(Moto.packageFolder)/examples/platform"
    var files: [String: String] = [:]
    for name in ["plumb.yaml", "manifests/gcp.yaml"] {
      let text = try #require(TextFile.read("\(from)/\(name)"))
      files[name] = text.replacing("acme-ml-data", with: "PROJECT-data").replacing(
        "project: acme-ml", with: "project: PROJECT")
    }
    try await self.init(emulator, files: files)
  }

  static let everything = "destroy --auto-approve --allow-stateful *"

  /// Expects a plan that finds nothing to do, and reads without a word that writes.
  func expectNothingToDo(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let before = try await project.writes()
    try await expect("plan --detailed-exitcode", says: "No changes.", sourceLocation: sourceLocation)
    #expect(try await project.writes() == before, sourceLocation: sourceLocation)
  }

  /// What stands and is not recorded, what stands more than once, what is recorded and does not stand; in words.
  func disagreements() async throws -> [String] {
    let recorded = try await recorded()
    let standing = try await project.remaining()
    var problems: [String] = []
    for key in standing where !recorded.values.contains(where: { key.hasSuffix("/\($0)") }) {
      problems.append("\(project.id): \(key) is not recorded")
    }
    for (address, id) in recorded where Self.isSeen(id) && !standing.contains(where: { $0.hasSuffix("/\(id)") }) {
      problems.append("\(project.id): \(address) (\(id)) is recorded and does not stand")
    }
    return problems
  }

  /// Grants are parts of policies, enabled services parts of their project, and quota preferences stay for ever.
  private static func isSeen(_ id: String) -> Bool {
    !["/iam/", "/services/", "/quotaPreferences/", "/keyRings/"].contains { id.contains($0) }
  }
}

extension GCPProject {
  /// Requests that change something, as `methodId`, oldest first.
  func writes() async throws -> [String] {
    try await records().filter { $0["httpMethod"]?.string != "GET" }.compactMap { $0["methodId"]?.string }
      .filter { !$0.contains("IamPolicy") || $0.hasSuffix("setIamPolicy") }.filter { !$0.hasSuffix("IamPermissions") }
  }

  /// What stands and could be deleted: key rings cannot, and a deleted role or pool is kept for a while.
  func remaining() async throws -> [String] {
    try await standing().keys.filter { !$0.contains("/keyRings/") && !$0.contains("/quotaPreferences/") }.sorted()
  }
}
