import AWSClient
import HTTP
import Inventory
import Platform
import ProviderKit
import Resources
import S3Inventory
import Testing
import Values

@Suite("An inventory in a bucket of S3")
struct S3InventoryTests {
  /// A bucket of its own in an account of its own.
  struct Bucket {
    let account: MotoAccount
    let name: String
    var settings = S3StoreSettings(poll: .milliseconds(10))

    init() async throws {
      account = try await MotoAccount()
      name = "inventory-\(account.id)"
      let location = XMLWriter.write(
        ["LocationConstraint": "us-west-2"], root: "CreateBucketConfiguration",
        namespace: "http://s3.amazonaws.com/doc/2006-03-01/")
      let parts = RESTParts(.put, bucket: name, body: location)
      try await client.send(AWSCall(.s3, "CreateBucket", .once, rest: parts))
    }

    var client: AWSClient {
      let machine = ClientMachine(
        transport: account.moto.transport, environment: account.environment, files: LocalFiles(), time: SystemTime(),
        random: SystemRandom())
      let keys = AWSCredentials(accessKeyID: "AKIATEST\(account.id)", secretAccessKey: "secret")
      return AWSClient(
        machine, region: "us-west-2", endpoints: AWSEndpoints(environment: account.environment),
        credentials: StaticCredentials(keys))
    }

    func store() -> S3Store {
      S3Store(
        bucket: name, prefix: "infra", scope: ScopeID(estate: "est-1", environment: "prod"), owner: account.id,
        client: client,
        settings: settings)
    }

    func put(_ name: String) -> Batch { Batch(changes: [.put(StoreBattery.record(name))]) }

    func refusal(_ body: () async throws -> Void) async -> StoreError.Reason? {
      do {
        try await body()
        return nil
      } catch {
        return (error as? StoreError)?.reason
      }
    }
  }

  private let ana = StoreBattery.holder("ana", run: "r1")
  private let bob = StoreBattery.holder("bob", run: "r2")

  @Test("it passes the battery, and asks nothing that S3 would refuse for its form", arguments: StoreBattery.checks)
  func battery(_ check: StoreBattery.Check) async throws {
    var bucket = try await Bucket()
    bucket.settings.segmentsPerSnapshot = 4
    bucket.settings.entriesPerArchive = 4
    bucket.settings.retention = .zero
    bucket.settings.encryption = .aes256
    let opened = bucket
    try await check.run { opened.store() }
    try await opened.store().verify()
    #expect(try await bucket.account.invalid() == [])
  }

  @Test("after a run of any length a load is three requests")
  func requests() async throws {
    var bucket = try await Bucket()
    bucket.settings.segmentsPerSnapshot = 8
    let store = bucket.store()
    let lease = try await store.lock(ana, timeout: .zero)
    for number in 0..<20 { try await store.commit(bucket.put("n\(number)"), lease) }
    try await store.unlock(lease)
    let mark = try await bucket.account.mark()
    #expect(try await bucket.store().load().records.count == 20)
    #expect(try await bucket.account.actions(since: mark) == ["s3.GetObject", "s3.ListObjectsV2", "s3.GetObject"])
  }

  @Test("a lease of a second that nobody renews is taken over, and who held it writes nothing more")
  func takeover() async throws {
    var bucket = try await Bucket()
    bucket.settings.lease = .seconds(1)
    let first = bucket.store(), second = bucket.store()
    let lease = try await first.lock(ana, timeout: .zero)
    try await first.commit(bucket.put("a"), lease)
    let next = try await second.lock(bob, timeout: .seconds(10))
    #expect(next.fence > lease.fence)
    let late = bucket.put("late")
    #expect(await bucket.refusal { try await first.commit(late, lease) } == .fenced)
    #expect(await bucket.refusal { try await first.renew(lease) } == .fenced)
    try await second.commit(bucket.put("b"), next)
    try await second.unlock(next)
    #expect(try await bucket.store().load().records.map(\.address.text) == ["aws.Vpc/a", "aws.Vpc/b"])
  }

  @Test("a segment whose answer was lost is put once and read back", arguments: ["drop_after", "error_after"])
  func lostAnswer(_ fault: String) async throws {
    let bucket = try await Bucket()
    let store = bucket.store()
    let lease = try await store.lock(ana, timeout: .zero)
    try await bucket.account.fault("s3.PutObject", fault)
    let mark = try await bucket.account.mark()
    try await store.commit(bucket.put("a"), lease)
    let actions = try await bucket.account.actions(since: mark)
    #expect(actions.last == "s3.GetObject")
    try await store.commit(bucket.put("b"), lease)
    let snapshot = try await bucket.store().load()
    #expect(snapshot.serial == 2 && snapshot.records.count == 2)
  }

  @Test("a bucket that is not there is an error, never an empty estate")
  func noBucket() async throws {
    let bucket = try await Bucket()
    let other = S3Store(bucket: "no-\(bucket.name)", scope: ScopeID(estate: "est-1"), client: bucket.client)
    #expect(await bucket.refusal { _ = try await other.load() } == .unreadable)
  }
}
