import Glibc
import Platform
import TestSupport
import Testing
import Values

/// The built program is ended by SIGKILL in the middle of its work, with 30 ms on every request, so that many calls are
/// under way. `PLUMB_CRASH_POINTS` sets how many runs are ended, `PLUMB_CRASH_SEED` which points they meet.
@Suite("killed on a live endpoint")
struct AWSCrashTests {
  private static let latency = 30

  /// What the run is doing that is ended.
  enum Work: String, Sendable, CaseIterable {
    /// Thirty resources where nothing stands.
    case creation
    /// A network, all that stands in it, and a tag of everything else.
    case replacement
    case destruction

    /// The requests that change something in a whole run, at least: later points would meet nothing.
    var writeCount: Int {
      switch self {
      case .creation: 68
      case .replacement: 30
      case .destruction: 13
      }
    }

    /// What stands once the work is done.
    var objectCount: Int {
      switch self {
      case .creation: 30
      case .replacement: 13
      case .destruction: 0
      }
    }

    var command: String {
      self == .destruction ? "destroy --auto-approve --allow-stateful *" : "apply --auto-approve"
    }

    /// An estate that has all of the work before it.
    func prepared() async throws -> LiveEstate {
      let estate = try await LiveEstate(
        self == .creation ? "quickstart" : "aws-network", standIn: LiveEstate.quick)
      guard self != .creation else { return estate }
      try await estate.expect("apply --auto-approve", says: "13 added")
      if self == .replacement {
        try estate.edit("manifests/network.yaml", "10.30.0.0/17", "10.30.0.0/16")
        try estate.edit("plumb.yaml", "owner: platform", "owner: lab")
      }
      return estate
    }
  }

  /// Where a run ends: at which of its writing requests, before or after its effect, and how long into it.
  struct Point: Sendable, CustomStringConvertible {
    var work: Work
    var write: Int
    var isAfter: Bool
    var delay: Int
    var description: String { "\(work), \(isAfter ? "after" : "before") write \(write), \(delay) ms late" }
  }

  private static func setting(_ name: String, _ usual: Int) -> Int {
    Environment.current()[name].flatMap { Int($0) } ?? usual
  }

  /// Two thirds of them end a creation.
  static func points(seed: UInt64, count: Int) -> [Point] {
    var random = SeededGenerator(seed: seed)
    let works: [Work] = [.creation, .creation, .replacement, .creation, .creation, .destruction]
    return (0..<count).map { index in
      let work = works[index % works.count]
      return Point(
        work: work, write: Int.random(in: 1...work.writeCount, using: &random), isAfter: Bool.random(using: &random),
        delay: Int.random(in: 0...40, using: &random))
    }
  }

  @Test("one more run after SIGKILL anywhere: everything once, nothing unrecorded, nothing to do")
  func killed() async throws {
    let seed = UInt64(Self.setting("PLUMB_CRASH_SEED", 2_026))
    let points = Self.points(seed: seed, count: Self.setting("PLUMB_CRASH_POINTS", 60))
    var estates: [LiveEstate] = []
    var problems: [String] = []
    for start in stride(from: 0, to: points.count, by: 4) {
      try await withThrowingTaskGroup(of: (LiveEstate, [String]).self) { group in
        for point in points[start..<min(start + 4, points.count)] {
          group.addTask { try await Self.crash(at: point) }
        }
        for try await (estate, found) in group {
          estates.append(estate)
          problems += found
        }
      }
    }
    let tally = try await Tally(estates)
    print(
      "killed on a live endpoint, seed \(seed): \(points.count) kills, \(tally.objects) objects, \(tally.duplicates) "
        + "duplicates, \(tally.unrecorded) unrecorded, \(tally.missing) missing, \(problems.count) failed second runs")
    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
    #expect(tally.problems.isEmpty, "\(tally.problems.joined(separator: "\n"))")
    #expect(tally.objects == points.map(\.work.objectCount).reduce(0, +))
  }

  @Test("the count sees what stands twice, what nobody recorded and what is gone")
  func tally() {
    func subnet(_ id: String, _ name: String?) -> MotoAccount.Standing {
      MotoAccount.Standing(kind: "Subnet", id: id, address: name.map { "aws.Subnet/\($0)" })
    }
    var tally = Tally()
    tally.count(
      [subnet("s-1", "a"), subnet("s-2", "a"), subnet("s-3", nil)],
      ["aws.Subnet/a": "s-1", "aws.Subnet/b": "s-4"], in: "here")
    #expect([tally.objects, tally.duplicates, tally.unrecorded, tally.missing] == [3, 1, 2, 1])
    #expect(tally.problems.count == 4)
  }

  /// One run that is killed, one more, and a plan; what is wrong, in words.
  private static func crash(at point: Point) async throws -> (LiveEstate, [String]) {
    let estate = try await point.work.prepared()
    try await estate.account.fault("latency", for: ".*", ["ms": .int(latency), "count": 1_000_000])
    let first = try await estate.plumb(point.work.command) { process in
      try await estate.account.fault(
        point.isAfter ? "kill_after" : "kill_before", for: MotoAccount.writing,
        ["pid": .int(Int(process)), "skip": .int(point.write - 1), "ms": .int(point.delay)])
    }
    func problem(_ text: String) -> (LiveEstate, [String]) { (estate, ["\(estate.account.id), \(point): \(text)"]) }
    guard first.code == 128 + SIGKILL else {
      return problem("the first run ended with \(first.code)\n\(first.errorText)")
    }
    let second = try await estate.plumb(point.work.command)
    guard second.code == 0 else {
      return problem("the second run failed\n\(second.errorText)\(second.text.suffix(1_000))")
    }
    let plan = try await estate.plumb("plan --detailed-exitcode\(point.work == .destruction ? " --destroy" : "")")
    guard plan.code == 0, plan.text.contains("No changes.") else {
      return problem("there is still a plan\n\(plan.text)")
    }
    let invalid = try await estate.account.invalid()
    return invalid.isEmpty ? (estate, []) : problem("\(invalid)")
  }

  /// Compares what stands with what the inventories hold.
  struct Tally {
    var objects = 0
    var duplicates = 0
    var unrecorded = 0
    var missing = 0
    var problems: [String] = []

    init(_ estates: [LiveEstate]) async throws {
      let standing = try await MotoAccount.standing(estates.map(\.account))
      for estate in estates {
        let found = standing[estate.account.id] ?? []
        count(found, try await estate.recorded(), in: estate.account.id)
      }
    }

    init() {}

    mutating func count(_ found: [MotoAccount.Standing], _ recorded: [String: String], in account: String) {
      objects += found.count
      for one in found where one.address.map({ recorded[$0] }) != one.id {
        unrecorded += 1
        problems.append("\(account): \(one) is not recorded")
      }
      for (address, group) in Dictionary(grouping: found, by: { $0.address ?? $0.id }) where group.count > 1 {
        duplicates += group.count - 1
        problems.append("\(account): \(address) stands \(group.count) times: \(group)")
      }
      for (address, id) in recorded where !found.contains(where: { $0.id == id }) {
        missing += 1
        problems.append("\(account): \(address) (\(id)) is recorded and does not stand")
      }
    }
  }
}
