/// Where a piece of text stands: file, line and column, both counted from 1; columns count code points.
package struct SourcePosition: Hashable, Sendable, Comparable {
  /// The file as the user would name it, relative to the estate's root where it lies below it.
  package var file: String
  package var line: Int
  package var column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.file, left.line, left.column) < (right.file, right.line, right.column)
  }
}

extension SourcePosition: CustomStringConvertible {
  package var description: String { "\(file):\(line):\(column)" }
}
