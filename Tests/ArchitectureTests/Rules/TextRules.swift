/// What no file of the project says.
enum TextRules {
  /// Put together here so that this file does not hold them.
  static let markers = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
  static let machinePaths = ["/wo" + "rk/", "/ro" + "ot/"]

  static func words(_ file: SourceFile) -> [Violation] {
    let bytes = Array(file.text.utf8)
    let left = markers.flatMap { word in
      Word.occurrences(of: word, in: bytes).map {
        Violation(file, line: CallRules.line(of: $0, in: bytes), "`\(word)`: finish it, or write an issue")
      }
    }
    let paths = machinePaths.flatMap { path in
      Word.occurrences(of: path, in: bytes).filter { $0 == 0 || !Word.isPart(bytes[$0 - 1]) }.map {
        Violation(file, line: CallRules.line(of: $0, in: bytes), "`\(path)` is a path of one machine")
      }
    }
    return left + paths
  }
}
