import TestSupport
import Testing

@Suite("Test support")
struct TestSupportTests {
  @Test("markers give positions in the text without them")
  func markedText() {
    let marked = MarkedText("a: 1️⃣b\nü2️⃣: c3️⃣")
    #expect(marked.text == "a: b\nü: c")
    #expect(marked.markers == [1, 2, 3])
    #expect(marked.marker(1) == MarkedText.Place(line: 1, column: 4, offset: 3))
    #expect(marked.marker(2) == MarkedText.Place(line: 2, column: 2, offset: 7))
    #expect(marked.marker(3) == MarkedText.Place(line: 2, column: 5, offset: 10))
  }

  @Test("a snapshot fails when it is new or differs, and passes when it is the same")
  func snapshots() {
    let folder = TemporaryDirectory()
    let file = folder.file("SomeTests.swift")
    withKnownIssue("recorded") { expectSnapshot("one", named: "x", filePath: file) }
    expectSnapshot("one", named: "x", filePath: file)
    withKnownIssue("differs") { expectSnapshot("two", named: "x", filePath: file) }
    #expect(TextFile.read(folder.file("Snapshots/SomeTests/x.txt")) == "one")
  }
}
