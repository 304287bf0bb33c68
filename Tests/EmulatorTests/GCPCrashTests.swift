import Glibc
import HTTP
import Platform
import TestSupport
import Testing
import Values

/// The built program is ended by SIGKILL around its writing requests, on a stand-in whose operations take a while.
/// `PLUMB_GCP_CRASH_POINTS` sets how many runs are ended, `PLUMB_CRASH_SEED` which points they meet.
@Suite("killed on Google Cloud")
struct GCPCrashTests {
  static let emulator = GCPEmulator()

  /// Where a run ends: at which of its writing requests, before or after its effect.
  struct Point: Sendable, CustomStringConvertible {
    var isDestruction: Bool
    var write: Int
    var isAfter: Bool
    var description: String {
      "\(isDestruction ? "destruction" : "creation"), \(isAfter ? "after" : "before") write \(write)"
    }
  }

  private static let writing =
    #"^.*\.(insert|create|patch|update|delete|add\w+|remove\w+|set\w+|enable|disable|batchEnable|createPolicy)$"#

  private static func setting(_ name: String, _ usual: Int) -> Int {
    Environment.current()[name].flatMap { Int($0) } ?? usual
  }

  /// Three quarters of them end a creation.
  static func points(seed: UInt64, count: Int, writes: (creation: Int, destruction: Int)) -> [Point] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      let isDestruction = index % 4 == 3
      let most = isDestruction ? writes.destruction : writes.creation
      return Point(
        isDestruction: isDestruction, write: Int.random(in: 1...most, using: &random),
        isAfter: Bool.random(using: &random))
    }
  }

  @Test("one more run after SIGKILL anywhere: everything once, nothing unrecorded, nothing to do")
  func killed() async throws {
    let writes = try await Self.writesOfAWholeLife()
    let count = Self.setting("PLUMB_GCP_CRASH_POINTS", 40)
    let points = Self.points(seed: UInt64(Self.setting("PLUMB_CRASH_SEED", 2_026)), count: count, writes: writes)
    var problems: [String] = []
    for start in stride(from: 0, to: points.count, by: 4) {
      try await withThrowingTaskGroup(of: [String].self) { group in
        for point in points[start..<min(start + 4, points.count)] { group.addTask { try await Self.crash(at: point) } }
        for try await found in group { problems += found }
      }
    }
    print("killed on Google Cloud: \(points.count) kills of \(writes) writes, \(problems.count) problems")
    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
  }

  private static func writesOfAWholeLife() async throws -> (creation: Int, destruction: Int) {
    let estate = try await GCPEstate(platformOn: emulator)
    try await estate.expect("apply --auto-approve", says: "Apply complete!")
    let creation = try await estate.project.records(writing).count
    try await estate.expect(GCPEstate.everything, says: "Destroy complete!")
    // How many there are differs by a few from run to run, since some are tried again.
    return (creation * 9 / 10, (try await estate.project.records(writing).count - creation) * 9 / 10)
  }

  /// One run that is killed, one more, and a plan; what is wrong, in words.
  private static func crash(at point: Point) async throws -> [String] {
    let estate = try await GCPEstate(platformOn: emulator)
    if point.isDestruction { try await estate.expect("apply --auto-approve", says: "Apply complete!") }
    let command = point.isDestruction ? GCPEstate.everything : "apply --auto-approve"
    let first = try await estate.plumb(command) { process in
      try await estate.project.fault(
        writing,
        ["kill": .int(Int(process)), "skip": .int(point.write - 1), "applied": .bool(point.isAfter)])
    }
    func problem(_ text: String) -> [String] { ["\(estate.project.id), \(point): \(text)"] }
    guard first.code == 128 + SIGKILL else {
      return problem("the first run ended with \(first.code)\n\(first.errorText.suffix(1_500))")
    }
    let second = try await estate.plumb(command)
    guard second.code == 0 else {
      return problem("the second run failed\n\(second.errorText.suffix(1_500))\(second.text.suffix(1_000))")
    }
    let plan = try await estate.plumb("plan --detailed-exitcode\(point.isDestruction ? " --destroy" : "")")
    guard plan.code == 0, plan.text.contains("No changes.") else {
      return problem("there is still a plan\n\(plan.text.prefix(1_500))")
    }
    let left = point.isDestruction ? try await estate.project.remaining() : try await estate.disagreements()
    let wrong = try await estate.project.wrong()
    return left.isEmpty && wrong.isEmpty ? [] : problem("\(left + wrong)")
  }
}
