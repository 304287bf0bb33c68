import Testing
import Values

@Suite struct SensitiveValueTests {
  @Test("what takes the place of a sensitive unknown is sensitive, and so are the containers around it")
  func substitution() throws {
    let secret = Value.map([("list", .list([.unknown(Slot(index: 0)), "plain"]))]).markedSensitive
    let value = Value.map([("open", .unknown(Slot(index: 0))), ("secret", secret)])
    let filled = value.substituting { _ in ["deep": "hunter2"] }
    let path = try #require(ValuePath("list[0].deep"))
    #expect(filled["open"]?.isSensitive == false && filled["open"]?["deep"]?.isSensitive == false)
    #expect(filled["secret"]?.isSensitive == true && filled["secret"]?["list"]?.isSensitive == true)
    #expect(filled["secret"]?[path]?.isSensitive == true)
    #expect(JSONWriter().text(filled["secret"] ?? .null) == "\"(sensitive)\"")
  }
}
