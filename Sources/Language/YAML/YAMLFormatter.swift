import Diagnostics
import Values

/// Canonical layout of a YAML file that a person wrote: comments, order, quotes and flow style stay.
///
/// Line breaks become LF, spaces at line ends go, runs of empty lines shrink to one, the file ends with one
/// line break, and block maps and lists are indented by two spaces. A layout that would change a value or a
/// comment is not taken: then only the spaces are tidied, or nothing is.
package enum YAMLFormatter {
  /// The formatted file, the same bytes where nothing is to change; nil where it is not valid YAML.
  package static func format(_ bytes: [UInt8]) -> [UInt8]? {
    guard let documents = read(bytes) else { return nil }
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    // YAML's reader ends lines at Unicode's own breaks as well, which must stay what they are.
    if text.unicodeScalars.contains(where: { ["\u{85}", "\u{2028}", "\u{2029}"].contains($0) }) { return bytes }
    let source = SourceLines(text)
    let layouts = [LineLayout.indented(source), LineLayout.tidied(source)]
    for case let lines? in layouts {
      let formatted = Array(join(lines).utf8)
      if read(formatted) == documents, sameInk(bytes, formatted) { return formatted }
    }
    return bytes
  }

  private static func read(_ bytes: [UInt8]) -> [Value]? {
    let (documents, diagnostics) = YAMLReader.parse(bytes, file: "")
    return diagnostics.hasErrors ? nil : documents
  }

  private static func join(_ lines: [String]) -> String {
    lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
  }

  /// True where both have the same lines apart from spaces and empty lines: no comment is lost or moved.
  private static func sameInk(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    let lines = [left, right].map { bytes in
      bytes.split { $0 == 0x0A || $0 == 0x0D }.map { $0.filter { $0 != 0x20 && $0 != 0x09 } }.filter {
        !$0.isEmpty
      }
    }
    return lines[0] == lines[1]
  }
}

/// A file as lines, and which of them go on with a value begun above.
struct SourceLines {
  let lines: [String]
  /// For a line inside a value of several lines, the line that the value begins on.
  let owner: [Int: Int]
  /// Lines of literal and folded texts, in which every space counts.
  let verbatim: Set<Int>

  init(_ text: String) {
    let lines = Self.split(text)
    self.lines = lines
    (owner, verbatim) = Self.spans(lines.joined(separator: "\n") + "\n") { [lines] line in
      line < lines.count && lines[line].utf8.allSatisfy { $0 == 0x20 }
    }
  }

  /// The lines as YAML counts them: LF, CR LF and CR alone each end one.
  private static func split(_ text: String) -> [String] {
    var lines = [""]
    var isAfterReturn = false
    for (index, scalar) in text.unicodeScalars.enumerated() where index > 0 || scalar != "\u{FEFF}" {
      if scalar == "\r" || scalar == "\n" && !isAfterReturn {
        lines.append("")
      } else if scalar != "\n" {
        lines[lines.count - 1].unicodeScalars.append(scalar)
      }
      isAfterReturn = scalar == "\r"
    }
    return lines
  }

  /// Empty lines at the end of a value count as outside: only `|+` keeps them, and then the layout is not
  /// taken.
  private static func spans(
    _ text: String, isEmpty: (Int) -> Bool
  ) -> (owner: [Int: Int], verbatim: Set<Int>) {
    var owner: [Int: Int] = [:]
    var verbatim: Set<Int> = []
    let bytes = Array(text.utf8)
    bytes.withUnsafeBufferPointer { all in
      var events = EventStream(all)
      var flows: [Int] = []
      while events.advance(), let extent = events.extent {
        var first: Int?
        switch extent.kind {
        case .flowStart: flows.append(extent.firstLine)
        case .flowEnd: first = flows.popLast()
        case .blockText, .text: first = extent.firstLine
        case .other: break
        }
        // A flow collection inside another one belongs to the outer one's first line.
        guard let first, flows.isEmpty, extent.lastLine > first else { continue }
        var last = extent.lastColumn == 0 ? extent.lastLine - 1 : extent.lastLine
        while last > first, isEmpty(last) { last -= 1 }
        guard last > first else { continue }
        for line in first + 1...last {
          owner[line] = first
          if extent.kind == .blockText { verbatim.insert(line) }
        }
      }
    }
    return (owner, verbatim)
  }
}
