import Platform
import ProviderKit
import Resources
import SandboxProvider
import Synchronization
import TestSupport
import Testing
import Values

@Suite("sandbox: faults")
struct FaultTests {
  private let network: Value = ["cidrBlock": "10.0.0.0/16", "dnsSupport": false]

  private func cloud(_ fault: FaultPlan.Fault, limit: Int = 1) -> PretendCloud {
    var plan = FaultPlan()
    var rule = FaultPlan.Rule(fault)
    rule.limit = limit
    rule.retryAfter = .seconds(3)
    plan.rules = [rule]
    return PretendCloud(faults: plan)
  }

  @Test(
    "faults before the effect leave nothing and say so",
    arguments: [
      (FaultPlan.Fault.throttle, ProviderError.Reason.throttled(retryAfter: .seconds(3))),
      (.errorBefore, .transient),
      (.denied, .denied(permission: "pretend/Network:create")),
    ])
  func before(_ fault: FaultPlan.Fault, _ reason: ProviderError.Reason) async throws {
    let cloud = cloud(fault)
    let error = await failure { () async throws(ProviderError) in
      try await cloud.create(PretendCatalog.network, "a", network)
    }
    #expect(error?.reason == reason)
    #expect(error?.effect.isNone == true)
    #expect(try await cloud.list(PretendCatalog.network).isEmpty)
    #expect(cloud.log.effects.isEmpty)
    try await cloud.create(PretendCatalog.network, "a", network)
  }

  @Test(
    "faults after the effect have done it and do not know",
    arguments: [FaultPlan.Fault.errorAfter, .lostResponse])
  func after(_ fault: FaultPlan.Fault) async throws {
    let cloud = cloud(fault)
    let error = await failure { () async throws(ProviderError) in
      try await cloud.create(PretendCatalog.network, "a", network)
    }
    #expect(error?.effect.isUnknown == true)
    #expect(try await cloud.list(PretendCatalog.network).count == 1)
    #expect(cloud.log.effects.map(\.operation) == [.create])
  }

  @Test("a partial create says what exists")
  func partialCreate() async throws {
    let cloud = cloud(.partial)
    let error = await failure { () async throws(ProviderError) in
      try await cloud.create(PretendCatalog.network, "a", network)
    }
    let listed = try await cloud.list(PretendCatalog.network)
    #expect(error?.effect.partial?.remote == listed.first?.remote)
    #expect(listed.map { $0.fields["dnsSupport"] } == [true])
  }

  @Test("a partial update has done its first half, a partial delete nothing")
  func partialChange() async throws {
    let cloud = PretendCloud(
      faults: try FaultPlan(json: #"{"rules": [{"fault": "partial", "operations": ["update", "delete"]}]}"#))
    let made = try await cloud.create(PretendCatalog.network, "a", network)
    let error = await failure { () async throws(ProviderError) in
      try await cloud.update(made, [change("tags.a", to: "1"), change("dnsSupport", to: true)])
    }
    #expect(error?.effect.partial?.fields["tags"] == ["a": "1"])
    #expect(try await cloud.read(made)?.fields["dnsSupport"] == false)
    _ = await failure { () async throws(ProviderError) in try await cloud.delete(made) }
    #expect(try await cloud.read(made) != nil)
  }

  @Test("a fresh object is missing from lists for the window, and is read by its id")
  func stale() async throws {
    var plan = FaultPlan()
    plan.staleLists = .seconds(30)
    let cloud = PretendCloud(faults: plan)
    let made = try await cloud.create(PretendCatalog.network, "a", network)
    let reader = try await cloud.reader()
    #expect(try await cloud.list(PretendCatalog.network).isEmpty)
    #expect(try await reader.find(PretendCatalog.network, [.marker(cloud.marker("a"))])[0].isEmpty)
    #expect(try await cloud.read(made) != nil)
    cloud.time.advance(by: .seconds(30))
    #expect(try await cloud.list(PretendCatalog.network).count == 1)
    #expect(try await reader.find(PretendCatalog.network, [.marker(cloud.marker("a"))])[0].count == 1)
    #expect(cloud.provider.catalog[PretendCatalog.network]?.identity.consistencyWindow == .seconds(30))
  }

  @Test("create waits on the clock until the object is ready, and others see it as not ready before")
  func readiness() async throws {
    var plan = FaultPlan()
    plan.readiness = .seconds(90)
    let time = SimulatedTime()
    let sandbox = Sandbox(.memory, time: time, random: SeededRandom(seed: 1), faults: plan)
    let provider = sandbox.provider(standingFor: "pretend", catalog: PretendCatalog.catalog)
    let target = PretendCloud.target("main", account: "1")
    let writer = try await provider.writer(target, fence: Fence(1))
    let desired = Desired(
      address: Address("a"), type: PretendCatalog.network, target: target.name, fields: network)
    let marker = Marker(scope: ScopeID(estate: "e"), address: Address("a"))
    async let made = writer.create(desired, marker, OperationToken("t"), .ignore)
    await time.waitForSleepers(1)
    let listed = try await provider.reader(target).list(PretendCatalog.network, .all, after: nil)
    #expect(listed.items.map(\.isReady) == [false])
    time.advance(by: .seconds(90))
    #expect(try await made.isReady)
  }

  @Test(
    "the process dies at the call it is told to, before or after the effect",
    arguments: [
      (FaultPlan.CrashPoint.Side.before, 1), (.after, 2),
    ])
  func crash(_ side: FaultPlan.CrashPoint.Side, _ survivors: Int) async throws {
    let folder = TemporaryDirectory()
    let deaths = Deaths()
    var plan = FaultPlan()
    plan.crash = FaultPlan.CrashPoint(.write, 2, side)
    let cloud = PretendCloud(.directory(folder.file("c")), faults: plan) { deaths.count.withLock { $0 += 1 } }
    try await cloud.create(PretendCatalog.network, "a", network)
    _ = try await cloud.list(PretendCatalog.network)
    for _ in 0..<2 {
      let error = await failure { () async throws(ProviderError) in
        try await cloud.create(PretendCatalog.network, "b", network)
      }
      #expect(error?.effect.isUnknown == true)
    }
    #expect(deaths.count.withLock { $0 } == 1)
    let after = PretendCloud(.directory(folder.file("c")))
    #expect(try await after.list(PretendCatalog.network).count == survivors)
  }

  private final class Deaths: Sendable {
    let count = Mutex(0)
  }

  @Test("the same seed gives the same faults, another seed others")
  func seeded() async throws {
    var outcomes: [[Bool]] = []
    for seed in [3, 3, 4] as [UInt64] {
      var plan = try FaultPlan(json: #"{"rules": [{"fault": "throttle", "probability": 0.5}]}"#)
      plan.seed = seed
      let cloud = PretendCloud(faults: plan)
      var outcome: [Bool] = []
      for index in 0..<40 {
        let error = await failure { () async throws(ProviderError) in
          try await cloud.create(PretendCatalog.bucket, "b", ["bucket": .string("b\(index)")])
        }
        outcome.append(error == nil)
      }
      outcomes.append(outcome)
    }
    #expect(outcomes[0] == outcomes[1])
    #expect(outcomes[0] != outcomes[2])
    #expect((8...32).contains(outcomes[0].filter { $0 }.count))
  }

  @Test("calls are counted, and every call is logged with its effect")
  func counts() async throws {
    let folder = TemporaryDirectory()
    let log = CallLog(path: folder.file("calls.jsonl"))
    let sandbox = Sandbox(.memory, time: SimulatedTime(), random: SeededRandom(seed: 1), log: log)
    let provider = sandbox.provider(standingFor: "pretend", catalog: PretendCatalog.catalog)
    let target = PretendCloud.target("main", account: "1")
    let desired = Desired(
      address: Address("pretend.Bucket/a"), type: PretendCatalog.bucket, target: target.name,
      fields: ["bucket": "a"])
    let marker = Marker(scope: ScopeID(estate: "e"), address: desired.address)
    _ = try await provider.writer(target, fence: Fence(1)).create(
      desired, marker, OperationToken("t"), .ignore)
    _ = try await provider.reader(target).list(PretendCatalog.bucket, .all, after: nil)
    #expect(sandbox.counts == CallCounts(calls: 2, writes: 1, operations: [.create: 1, .list: 1]))
    #expect(
      TextFile.read(folder.file("calls.jsonl")) == """
        {"call":1,"operation":"create","type":"pretend/Bucket","effect":true,"address":"pretend.Bucket/a","id":"a"}
        {"call":2,"operation":"list","type":"pretend/Bucket","effect":false}

        """)
  }

  @Test(
    "a fault plan is read from JSON, and a misspelt one is refused",
    arguments: [
      "{", "[]", #"{"latency": 5}"#, #"{"crash": {"side": "after"}}"#,
      #"{"crash": {"call": 1, "side": "middle"}}"#,
      #"{"rules": [{"fault": "earthquake"}]}"#, #"{"rules": [{"fault": "throttle", "when": 1}]}"#,
      #"{"rules": [{"fault": "throttle", "operations": ["explode"]}]}"#, #"{"latencyMilliseconds": -1}"#,
    ])
  func misspelt(_ text: String) {
    #expect(throws: FaultPlanError.self) { try FaultPlan(json: text) }
  }

  @Test("every setting of a fault plan is read")
  func json() throws {
    let plan = try FaultPlan(
      json: """
        {"seed": 7, "latencyMilliseconds": 5, "readinessMilliseconds": 6, "staleListMilliseconds": 2000,
         "crash": {"write": 3, "side": "after"}, "rules": [{"fault": "throttle", "operations": ["create"],
         "types": ["aws/Vpc"], "calls": [3], "probability": 0.25, "limit": 5, "retryAfterMilliseconds": 50}]}
        """)
    var expected = FaultPlan()
    expected.seed = 7
    expected.latency = .milliseconds(5)
    expected.readiness = .milliseconds(6)
    expected.staleLists = .seconds(2)
    expected.crash = FaultPlan.CrashPoint(.write, 3, .after)
    var rule = FaultPlan.Rule(.throttle)
    rule.operations = [.create]
    rule.types = [TypeName("aws/Vpc")]
    rule.calls = [3]
    rule.probability = 0.25
    rule.limit = 5
    rule.retryAfter = .milliseconds(50)
    expected.rules = [rule]
    #expect(plan == expected)
  }
}
