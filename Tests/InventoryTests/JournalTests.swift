import Cryptography
import Inventory
import Platform
import Resources
import TestSupport
import Testing
import Values

@Suite struct JournalTests {
  private let failure = Failure(effect: .partial, reason: "quota", message: "5 of 5 \"used\"\n")

  private var events: [JournalEntry.Event] {
    [
      .began(PlanID("p1"), command: "plumb apply"), .intent(StoreBattery.intent("o1", "a", step: 3)),
      .intent(StoreBattery.intent("o2", "b", previous: Address("aws.Vpc/c"))), .succeeded(OperationID("o1")),
      .failed(OperationID("o2"), failure), .resolved(OperationID("o3"), .done(RemoteID("vpc-1"))),
      .resolved(OperationID("o4"), .done(nil)), .resolved(OperationID("o5"), .absent),
      .resolved(OperationID("o6"), .dismissed(reason: "gone by hand")), .lockBroken(reason: "stuck", by: "bob"),
      .waived(rule: "world-ssh", addresses: [Address("aws.SecurityGroup/web")], reason: "incident", by: "ana"),
      .ended(.interrupted),
    ]
  }

  @Test("every entry reads back as it was written")
  func roundTrip() throws {
    for (index, event) in events.enumerated() {
      let entry = JournalEntry(
        sequence: UInt64(index + 1), run: RunID("r1"), fence: Fence(7),
        time: Instant(nanoseconds: 1_767_225_600_123_456_789),
        event: event)
      #expect(try JournalCodec.decode(JournalCodec.encode(entry)) == entry)
    }
  }

  @Test("an entry cut short anywhere is damage")
  func cut() {
    let entry = JournalEntry(
      sequence: 2, run: RunID("r1"), fence: Fence(1), time: .epoch, event: .intent(StoreBattery.intent("o1", "a")))
    let bytes = JournalCodec.encode(entry)
    for end in bytes.indices {
      #expect { try JournalCodec.decode(Array(bytes[..<end])) } throws: { ($0 as? StoreError)?.reason == .corrupt }
    }
  }

  @Test("an entry or event of a later version is told from damage")
  func laterVersion() {
    for text in [
      #"{"version":2,"sequence":1}"#,
      #"{"version":1,"sequence":1,"run":"r","fence":1,"time":0,"event":"rewound"}"#,
    ] {
      #expect { try JournalCodec.decode(Array(text.utf8)) } throws: { ($0 as? StoreError)?.reason == .newerVersion }
    }
  }

  private func fold(_ script: [(fence: UInt64, run: String, event: JournalEntry.Event)]) throws(JournalFold.Problem)
    -> JournalFold
  {
    var fold = JournalFold()
    for (index, item) in script.enumerated() {
      try fold.apply(
        JournalEntry(
          sequence: UInt64(index + 1), run: RunID(item.run), fence: Fence(item.fence), time: .epoch, event: item.event))
    }
    return fold
  }

  private static let began = JournalEntry.Event.began(PlanID("p1"), command: "apply")
  private static let intent = JournalEntry.Event.intent(StoreBattery.intent("o1", "a"))
  private static let succeeded = JournalEntry.Event.succeeded(OperationID("o1"))

  @Test(
    "an illegal journal is refused",
    arguments: [
      ("an intent before a run", [(1, "r1", intent)]),
      ("an outcome without an intent", [(1, "r1", began), (1, "r1", succeeded)]),
      ("two outcomes", [(1, "r1", began), (1, "r1", intent), (1, "r1", succeeded), (1, "r1", succeeded)]),
      ("a run inside a run", [(1, "r1", began), (1, "r2", began)]),
      ("an older fence", [(2, "r1", began), (1, "r1", intent)]),
      ("an intent of another run", [(1, "r1", began), (1, "r2", intent)]),
      ("an intent after the end", [(1, "r1", began), (1, "r1", .ended(.partial)), (1, "r1", intent)]),
      (
        "an outcome of an earlier run's intent",
        [(1, "r1", began), (1, "r1", intent), (2, "r2", began), (2, "r2", succeeded)]
      ),
      ("a plan begun after it was completed", [(1, "r1", began), (1, "r1", .ended(.complete)), (2, "r2", began)]),
      ("an end without a run", [(1, "r1", .ended(.complete))]),
    ] as [(String, [(UInt64, String, JournalEntry.Event)])])
  func illegal(_ name: String, _ script: [(UInt64, String, JournalEntry.Event)]) {
    #expect(throws: JournalFold.Problem.self, "\(name)") {
      try fold(script.map { (fence: $0.0, run: $0.1, event: $0.2) })
    }
  }

  @Test("a sequence with a gap or a repetition is refused", arguments: [1, 3])
  func gap(_ sequence: UInt64) throws {
    var fold = JournalFold()
    try fold.apply(JournalEntry(sequence: 1, run: RunID("r"), fence: Fence(1), time: .epoch, event: Self.began))
    #expect(throws: JournalFold.Problem.self) {
      try fold.apply(
        JournalEntry(sequence: sequence, run: RunID("r"), fence: Fence(1), time: .epoch, event: Self.intent))
    }
  }

  @Test("a killed run leaves its intents open for the next, and the fold starts at its beginning")
  func killedRun() throws {
    let killed = try fold([
      (1, "r1", Self.began), (1, "r1", .ended(.partial)), (2, "r2", Self.began), (2, "r2", Self.intent),
      (3, "r3", Self.began),
    ])
    #expect(killed.openIntents.map(\.id) == [OperationID("o1")])
    #expect(killed.foldStart == 3)
    let mended = try fold([
      (1, "r1", Self.began), (1, "r1", Self.intent), (2, "r2", .resolved(OperationID("o1"), .absent)),
      (2, "r2", Self.began),
      (2, "r2", .ended(.complete)),
    ])
    #expect(mended.openIntents.isEmpty && mended.foldStart == 6)
  }
}

@Suite struct SensitiveHashTests {
  private let key = HashKey(Array("0123456789abcdef".utf8))

  @Test("sensitive parts are kept as hashes, and nothing of them is readable")
  func sealed() throws {
    let value: Value = ["user": "admin", "password": Value.string("s3cret-canary").markedSensitive, "list": [1, 2]]
    let sealed = SensitiveHash.sealed(value, key: key)
    #expect(sealed["user"] == "admin" && sealed["list"] == [1, 2])
    #expect(sealed["password"].flatMap(SensitiveHash.recordedHash)?.count == 64)
    let record = StoreBattery.record("a", owned: sealed)
    #expect(!String(decoding: RecordCodec.encode(record), as: UTF8.self).contains("canary"))
    let careless = StoreBattery.record("a", owned: value)
    #expect(!String(decoding: RecordCodec.encode(careless), as: UTF8.self).contains("canary"))
  }

  @Test("a wanted secret compares with its recorded hash")
  func compare() throws {
    let secret = Value.string("s3cret").markedSensitive
    let recorded = SensitiveHash.sealed(secret, key: key)
    #expect(SensitiveHash.compare(secret, recorded: recorded, key: key) == .equal)
    #expect(SensitiveHash.compare("other", recorded: recorded, key: key) == .different)
    #expect(SensitiveHash.compare(secret, recorded: recorded, key: nil) == .notCompared)
    #expect(SensitiveHash.compare(secret, recorded: "s3cret", key: key) == .notCompared)
    let other = HashKey(Array("fedcba9876543210".utf8))
    #expect(SensitiveHash.compare(secret, recorded: recorded, key: other) == .different)
  }

  @Test("the key is made once, for its owner alone, and the environment's comes first")
  func keyFile() throws {
    let folder = TemporaryDirectory()
    let file = HashKeyFile(folder: folder.file(".plumb"), files: LocalFiles(), environment: Environment())
    #expect(try file.find() == nil)
    let secret = Value.string("s3cret").markedSensitive
    let made = SensitiveHash.hash(secret, key: try file.findOrMake(SeededRandom(seed: 1)))
    let found = SensitiveHash.hash(secret, key: try file.findOrMake(SeededRandom(seed: 2)))
    #expect(made == found)
    #expect(try LocalFiles().status(folder.file(".plumb/key"))?.mode == 0o600)
    let environment = Environment([HashKeyFile.variable: "0123456789abcdef"])
    let given = HashKeyFile(folder: folder.file(".plumb"), files: LocalFiles(), environment: environment)
    #expect(SensitiveHash.hash(secret, key: try #require(try given.find())) != made)
    let short = HashKeyFile(
      folder: folder.file(".plumb"), files: LocalFiles(), environment: Environment([HashKeyFile.variable: "short"]))
    #expect(throws: StoreError.self) { try short.find() }
  }
}
