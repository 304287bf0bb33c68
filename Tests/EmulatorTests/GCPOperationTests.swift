import GCPProvider
import HTTP
import Platform
import ProviderKit
import Resources
import TestSupport
import Testing
import Values

/// A type whose create will fail: the method that makes it, and what it is made of.
struct FailingCreation: Sendable, CustomStringConvertible {
  var kind: String
  var method: String
  var fields: @Sendable (_ network: Value) -> Value
  var description: String { kind }
}

/// Work that Google takes on and that then fails, in each form that its operations have.
@Suite("operations of Google Cloud that fail")
struct GCPOperationTests {
  static let emulator = GCPEmulator(["--max-page-size", "2"])

  /// A global, a regional and a zonal operation of Compute Engine.
  static let compute: [FailingCreation] = [
    FailingCreation(kind: "Firewall", method: #"compute\.firewalls\.insert"#) {
      ["name": "ml", "network": $0, "sourceRanges": ["10.0.0.0/8"], "allowed": [["ipProtocol": "tcp"]]]
    },
    FailingCreation(kind: "Subnetwork", method: #"compute\.subnetworks\.insert"#) {
      ["name": "ml", "region": "us-central1", "network": $0, "ipCidrRange": "10.40.0.0/20"]
    },
    FailingCreation(kind: "Reservation", method: #"compute\.reservations\.insert"#) { _ in
      [
        "name": "ml", "zone": "us-central1-a",
        "specificReservation": ["count": "2", "instanceProperties": ["machineType": "n2-standard-4"]],
      ]
    },
  ]

  /// `google.longrunning`, and the kind of its own that Kubernetes Engine has.
  static let longRunning: [FailingCreation] = [
    FailingCreation(kind: "Repository", method: #"artifactregistry\..*\.repositories\.create"#) { _ in
      ["repositoryId": "ml", "location": "us-central1", "format": "DOCKER"]
    },
    FailingCreation(kind: "FilestoreInstance", method: #"file\..*\.instances\.create"#) {
      [
        "instanceId": "ml", "location": "us-central1-a", "tier": "BASIC_HDD",
        "fileShares": [["name": "ml", "capacityGb": "1024"]], "networks": [["network": $0, "modes": ["MODE_IPV4"]]],
      ]
    },
    FailingCreation(kind: "Cluster", method: #"container\..*\.clusters\.create"#) {
      ["name": "ml", "location": "us-central1", "network": $0, "initialNodeCount": 1]
    },
  ]

  /// Nobody waits for what has failed already: what is waited for in these services takes a minute or two.
  private static let atOnce = Duration.seconds(20)

  @Test(
    "a create whose operation fails tells why at once, left nothing, and is made by the next attempt",
    arguments: compute)
  func creation(_ one: FailingCreation) async throws {
    let halves = try await GCPHalves(on: Self.emulator)
    let fields = one.fields(try await halves.network().fields["selfLink"] ?? .null)
    try await halves.project.fault(
      one.method,
      ["opError": ["code": "QUOTA_EXCEEDED", "message": "Quota 'ALL' exceeded.  Limit: 5.0", "httpStatus": 403]])
    let start = SystemTime().elapsed
    let error = await #expect(throws: ProviderError.self) { try await halves.make(one.kind, fields, token: "one") }
    #expect(error?.reason == .quota(code: "QUOTA_EXCEEDED"))
    #expect(error?.leftNothing == true)
    #expect(error?.message == "QUOTA_EXCEEDED: Quota 'ALL' exceeded.  Limit: 5.0")
    // The request's id is good for one attempt: Google answers with the failed operation again.
    let again = await #expect(throws: ProviderError.self) { try await halves.make(one.kind, fields, token: "one") }
    #expect(again?.reason == .quota(code: "QUOTA_EXCEEDED"))
    #expect(again?.leftNothing == true)
    _ = try await halves.make(one.kind, fields, token: "two")
    #expect(SystemTime().elapsed - start < Self.atOnce)
    let asked = try await halves.project.records(one.method)
    #expect(asked.map { $0["replayed"]?.bool ?? false } == [false, true, false])
    #expect(Set(asked.compactMap { $0["query"]?["requestId"]?.string }).count == 2)
    #expect(try await halves.project.wrong() == [])
  }

  @Test("the same holds of operations that are not Compute Engine's", arguments: longRunning)
  func others(_ one: FailingCreation) async throws {
    let halves = try await GCPHalves(on: Self.emulator)
    let fields = one.fields(try await halves.network().fields["selfLink"] ?? .null)
    try await halves.project.fault(
      one.method, ["opError": ["message": "Out of room in us-central1.", "httpStatus": 429]])
    let start = SystemTime().elapsed
    let error = await #expect(throws: ProviderError.self) { try await halves.make(one.kind, fields) }
    #expect(error?.leftNothing == true)
    #expect(error?.message.contains("Out of room in us-central1.") == true)
    #expect(error?.reason == .quota(code: nil))
    _ = try await halves.make(one.kind, fields)
    #expect(SystemTime().elapsed - start < Self.atOnce)
    #expect(try await halves.project.records(one.method).count == 2)
    #expect(try await halves.project.wrong() == [])
  }

  @Test("a change whose operation fails says what stands, and is made by the next attempt")
  func update() async throws {
    let halves = try await GCPHalves(on: Self.emulator)
    let network = try await halves.network()
    try await halves.project.fault(
      #"compute\.networks\.patch"#, ["opError": ["code": "INTERNAL_ERROR", "message": "Try later.", "httpStatus": 500]])
    let error = await #expect(throws: ProviderError.self) {
      try await halves.set("mtu", to: 8896, of: network)
    }
    #expect(error?.message == "INTERNAL_ERROR: Try later.")
    guard case .partial(let left)? = error?.effect else {
      Issue.record("\(String(describing: error?.effect)) does not say what stands")
      return
    }
    #expect(left.fields["mtu"] != 8896)
    #expect(try await halves.set("mtu", to: 8896, of: network).fields["mtu"] == 8896)
    #expect(try await halves.project.wrong() == [])
  }

  @Test("a destruction whose operation fails leaves the object, and is made by the next attempt")
  func deletion() async throws {
    let halves = try await GCPHalves(on: Self.emulator)
    let network = try await halves.network()
    try await halves.project.fault(
      #"compute\.networks\.delete"#,
      ["opError": ["code": "INTERNAL_ERROR", "message": "Try later.", "httpStatus": 500]])
    let error = await #expect(throws: ProviderError.self) { try await halves.delete(network) }
    #expect(error?.message == "INTERNAL_ERROR: Try later.")
    try await halves.expectOne()
    try await halves.delete(network)
    #expect(try await halves.project.standing().isEmpty)
    #expect(try await halves.project.wrong() == [])
  }

  @Test("a run tells of the failed operation with its place, and the next run asks anew")
  func runs() async throws {
    let estate = try await GCPEstate(Self.emulator, files: GCPFiles.network)
    let insert = #"compute\.networks\.insert"#
    try await estate.project.fault(
      insert, ["opError": ["code": "QUOTA_EXCEEDED", "message": "Quota 'NETWORKS' exceeded.", "httpStatus": 403]])
    let first = try await estate.plumb("apply --auto-approve")
    #expect(first.code == 8)
    #expect(first.text.contains("QUOTA_EXCEEDED: Quota 'NETWORKS' exceeded."), "\(first.text)\n\(first.errorText)")
    try await estate.expect("apply --auto-approve", says: "Resources: 2 added")
    let asked = try await estate.project.records(insert).compactMap { $0["query"]?["requestId"]?.string }
    #expect(asked.count == 2)
    #expect(Set(asked).count == 2)
    try await estate.expectNothingToDo()
    #expect(try await estate.disagreements() == [])
    #expect(try await estate.project.wrong() == [])
  }
}

extension ProviderError {
  /// Whether the service is as it was.
  var leftNothing: Bool { if case .none = effect { true } else { false } }
}
