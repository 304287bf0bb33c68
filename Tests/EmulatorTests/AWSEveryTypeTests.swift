import AWSProvider
import Engine
import HTTP
import Inventory
import Planning
import ProviderKit
import Resources
import Testing
import Values

/// What must hold of every type alike, tried on the fields of its case.
@Suite("every type of AWS under faults, and taken over")
struct AWSEveryTypeTests {
  @Test("reads that are throttled are asked again, and the object is made", arguments: AWSTypeCase.all)
  func throttled(_ one: AWSTypeCase) async throws {
    let bench = try await AWSBench()
    let fields = try await one.fields(bench)
    try await bench.account.fault("[a-z0-9]+[.](Describe|Get|List|Head).*", "throttle", [("count", 2)])
    let made = try await bench.make(one.kind, "it", fields)
    #expect(try bench.differences(fields, made) == [])
  }

  @Test(
    "a create whose answer is lost leaves one object, and the next create goes on with it", arguments: AWSTypeCase.all)
  func lostCreate(_ one: AWSTypeCase) async throws {
    let bench = try await AWSBench()
    let fields = try await one.fields(bench)
    let before = try await bench.list(one.kind).items.count
    try await bench.account.fault(MotoAccount.writing, "drop_after")
    let made = try await again(after: { $0.isUnknown || $0.partial != nil }) {
      try await bench.make(one.kind, "it", fields)
    }
    #expect(try bench.differences(fields, made) == [])
    let items = try await bench.list(one.kind).items
    #expect(items.count == before + 1)
    #expect(items.contains { $0.remote == made.remote })
  }

  @Test(
    "a create that is refused at any of its writes tells what stands, and is gone on with", arguments: AWSTypeCase.all)
  func stoppedCreate(_ one: AWSTypeCase) async throws {
    let whole = try await AWSBench()
    let wholeFields = try await one.fields(whole)
    let mark = try await whole.account.mark()
    try await whole.make(one.kind, "it", wholeFields)
    let writes = try await whole.account.writes(since: mark)
    for index in writes.indices {
      let bench = try await AWSBench()
      let fields = try await one.fields(bench)
      let before = try await bench.list(one.kind).items.count
      try await bench.account.fault(
        MotoAccount.writing, "error", [("status", 403), ("code", "AccessDenied"), ("skip", .int(index))])
      let error = await #expect(throws: ProviderError.self, "\(writes[index])") {
        try await bench.make(one.kind, "it", fields)
      }
      #expect(error?.reason == .denied(permission: writes[index].replacing(".", with: ":")))
      #expect(index == 0 ? error?.isWithoutEffect == true : error?.isWithoutEffect == false, "\(writes[index])")
      let made = try await bench.make(one.kind, "it", fields)
      #expect(try bench.differences(fields, made) == [], "\(writes[index])")
      #expect(try await bench.list(one.kind).items.count == before + 1, "\(writes[index])")
    }
  }

  @Test("a change and a delete whose answers are lost arrive", arguments: AWSTypeCase.all)
  func lostChanges(_ one: AWSTypeCase) async throws {
    let bench = try await AWSBench()
    var fields = try await one.fields(bench)
    var observed = try await bench.make(one.kind, "it", fields)
    for change in try await one.changes(bench, fields) {
      let names = change.map(\.0)
      fields = .map(
        fields.entries.filter { !names.contains($0.key) }.map { ($0.key, $0.value) }
          + change.compactMap { name, value in value.map { (name, $0) } })
      try await bench.account.fault(MotoAccount.writing, "drop_after")
      let (now, wanted) = (observed, fields)
      observed = try await again(after: { $0.isUnknown || $0.partial != nil }) {
        try await bench.update(now, wanted, names)
      }
      #expect(try bench.differences(fields, observed) == [], "after \(names)")
      _ = try await bench.account.moto.control(.delete, "/__faults?account=\(bench.account.id)")
    }
    guard try bench.type(one.kind).lifespan != .permanent else { return }
    try await bench.account.fault(MotoAccount.writing, "drop_after")
    try await bench.delete(observed)
    #expect(try await bench.reader.read(observed.type, [observed.remote]).isEmpty)
  }

  @Test(
    "an object that stands is taken over without a write; then plan and drift are empty", arguments: AWSTypeCase.all)
  func takenOver(_ one: AWSTypeCase) async throws {
    let bench = try await AWSBench()
    let fields = try await one.fields(bench)
    let made = try await bench.make(one.kind, "it", fields)
    let type = try bench.type(one.kind)
    let mark = try await bench.account.mark()
    // What carries a marker is known by it.
    let id = type.marker == .none && type.lifespan == .own ? made.remote : nil
    let estate = MotoEstate(bench.account, Self.manifest(one.kind, fields, bench.account.id, adopting: id))
    try await estate.apply()
    #expect(try await bench.account.writes(since: mark) == [])
    #expect(try await estate.store.load().records.map(\.remote) == [made.remote])
    #expect(try await estate.plan() == [])
    let drift = try await estate.drift()
    #expect(drift.isComplete)
    #expect(drift.drifted.flatMap(\.fields).map(\.path.description) == [])
    #expect(drift.additions.map(\.path.description) == [])
    #expect(drift.pending.map(\.address.text) == [])
  }

  /// Runs the work, and once more where it fails as expected.
  private func again(
    after isExpected: (ProviderError.Effect) -> Bool, _ work: () async throws -> Observed
  ) async throws -> Observed {
    do { return try await work() } catch let error as ProviderError {
      #expect(error.reason == .transient && isExpected(error.effect), "\(error.message)")
      return try await work()
    }
  }

  /// One resource with these fields, in the scope and at the address of the bench.
  private static func manifest(
    _ kind: String, _ fields: Value, _ account: String, adopting id: RemoteID?
  ) -> [String: String] {
    let metadata = id.map { "{name: it, adopt: {id: \"\($0)\"}}" } ?? "{name: it}"
    return [
      "plumb.yaml": """
      apiVersion: plumb.dev/v1
      kind: Estate
      metadata: {name: every, id: est-\(account)}
      spec: {include: ["*.yaml"], defaults: {targets: {aws: main}}}
      ---
      apiVersion: plumb.dev/v1
      kind: Target
      metadata: {name: main}
      spec: {aws: {accountId: "\(account)", region: us-west-2}}

      """,
      "all.yaml":
        "apiVersion: aws.plumb.dev/v1\nkind: \(kind)\nmetadata: \(metadata)\nspec: \(JSONWriter().text(fields))\n",
    ]
  }
}
