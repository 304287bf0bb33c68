/// What no file of the project says.
enum TextRules {
  /// Put together here so that this file does not hold them.
  static let markers = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
  static let machinePaths = ["/wo" + "rk/", "/ro" + "ot/"]

  static func words(_ file: SourceFile) -> [Violation] {
    let bytes = file.text.bytes
    let left = markers.flatMap { word in
      file.text.occurrences(of: word).map {
        Violation(file, line: file.text.line(of: $0), "`\(word)`: finish it, or write an issue")
      }
    }
    let paths = machinePaths.flatMap { path in
      file.text.occurrences(of: path).filter { $0 == 0 || !ByteText.isWordPart(bytes[$0 - 1]) }.map {
        Violation(file, line: file.text.line(of: $0), "`\(path)` is a path of one machine")
      }
    }
    return left + paths
  }
}
