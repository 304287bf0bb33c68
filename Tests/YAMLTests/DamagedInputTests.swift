import Diagnostics
import TestSupport
import Testing
import Values
import YAML

@Suite struct DamagedInputTests {
  private static let samples = [
    "a: &x {b: [1, 2.5], c: ~}\nd: *x\n<<: *x\n---\ne: |\n  text\n   more\nf: >-\n  g\n\n  h\n",
    "%YAML 1.2\n---\n? [a, {b: c}]\n: !!str d\n\"é\\u0041\": 'it''s'\n...\n--- &a [*b, yes]\n",
    "- {x: ${y}}\n- - - deep\n- \"q\n  r\"\n\u{FEFF}# c\n- !!int 0x1F\r\n-\tt\n",
  ]
  private static let pieces: [[UInt8]] = [
    [0x0A], [0x20, 0x20], [0x09], [0x3A, 0x20], [0x2D, 0x20], [0x7B], [0x7D], [0x5B], [0x5D], [0x22], [0x27],
    [0x23],
    [0x26, 0x61], [0x2A, 0x61], [0x3C, 0x3C], [0x7C], [0x2D, 0x2D, 0x2D, 0x0A], [0xC3], [0xFF], [0x00],
    [0xE2, 0x80, 0xA8],
  ]

  @Test(
    "damaged files give diagnostics inside the text, valid ones go through every writer",
    arguments: 1...8 as ClosedRange<UInt64>)
  func damaged(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<150 {
      var bytes = Array((Self.samples.randomElement(using: &generator) ?? "").utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) { damage(&bytes, &generator) }
      let (documents, diagnostics) = YAMLReader.parse(bytes, file: "f")
      check(diagnostics, bytes, "seed \(seed)")
      if diagnostics.hasErrors {
        #expect(YAMLFormatter.format(bytes) == nil, "seed \(seed)")
        continue
      }
      for document in documents {
        let text = YAMLEmitter().text(document)
        #expect(
          YAMLReader.parse(Array(text.utf8), file: "f").documents == [document], "seed \(seed)\n\(text)")
      }
      let formatted = try #require(YAMLFormatter.format(bytes))
      #expect(YAMLReader.parse(formatted, file: "f").documents == documents, "seed \(seed)")
    }
  }

  private func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    let place = Int.random(in: 0...bytes.count, using: &generator)
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: bytes.insert(contentsOf: Self.pieces.randomElement(using: &generator) ?? [], at: place)
    case 1: bytes.removeSubrange(place..<min(bytes.count, place + 3))
    default: bytes.removeSubrange(place...)
    }
  }

  private func check(_ diagnostics: [Diagnostic], _ bytes: [UInt8], _ comment: Comment) {
    let lines = LineTable(bytes).lineCount
    for diagnostic in diagnostics {
      let line = diagnostic.position?.line ?? 0
      // Some separators count as line breaks to libyaml alone.
      #expect(line >= 1 && (line <= lines || bytes.contains(0xE2) || bytes.contains(0xC2)), comment)
    }
    let text = DiagnosticRenderer { _ in bytes }.text(diagnostics)
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }, comment)
  }
}
