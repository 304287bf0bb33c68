import Glibc
import HTTP
import Platform
import ProviderKit
import Resources
import TestSupport
import Testing
import Values

/// The built program is stopped by SIGSTOP past its lease of a second; a second run takes the shared inventory over and
/// finishes; then the first goes on.
@Suite("stopped on a live endpoint")
struct AWSTakeoverTests {
  /// At which request the first run is stopped.
  struct Stop: Sendable, CustomStringConvertible {
    var action: String
    /// Of a write to the bucket: which objects count.
    var key = ".*"
    /// Counted from 1.
    var number = 1
    /// The request has its effect before the run is stopped; else only once it goes on.
    var isAfter = true
    /// How the first run ends when it goes on.
    var code: Int32 = 7
    /// What nobody can prevent: the call had left before.
    var makesTwice = false
    var description: String { "\(isAfter ? "after" : "before") \(action) \(number) of \(key)" }

    /// The log's segments are counted by themselves: the lock's heartbeat writes whenever it is time.
    static func segment(_ number: Int, isAfter: Bool = true, code: Int32 = 7) -> Stop {
      Stop(action: "s3.PutObject", key: ".*/log/.*", number: number, isAfter: isAfter, code: code)
    }
  }

  /// Of one network, one call at a time: the lock's object, the segment that announces it, the run's begin, the intent,
  /// the outcome, the end. Who is stopped while it takes the lock waits its turn.
  static let stops: [Stop] = [
    Stop(action: "s3.PutObject", key: ".*/lock.json", code: 0), .segment(1, code: 0), .segment(2),
    .segment(3, isAfter: false), .segment(3), Stop(action: "ec2.CreateVpc", isAfter: false, makesTwice: true),
    Stop(action: "ec2.CreateVpc"), .segment(4, isAfter: false), .segment(4),
  ]

  private static let settings = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: shared, id: est-shared}
    spec:
      defaults: {targets: {aws: main}}
      inventory: {s3: {bucket: inventory-ACCOUNT, target: main}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {aws: {accountId: "ACCOUNT", region: us-west-2}}

    """

  private static func vpc(_ name: String, _ cidr: String) -> String {
    "apiVersion: aws.plumb.dev/v1\nkind: Vpc\nmetadata: {name: \(name)}\nspec: {cidrBlock: \(cidr)}\n"
  }

  /// An estate whose inventory exists, and whose next apply makes one network.
  private func prepared() async throws -> LiveEstate {
    let estate = try await LiveEstate(files: [
      "plumb.yaml": Self.settings, "manifests/a.yaml": Self.vpc("first", "10.0.0.0/16"),
    ])
    try await estate.account.call(
      "s3.create_bucket",
      [
        "Bucket": .string("inventory-\(estate.account.id)"),
        "CreateBucketConfiguration": ["LocationConstraint": "us-west-2"],
      ])
    try await estate.expect("apply --auto-approve", says: "1 added")
    estate.folder.write(Self.vpc("second", "10.1.0.0/16"), to: "manifests/b.yaml")
    return estate
  }

  @Test("whoever was stopped past its lease writes nothing more, and what it could not help is named")
  func takeovers() async throws {
    for start in stride(from: 0, to: Self.stops.count, by: 3) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for stop in Self.stops[start..<min(start + 3, Self.stops.count)] {
          group.addTask { try await takeOver(stop) }
        }
        try await group.waitForAll()
      }
    }
    let duplicates = Self.stops.count { $0.makesTwice }
    print("stopped on a live endpoint: \(Self.stops.count) takeovers, \(duplicates) duplicate, named")
  }

  private func takeOver(_ stop: Stop) async throws {
    let estate = try await prepared()
    let (processes, told) = AsyncStream<Int32>.makeStream()
    async let first = estate.plumb("apply --auto-approve --parallelism 1", isCounted: false) { process in
      try await estate.account.fault(
        stop.isAfter ? "stop_after" : "stop_before", for: stop.action, key: stop.key,
        ["pid": .int(Int(process)), "skip": .int(stop.number - 1)])
      told.yield(process)
    }
    var iterator = processes.makeAsyncIterator()
    let process = try #require(await iterator.next())
    let isStopped = try await estate.account.moto.control(.get, "/__stopped?account=\(estate.account.id)").bool
    #expect(isStopped == true, "\(stop)")
    let second = try await estate.plumb("apply --auto-approve --lock-timeout 60s")
    _ = try await estate.account.moto.control(.post, "/__release?account=\(estate.account.id)")
    kill(process, SIGCONT)
    let late = try await first
    #expect(second.code == 0, "\(stop): \(second.text)\(second.errorText)")
    #expect(late.code == stop.code, "\(stop): \(late.text)\(late.errorText)")
    let isTold = (late.text + late.errorText).contains("lost")
    #expect(isTold == (stop.code == 7), "\(stop): \(late.text)\(late.errorText)")
    let isRefused = try await estate.account.records().contains { $0["status"]?.int == 412 }
    #expect(isRefused, "\(stop)")
    try await reckon(estate, stop)
  }

  private func reckon(_ estate: LiveEstate, _ stop: Stop) async throws {
    let recorded = try await estate.recorded()
    #expect(recorded.keys.sorted() == ["aws.Vpc/first", "aws.Vpc/second"])
    let standing = try await estate.account.standing().filter { $0.address != nil }
    let twice = standing.filter { $0.id != recorded[$0.address ?? ""] }
    #expect(standing.count - twice.count == 2, "\(stop): \(standing)")
    #expect(twice.map(\.address) == (stop.makesTwice ? ["aws.Vpc/second"] : []), "\(stop): \(twice)")
    let plan = try await estate.plumb("plan --detailed-exitcode")
    #expect(plan.code == 0 && plan.text.contains("No changes."), "\(plan.text)\(plan.errorText)")
    for object in twice { #expect(plan.errorText.contains(object.id), "\(plan.errorText)") }
    #expect(plan.errorText.contains("PLB2202") == stop.makesTwice, "\(stop): \(plan.errorText)")
    #expect(try await estate.account.invalid() == [])
  }
}
