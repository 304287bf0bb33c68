import Diagnostics
import TestSupport
import Testing

@Suite struct LineTableTests {
  @Test("offsets become lines and columns in code points, and back")
  func places() {
    let text = MarkedText("1️⃣é2️⃣x\n\r\n😀3️⃣\r4️⃣last")
    let table = LineTable(Array(text.text.utf8))
    let expected = [1: (1, 1), 2: (1, 2), 3: (3, 2), 4: (4, 1)]
    for (marker, place) in expected {
      let offset = text.marker(marker).offset
      #expect(table.place(of: offset) == place, "marker \(marker)")
      #expect(table.offset(line: place.0, column: place.1) == offset, "marker \(marker)")
    }
    #expect(table.lineCount == 4)
    #expect((1...4).map { table.text(ofLine: $0) } == ["éx", "", "😀", "last"])
  }

  @Test("places outside the text are clamped or absent")
  func outside() {
    let table = LineTable(Array("ab\n".utf8))
    #expect(table.place(of: 99) == (2, 1))
    #expect(table.offset(line: 1, column: 50) == 2)
    #expect(table.offset(line: 3, column: 1) == nil)
    #expect(table.text(ofLine: 0) == nil)
  }
}
