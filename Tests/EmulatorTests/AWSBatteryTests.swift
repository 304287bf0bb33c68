import AWSProvider
import ProviderKit
import Resources
import Testing
import Values

@Suite("AWS types on the wire")
struct AWSBatteryTests {
  @Test(
    "a created object reads back as written, and a second create goes on with the first", arguments: AWSTypeCase.all)
  func creates(_ one: AWSTypeCase) async throws {
    let bench = try await AWSBench()
    let fields = try await one.fields(bench)
    let made = try await bench.make(one.kind, "it", fields, token: "a-token")
    #expect(try bench.differences(fields, made) == [])
    let hasMarker = try bench.type(one.kind).marker != .none
    #expect(made.marker == (hasMarker ? bench.marker(one.kind, "it") : nil))
    #expect(made.isReady)
    #expect(!(made.fields["tags"]?.keys ?? []).contains { $0.hasPrefix("plumb.dev/") })

    let read = try await bench.reader.read(made.type, [made.remote, RemoteID("\(made.remote)-missing")])
    #expect(read.map(\.remote) == [made.remote])
    #expect(try bench.differences(fields, try #require(read.first)) == [])

    let again = try await bench.make(one.kind, "it", fields, token: "a-token")
    #expect(again.remote == made.remote)
    #expect(try bench.differences(fields, again) == [])
    #expect(try await bench.account.invalid() == [])
  }

  @Test("every change arrives, and nothing else changes", arguments: AWSTypeCase.all)
  func updates(_ one: AWSTypeCase) async throws {
    let bench = try await AWSBench()
    var fields = try await one.fields(bench)
    var observed = try await bench.make(one.kind, "it", fields)
    for change in try await one.changes(bench, fields) {
      for (name, value) in change {
        fields = .map(
          fields.entries.filter { $0.key != name }.map { ($0.key, $0.value) } + (value.map { [(name, $0)] } ?? []))
      }
      observed = try await bench.update(observed, fields, change.map(\.0))
      let after = try bench.differences(fields, observed)
      #expect(after == [], "after \(change.map(\.0))")
      #expect(observed.marker == (try bench.type(one.kind).marker == .none ? nil : bench.marker(one.kind, "it")))
      let repeated = try await bench.update(observed, fields, change.map(\.0))
      let twice = try bench.differences(fields, repeated)
      #expect(twice == [], "after \(change.map(\.0)) twice")
    }
    #expect(try await bench.account.invalid() == [])
  }

  @Test("a deleted object is gone, and deleting it again is no error", arguments: AWSTypeCase.all)
  func deletes(_ one: AWSTypeCase) async throws {
    let bench = try await AWSBench()
    let made = try await bench.make(one.kind, "it", try await one.fields(bench))
    if try bench.type(one.kind).lifespan == .permanent {
      let mark = try await bench.account.mark()
      try await bench.delete(made)
      #expect(try await bench.account.actions(since: mark) == [])
      return
    }
    try await bench.delete(made)
    #expect(try await bench.reader.read(made.type, [made.remote]).isEmpty)
    #expect(try await bench.list(one.kind).items.contains { $0.remote == made.remote } == false)
    try await bench.delete(made)
    #expect(try await bench.account.invalid() == [])
  }

  @Test("an object is found by its marker and its natural key, and by nothing else", arguments: AWSTypeCase.all)
  func finds(_ one: AWSTypeCase) async throws {
    let bench = try await AWSBench()
    let fields = try await one.fields(bench)
    let made = try await bench.make(one.kind, "it", fields)
    let other = Value.map(fields.entries.map { ($0.key, $0.value.string.map { .string("\($0)x") } ?? $0.value) })
    let evidence: [Evidence] = [
      .marker(bench.marker(one.kind, "it")), .marker(bench.marker(one.kind, "it", 2)),
      .marker(bench.marker(one.kind, "another")), .naturalKey(fields), .naturalKey(other), .token(OperationToken("t")),
    ]
    let found = try await bench.reader.find(made.type, evidence).map { $0.map(\.remote) }
    // Nobody holds the name of what is asked for rather than made.
    let hasKey = try !bench.type(one.kind).identity.naturalKey.isEmpty && bench.type(one.kind).lifespan == .own
    let hasMarker = try bench.type(one.kind).marker != .none
    #expect(found == [hasMarker ? [made.remote] : [], [], [], hasKey ? [made.remote] : [], [], []])
    #expect(try await bench.account.invalid() == [])
  }
}
