import Diagnostics
import TestSupport
import Testing

@Suite struct DiagnosticRendererTests {
  private func render(
    _ source: String?, _ diagnostic: Diagnostic, _ colors: DiagnosticRenderer.Colors = .plain,
    width: Int = 110
  ) -> String {
    DiagnosticRenderer(colors, width: width) { _ in source.map { Array($0.utf8) } }.text(diagnostic)
  }

  private func at(_ line: Int, _ column: Int) -> SourcePosition {
    SourcePosition(file: "manifests/network.yaml", line: line, column: column)
  }

  @Test("a line with a secret is named and not shown, by no diagnostic of the report")
  func secretLine() {
    var secret = Diagnostic.warning(DiagnosticCode(1210), "a secret in plain text", at: at(2, 11))
    secret.isSecret = true
    let neighbour = Diagnostic.error(
      DiagnosticCode(1201), "no such field", at: at(2, 1), notes: [DiagnosticNote("see", at: at(2, 3))])
    let other = Diagnostic.error(DiagnosticCode(1201), "no such field", at: at(1, 1))
    let text = DiagnosticRenderer { _ in Array("shown: 1\npassword: hunter2\n".utf8) }.text([neighbour, other, secret])
    #expect(!text.contains("hunter2") && text.contains("shown: 1"))
    #expect(text.contains("--> manifests/network.yaml:2:11\n"))
  }

  @Test("the source line is shown with an underline, notes and hints")
  func complete() {
    let source = String(repeating: "\n", count: 6) + "  cidrBlok: 10.0.0.0/16\n\n\nlast"
    let diagnostic = Diagnostic(
      .error, DiagnosticCode(1203), "unknown field `cidrBlok` in aws/Vpc", at: at(7, 3), length: 8,
      notes: [
        DiagnosticNote("fields are written in camelCase"),
        DiagnosticNote("the kind is declared here", at: at(10, 2)),
      ],
      hints: ["did you mean `cidrBlock`?"])
    #expect(
      render(source, diagnostic) == """
        error[PLB1203]: unknown field `cidrBlok` in aws/Vpc
           --> manifests/network.yaml:7:3
            |
          7 |   cidrBlok: 10.0.0.0/16
            |   ^^^^^^^^
            = note: fields are written in camelCase
            = help: did you mean `cidrBlock`?
        note: the kind is declared here
           --> manifests/network.yaml:10:2
            |
         10 | last
            |  -

        """)
  }

  @Test("a file that cannot be read leaves the place alone")
  func withoutSource() {
    #expect(
      render(nil, .warning(DiagnosticCode(1), "odd", at: at(3, 1))) == """
        warning[PLB1]: odd
          --> manifests/network.yaml:3:1

        """)
    #expect(render(nil, .warning(DiagnosticCode(1), "odd")) == "warning[PLB1]: odd\n")
  }

  @Test(
    "the underline stands right under tabs, wide and combining characters",
    arguments: [
      ("\t\tname: x", 3, 4, "        name: x", "        ^^^^"),
      ("a\tb", 3, 1, "a   b", "    ^"),
      ("名前: 値", 5, 1, "名前: 値", "      ^^"),
      ("e\u{301}: x", 5, 1, "e\u{301}: x", "   ^"),
      ("end", 4, 1, "end", "   ^"),
      ("end", 90, 5, "end", "   ^"),
      ("ab", 1, 99, "ab", "^^"),
    ])
  func alignment(_ source: String, _ column: Int, _ length: Int, _ line: String, _ underline: String) {
    let text = render(source, .error(DiagnosticCode(1), "m", at: at(1, column), length: length))
    #expect(text.hasSuffix(" 1 | \(line)\n   | \(underline)\n"), "\(text)")
  }

  @Test("a long line is cut to a window around the underline")
  func window() {
    let source = String(repeating: "a", count: 200) + "HERE" + String(repeating: "b", count: 200)
    let text = render(source, .error(DiagnosticCode(1), "m", at: at(1, 201), length: 4), width: 45)
    let lines = text.split(separator: "\n")
    #expect(
      lines[3] == " 1 | …" + String(repeating: "a", count: 11) + "HERE" + String(repeating: "b", count: 23)
        + "…")
    #expect(lines[4] == "   | " + String(repeating: " ", count: 12) + "^^^^")
  }

  @Test("control characters of the user's text never reach the terminal")
  func escapes() {
    let source = "a: \u{1B}[31m\u{202E}b"
    let diagnostic = Diagnostic(
      .error, DiagnosticCode(1), "bad `\u{1B}]0;x\u{7}`\nsecond",
      at: SourcePosition(file: "\u{1B}f", line: 1, column: 10),
      notes: [DiagnosticNote("\u{9B}1m")], hints: ["\r"])
    #expect(
      render(source, diagnostic) == #"""
        error[PLB1]: bad `\u{1b}]0;x\u{7}`\nsecond
          --> \u{1b}f:1:10
           |
         1 | a: \u{1b}[31m\u{202e}b
           |                      ^
           = note: \u{9b}1m
           = help: \r

        """#)
  }

  @Test("colour is added only when asked for")
  func colors() {
    let text = render("a", .error(DiagnosticCode(1), "m", at: at(1, 1)), .ansi)
    #expect(text.hasPrefix("\u{1B}[1;31merror[PLB1]\u{1B}[0m\u{1B}[1m: m\u{1B}[0m\n"))
  }

  @Test("the summary counts errors and warnings")
  func summary() {
    let error = Diagnostic.error(DiagnosticCode(1), "e"), warning = Diagnostic.warning(DiagnosticCode(2), "w")
    #expect(DiagnosticRenderer.summary(of: [error, error, warning]) == "2 errors, 1 warning")
    #expect(DiagnosticRenderer.summary(of: [warning]) == "1 warning")
    #expect(DiagnosticRenderer.summary(of: []) == nil)
  }

  @Test("a record holds the fields as JSON output names them")
  func record() {
    let record = DiagnosticRecord(
      .error(
        DiagnosticCode(9), "m", at: at(2, 3), length: 0, notes: [DiagnosticNote("n", at: at(1, 1))], hint: "h"
      ))
    #expect(record.severity == "error")
    #expect(record.code == "PLB9")
    #expect(record.place.map { [$0.line, $0.column] } == [2, 3])
    #expect(record.length == 1)
    #expect(record.notes.first?.place?.file == "manifests/network.yaml")
    #expect(record.hints == ["h"])
  }
}
