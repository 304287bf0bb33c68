import Glibc
import Testing

/// Compares `text` with `Snapshots/<TestFile>/<name>.txt` beside the test file.
///
/// A missing snapshot is written and fails the test, so that a person reviews it. `PLUMB_RECORD=1` rewrites every
/// snapshot and fails as well. The name defaults to the test function's.
package func expectSnapshot(
  _ text: String, named name: String? = nil, filePath: String = #filePath, function: String = #function,
  fileID: String = #fileID, line: Int = #line, column: Int = #column
) {
  let path = snapshotPath(filePath: filePath, name: name ?? String(function.prefix { $0 != "(" }))
  let location = SourceLocation(fileID: fileID, filePath: filePath, line: line, column: column)
  let recorded = TextFile.read(path)
  let isRecording = getenv("PLUMB_RECORD").map { String(cString: $0) == "1" } ?? false
  guard let recorded, !isRecording else {
    let isWritten = TextFile.write(text, to: path)
    Issue.record("\(isWritten ? "recorded" : "could not write") \(path), run again", sourceLocation: location)
    return
  }
  if recorded != text {
    Issue.record("differs from \(path)\n\(lineDifference(recorded, text))", sourceLocation: location)
  }
}

private func snapshotPath(filePath: String, name: String) -> String {
  let parts = filePath.split(separator: "/", omittingEmptySubsequences: false)
  let folder = parts.dropLast().joined(separator: "/")
  let file = parts.last.map { $0.hasSuffix(".swift") ? $0.dropLast(6) : $0 } ?? ""
  let safe = String(name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" })
  return "\(folder)/Snapshots/\(file)/\(safe).txt"
}

/// The lines that differ between the common first and last lines, with two lines of context above.
func lineDifference(_ old: String, _ new: String) -> String {
  let before = old.split(separator: "\n", omittingEmptySubsequences: false)
  let after = new.split(separator: "\n", omittingEmptySubsequences: false)
  let shorter = min(before.count, after.count)
  let head = (0..<shorter).first { before[$0] != after[$0] } ?? shorter
  let tail =
    (0..<(shorter - head)).first { before[before.count - 1 - $0] != after[after.count - 1 - $0] }
    ?? (shorter - head)
  var lines = before[max(0, head - 2)..<head].map { "  " + $0 }
  lines += before[head..<(before.count - tail)].map { "- " + $0 }
  lines += after[head..<(after.count - tail)].map { "+ " + $0 }
  return "at line \(head + 1)\n" + lines.joined(separator: "\n")
}
