import GCPClient
import GCPProvider
import HTTP
import Platform
import ProviderKit
import Resources
import Testing
import Values

/// Faults of Google Cloud, over a provider on the wire.
@Suite("faults of Google Cloud")
struct GCPFaultTests {
  static let emulator = GCPEmulator(["--max-page-size", "2"])

  private static let insert = #"compute\.networks\.insert"#

  @Test(
    "a create goes through what passes by itself, and stands once",
    arguments: [
      ["status": 429, "retryAfter": 1], ["status": 503], ["status": 500], ["status": 503, "applied": true],
      ["drop": "before", "times": 2], ["drop": "mid"], ["drop": "after", "times": 2], ["delay": 0.3],
      ["status": 403, "reason": "rateLimitExceeded"],
    ] as [Value])
  func passing(_ fault: Value) async throws {
    let bench = try await GCPHalves(on: Self.emulator)
    try await bench.project.fault(
      Self.insert, Dictionary(uniqueKeysWithValues: fault.entries.map { ($0.key, $0.value) }))
    _ = try await bench.network()
    try await bench.expectOne()
    let asked = try await bench.project.records(Self.insert)
    let tokens = Set(asked.compactMap { $0["query"]?["requestId"]?.string })
    #expect(tokens.count == 1)
    if fault["delay"] == nil { #expect(asked.count >= 2) }
  }

  @Test("a throttled call waits as long as it is asked to")
  func retryAfter() async throws {
    let bench = try await GCPHalves(on: Self.emulator)
    try await bench.project.fault(Self.insert, ["status": 429, "retryAfter": 1])
    let start = SystemTime().elapsed
    _ = try await bench.network()
    #expect(SystemTime().elapsed - start >= .seconds(1))
  }

  @Test("a denied call names the permission and is not repeated")
  func denied() async throws {
    let bench = try await GCPHalves(on: Self.emulator)
    try await bench.project.fault(
      Self.insert,
      ["status": 403, "message": "Required 'compute.networks.create' permission for 'projects/x'", "times": 5])
    let error = await #expect(throws: ProviderError.self) { try await bench.network() }
    #expect(error?.reason == .denied(permission: "compute.networks.create"))
    #expect(try await bench.project.records(Self.insert).count == 1)
  }

  @Test("the same token again makes nothing new")
  func token() async throws {
    let bench = try await GCPHalves(on: Self.emulator)
    let token = SystemRandom().hexID()
    let first = try await bench.network(token: token)
    let second = try await bench.network(token: token)
    #expect(first.remote == second.remote)
    try await bench.expectOne()
  }

  @Test("a grant that meets somebody else's change is written on top of it", arguments: [409, 412])
  func stale(_ status: Int) async throws {
    let bench = try await GCPHalves(on: Self.emulator)
    let other: Value = ["role": "roles/browser", "member": "user:other@acme.test"]
    _ = try await bench.make("ProjectIamMember", other)
    try await bench.project.fault(
      #"cloudresourcemanager\.projects\.setIamPolicy"#,
      ["status": .int(status), "statusName": "ABORTED", "reason": "conditionNotMet"])
    _ = try await bench.make("ProjectIamMember", ["role": "roles/viewer", "member": "user:ana@acme.test"])
    let read = try await bench.project.client.send(
      GCPCall(
        .resourceManager, "projects.getIamPolicy", .read, .post, "projects/\(bench.project.id):getIamPolicy"))
    let members = (read.value["bindings"]?.elements ?? Value.null.elements).map {
      "\($0["role"]?.string ?? "") \($0["members"]?[0]?.string ?? "")"
    }
    #expect(members.sorted() == ["roles/browser user:other@acme.test", "roles/viewer user:ana@acme.test"])
    #expect(try await bench.project.wrong() == [])
  }

  @Test("pages of two objects are read to the end")
  func pages() async throws {
    let bench = try await GCPHalves(on: Self.emulator)
    for name in ["a", "b", "c", "d", "e"] {
      _ = try await bench.make("Address", ["name": .string(name), "region": "us-central1"])
    }
    var names: [String] = []
    var page: PageToken?
    repeat {
      let found = try await bench.reader.list(TypeName("gcp/Address"), .all, after: page)
      names += found.items.compactMap { $0.fields["name"]?.string }
      page = found.next
    } while page != nil
    #expect(names.sorted() == ["a", "b", "c", "d", "e"])
  }
}
