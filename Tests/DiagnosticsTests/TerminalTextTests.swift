import Diagnostics
import Testing

@Suite struct TerminalTextTests {
  @Test("control characters and marks of direction are spelled out; what JSON says stays the same")
  func escapedJSON() {
    let text = "{\"a\":\"é😀\u{7F}\u{9B}31m\u{202E}x\u{2028}\u{FEFF}\\u001b\"}\n"
    let escaped = String(decoding: TerminalText.escapedJSON(Array(text.utf8)), as: UTF8.self)
    #expect(escaped == "{\"a\":\"é😀\\u007f\\u009b31m\\u202ex\\u2028\\ufeff\\u001b\"}\n")
    #expect(TerminalText.escaped("\u{1B}[2J\r\n\u{9B}\u{202E}é") == "\\u{1b}[2J\\r\\n\\u{9b}\\u{202e}é")
  }
}
