import GCPClient
import HTTP
import ProviderKit
import TestSupport
import Testing
import Values

/// What a binding that owns a whole list says before it takes a role from somebody.
@Suite("role bindings over people who have the role already")
struct GCPRoleBindingTests {
  private static let emulator = GCPEmulator()

  private static let binding = """
    apiVersion: plumb.dev/v1
    kind: RoleBinding
    metadata: {name: viewers, target: main}
    spec:
      scope: {organization: true}
      role: collaborator
      authority: Scope
      subjects: [{user: ana@acme.test}, {user: bo@acme.test}]

    """

  @Test("the plan names every live member that would lose the role, and an empty list is refused unless it is meant")
  func revoked() async throws {
    let estate = try await GCPEstate(
      Self.emulator, files: ["plumb.yaml": GCPFiles.settings, "manifests/a.yaml": Self.binding])
    try await grant(estate.project, ["user:ana@acme.test", "user:carol@acme.test", "group:old@acme.test"])
    // Nobody's list is taken over unasked.
    try await estate.expect("plan", code: 1, says: "PLB2004")
    try estate.edit("manifests/a.yaml", "target: main}", "target: main, adopt: {naturalKey: true}}")
    try await expectRevoked(["group:old@acme.test", "user:carol@acme.test"], by: estate, "will be adopted")
    try await estate.expect("apply --auto-approve", says: "Apply complete!")
    #expect(try await members(estate.project) == ["user:ana@acme.test", "user:bo@acme.test"])

    try await grant(estate.project, ["user:ana@acme.test", "user:bo@acme.test", "user:dora@acme.test"])
    try await expectRevoked(["user:dora@acme.test"], by: estate, "was changed outside of Plumb")
    try estate.edit("manifests/a.yaml", "subjects: [{user: ana@acme.test}, {user: bo@acme.test}]", "subjects: []")
    try await estate.expect("plan", code: 1, says: "an empty list takes the role from everybody")
    try estate.edit("manifests/a.yaml", "subjects: []", "subjects: []\n  allowEmpty: true")
    try await estate.expect(
      "plan", says: #"- members: ["user:ana@acme.test", "user:bo@acme.test", "user:dora@acme.test"]"#)
    try await estate.expect("apply --auto-approve", says: "Apply complete!")
    #expect(try await members(estate.project) == [])
    try await estate.expectNothingToDo()
    #expect(try await estate.project.wrong() == [])
  }

  private func expectRevoked(
    _ members: [String], by estate: GCPEstate, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let plan = try await estate.plumb("plan")
    #expect(plan.code == 0 && plan.text.contains(text), "\(plan.text)", sourceLocation: sourceLocation)
    let lost = plan.text.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { $0.hasPrefix("- \"") }
    #expect(
      lost.map(String.init).sorted() == members.map { "- \"\($0)\"" }, "\(plan.text)", sourceLocation: sourceLocation)
  }

  private func grant(_ project: GCPProject, _ members: [String]) async throws {
    let policy = try await read(project)
    let others = (policy["bindings"] ?? .null).elements.filter { $0["role"] != "roles/viewer" }
    let binding: Value = ["role": "roles/viewer", "members": .list(members.map { .string($0) })]
    var entries = policy.entries.filter { $0.key != "bindings" }.map { ($0.key, $0.value) }
    entries.append(("bindings", .list(others + [binding])))
    try await project.client.send(
      GCPCall(
        .resourceManager, "projects.setIamPolicy", .once, .post, "projects/\(project.id):setIamPolicy",
        body: ["policy": .map(entries)]))
  }

  private func read(_ project: GCPProject) async throws -> Value {
    try await project.client.send(
      GCPCall(
        .resourceManager, "projects.getIamPolicy", .read, .post, "projects/\(project.id):getIamPolicy",
        body: ["options": ["requestedPolicyVersion": 3]])
    ).value
  }

  private func members(_ project: GCPProject) async throws -> [String] {
    let bindings = try await read(project)["bindings"] ?? .null
    return (bindings.elements.first { $0["role"] == "roles/viewer" }?["members"] ?? .null).texts.sorted()
  }
}
