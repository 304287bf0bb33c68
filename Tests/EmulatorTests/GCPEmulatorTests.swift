import GCPClient
import HTTP
import Platform
import ProviderKit
import TestSupport
import Testing
import Values

@Suite("the stand-in for Google Cloud")
struct GCPEmulatorTests {
  static let emulator = GCPEmulator()

  @Test("its own checks pass, with clients that are not ours")
  func selfTest() async throws {
    var environment = Environment.current()
    environment["GCLOUD"] = "0"
    let result = try await ProcessGate.run(
      [Moto.python, "-W", "ignore", Moto.packageFolder + "/Tests/Emulators/test_gcp_emulator.py"],
      environment: environment)
    #expect(result.code == 0, "\(result.errorText)")
  }

  @Test("a project sees its own requests, faults and resources alone")
  func projects() async throws {
    let (one, two) = (try await Self.emulator.project(), try await Self.emulator.project())
    try await one.fault("compute.networks.insert", ["status": 429, "retryAfter": 0])
    for project in [one, two] {
      try await project.client.send(
        GCPCall(
          .compute, "networks.insert", .repeatable, .post, "projects/\(project.id)/global/networks",
          query: [("requestId", "11111111-1111-4111-8111-111111111111")],
          body: ["name": "n", "autoCreateSubnetworks": false]))
    }
    #expect(try await one.counts() == ["compute.networks.insert": 2])
    #expect(try await two.counts() == ["compute.networks.insert": 1])
    #expect(try await one.standing().keys.sorted() == ["compute/projects/\(one.id)/global/networks/n"])
    #expect(try await one.wrong() == [])
  }

  @Test("what no method answers, and what Google's schemas do not know, is told")
  func strict() async throws {
    let project = try await Self.emulator.project()
    let path = "projects/\(project.id)/global/networks"
    let error = await #expect(throws: ProviderError.self) {
      try await project.client.send(
        GCPCall(.compute, "networks.insert", .once, .post, path, body: ["name": "n", "colour": "red"]))
    }
    #expect(error?.reason == .invalid(field: "colour") || error?.message.contains("colour") == true)
    #expect(try await project.wrong() == [])
    await #expect(throws: ProviderError.self) { try await project.client.send(.get(.compute, "x", "\(path)/a/b")) }
    #expect(try await project.wrong().count == 1)
  }
}
