import Platform
import Testing

@Suite("Time")
struct TimeTests {
  @Test(
    "RFC 3339 is read with offsets and fractions, and written in UTC",
    arguments: [
      ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
      ("2024-02-29T23:59:59.25+05:30", "2024-02-29T18:29:59.250Z"),
      ("1969-12-31T23:59:59.000000001Z", "1969-12-31T23:59:59.000000001Z"),
      ("2000-03-01t00:00:00-00:30", "2000-03-01T00:30:00Z"),
      ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
    ])
  func rfc3339(text: String, expected: String) {
    #expect(Instant(rfc3339: text)?.description == expected)
  }

  @Test(
    "what is not RFC 3339 is refused",
    arguments: [
      "2023-02-29T00:00:00Z", "2024-01-01", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00",
      "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00Zx",
    ])
  func refused(text: String) {
    #expect(Instant(rfc3339: text) == nil)
  }

  @Test("every day of 584 years survives the way to a calendar date and back")
  func calendar() {
    for day in Int64(-106_000)...106_000 {
      let instant = Instant(seconds: day * 86_400)
      let civil = CivilTime(instant)
      guard civil.instant == instant, civil.weekday == Int((day % 7 + 11) % 7) else {
        Issue.record("day \(day) became \(civil)")
        return
      }
    }
  }

  @Test("the basic form is the one of AWS signatures")
  func basic() {
    let instant = Instant(rfc3339: "2015-08-30T12:36:00Z")
    #expect(instant?.basicISO8601 == "20150830T123600Z")
    #expect(instant?.basicDate == "20150830")
  }

  @Test("a simulated sleep ends when the clock reaches its deadline, not before")
  func simulatedSleep() async throws {
    let time = SimulatedTime()
    let start = time.now
    let task = Task { try await time.sleep(for: .seconds(10)) }
    await time.waitForSleepers(1)
    time.advance(by: .seconds(9))
    #expect(time.sleeperCount == 1)
    time.advance(by: .seconds(1))
    try await task.value
    #expect(time.now - start == .seconds(10))
  }

  @Test("cancelling ends a simulated sleep with an error")
  func cancelledSleep() async {
    let time = SimulatedTime()
    let task = Task { try await time.sleep(for: .seconds(10)) }
    await time.waitForSleepers(1)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(time.sleeperCount == 0)
  }
}
