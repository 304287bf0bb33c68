import Diagnostics
import Expressions
import Inventory
import Platform
import ProviderKit
import Resources
import Synchronization
import TestSupport
import Testing
import Values

@testable import Applying

@Suite("waiting until what was made is ready")
struct ReadinessTests {
  private static let id = RemoteID("vpc-1")

  private func rule(
    _ condition: String = "${Net[\"prod/vpc\"].arn == \"arn:1\"}", _ message: String = "it has no name",
    limit: Duration = .seconds(60)
  ) -> ReadinessRule {
    ReadinessRule(
      manifest: Address("Net/prod"), condition: Template(source: condition), message: Template(source: message),
      limit: limit, origin: SourcePosition(file: "net.yaml", line: 4, column: 7))
  }

  private var record: Recorded {
    Recorded(
      address: Address("Net/prod/vpc"), type: ScriptedProvider.vpc, target: StoreBattery.target, remote: Self.id,
      owned: .map([]))
  }

  private func world(_ fields: [(String, Value)] = []) -> ApplyWorld {
    let world = ApplyWorld()
    world.provider.change(Self.id) {
      $0 = Observed(type: ScriptedProvider.vpc, remote: Self.id, fields: .map(fields), marker: nil)
    }
    return world
  }

  private func ask(_ rules: [ReadinessRule], _ world: ApplyWorld, limit: Duration? = nil) async -> [ReadinessFinding] {
    await ReadinessRun(
      rules, [record], EstateNames(variables: .map([]), environment: nil), world.environment, limit: limit
    ).run(ApplyControl())
  }

  @Test("what holds at once is not told of")
  func holds() async {
    let world = world([("arn", "arn:1")])
    #expect(await ask([rule()], world) == [])
    #expect(world.events.all.isEmpty && world.provider.state.withLock { $0.reads } == 1)
  }

  @Test("a rule is looked at until it holds, with a line for the wait and one for its end")
  func becomesReady() async {
    var world = world()
    world.settings.heartbeat = .seconds(10)
    let provider = world.provider
    world.provider.onRead = { reads in
      if reads == 4 {
        provider.change(Self.id) {
          $0 = Observed(type: ScriptedProvider.vpc, remote: Self.id, fields: .map([("arn", "arn:1")]), marker: nil)
        }
      }
    }
    #expect(await ask([rule()], world) == [])
    let told = world.events.all.map { event in
      switch event {
      case .waitingUntilReady(let manifest, _, let message): "waiting \(manifest) \(message)"
      case .becameReady(let manifest, _): "ready \(manifest)"
      default: "other"
      }
    }
    #expect(told == ["waiting Net/prod it has no name", "ready Net/prod"])
  }

  @Test("after its limit a rule is a finding with its message, its line, and how long it was waited for")
  func unmet() async {
    let world = world([("cidrBlock", "10.0.0.0/16")])
    let message = "${Net[\"prod/vpc\"].cidrBlock} has no name"
    let found = await ask([rule(limit: .seconds(30)), rule("${Net[\"prod/vpc\"].id == \"vpc-1\"}")], world)
    #expect(found.map(\.waited) == [.seconds(30)])
    #expect(await ask([rule("${false}", message)], world).map(\.message) == ["10.0.0.0/16 has no name"])
    #expect(found.first?.origin?.line == 4)
  }

  @Test("one look does not wait; what is not recorded, and what no wait can change, say so")
  func oneLook() async {
    let world = world()
    let start = world.time.elapsed
    #expect(await ask([rule()], world, limit: .zero).map(\.message) == ["it has no name"])
    let missing = await ask([rule("${Net[\"prod/gone\"].id != \"\"}")], world, limit: .zero)
    #expect(missing.map(\.message) == ["`Net/prod/gone.id` is not known"])
    #expect(
      await ask([rule("${Net[\"prod/vpc\"].id}")], world).map(\.message) == ["its rule is neither true nor false"])
    #expect(world.time.elapsed == start)
  }

  @Test("an interruption ends the wait with everything that does not hold")
  func interrupted() async {
    let world = world()
    let control = ApplyControl()
    control.interrupt()
    let found = await ReadinessRun(
      [rule()], [record], EstateNames(variables: .map([]), environment: nil), world.environment, limit: nil
    ).run(control)
    #expect(found.map(\.message) == ["the wait was interrupted"])
  }

  @Test("waits grow to a bound and never pass the nearest limit")
  func pauses() {
    var wait = ReadinessWait([rule(limit: .seconds(25))], limit: nil, settings: ApplySettings())
    var elapsed = Duration.zero, pauses: [Duration] = [], events: [ApplyEvent] = []
    while let pause = wait.take([.notYet("no")], at: elapsed, into: &events) {
      pauses.append(pause)
      elapsed += pause
    }
    #expect(pauses == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .milliseconds(9_500)])
    #expect(wait.findings.count == 1 && events.count == 3)
  }
}
