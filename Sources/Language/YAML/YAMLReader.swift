import Diagnostics
import Values

/// Bounds on what a YAML stream may make us do.
package struct YAMLLimits: Sendable {
  /// Bytes of one stream.
  package var bytes = 256 << 20
  /// Containers inside containers.
  package var depth = 200
  /// Values of one stream, containers included.
  package var nodes = 20_000_000
  /// Bytes of one scalar.
  package var scalarBytes = 16 << 20
  /// Values that aliases and merge keys of one stream may add.
  package var expandedNodes = 1_000_000
  /// Problems reported before reading stops.
  package var diagnostics = 200

  package init() {}
}

/// Reads YAML streams into positioned values.
///
/// Plain scalars follow the core schema of YAML 1.2. Every value knows its file, line and column, every entry
/// its key's (`Value.Entry.keyOrigin`). Problems are collected: after a syntax error reading goes on at the
/// next `---`, and such a document is left out; one with repeated keys or unknown tags is reported and kept.
package enum YAMLReader {
  /// - Parameter file: the name for positions, as the user would write it.
  package static func parse(
    _ bytes: [UInt8], file: String, limits: YAMLLimits = YAMLLimits()
  ) -> (documents: [Value], diagnostics: [Diagnostic]) {
    var builder = TapeBuilder(textCount: bytes.count)
    let diagnostics = append(bytes, to: &builder, file: file, limits: limits)
    return (builder.finishAll(), diagnostics)
  }

  /// Adds the documents of one stream to a builder, so that many files share a tape; `Value.origin` tells
  /// them apart.
  ///
  /// The builder must not have open containers. Its finished values are what `finishAll` returns.
  package static func append(
    _ bytes: [UInt8], to builder: inout TapeBuilder, file: String, limits: YAMLLimits = YAMLLimits()
  ) -> [Diagnostic] {
    guard bytes.count <= limits.bytes else {
      let text = "the file has \(bytes.count) bytes, at most \(limits.bytes) are allowed"
      return [.error(.yamlLimit, text, at: SourcePosition(file: file, line: 1, column: 1))]
    }
    return bytes.withUnsafeBufferPointer { all in
      var stream = StreamReader(all, file: file, limits: limits)
      stream.read(into: &builder)
      return stream.finish()
    }
  }
}

extension DiagnosticCode {
  /// The text breaks YAML's grammar.
  package static let yamlSyntax = DiagnosticCode(1001)
  /// Bytes that are no UTF-8, or characters that YAML does not allow.
  package static let yamlEncoding = DiagnosticCode(1002)
  /// Two entries of a map have the same key.
  package static let yamlDuplicateKey = DiagnosticCode(1003)
  /// A key that is itself a map or a list.
  package static let yamlComplexKey = DiagnosticCode(1004)
  /// A tag other than those of the core schema, or one that the text does not fit.
  package static let yamlTag = DiagnosticCode(1005)
  /// An alias without an anchor, or one inside its own anchor.
  package static let yamlAlias = DiagnosticCode(1006)
  /// A merge key whose value is no map.
  package static let yamlMerge = DiagnosticCode(1007)
  /// Too long, too deep or too large.
  package static let yamlLimit = DiagnosticCode(1008)
  /// A word such as `yes` that some YAML readers take for a Boolean.
  package static let yamlAmbiguousWord = DiagnosticCode(1009)
}

/// One stream: as a whole while all goes well, document by document from the first syntax error on.
private struct StreamReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let limits: YAMLLimits
  private var context: ReadingContext

  init(_ bytes: UnsafeBufferPointer<UInt8>, file: String, limits: YAMLLimits) {
    self.bytes = bytes
    self.limits = limits
    context = ReadingContext(file: file, limits: limits)
  }

  func finish() -> [Diagnostic] { context.diagnostics.inSourceOrder() }

  mutating func read(into builder: inout TapeBuilder) {
    builder.setFile(context.file)
    defer { builder.clearPosition() }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard let failure = compose(start..<bytes.count, firstLine: 1, &builder) else { return }
    guard !context.isExhausted, !hasDirective(from: failure.documentOffset) else {
      return context.report(failure.problem, in: bytes)
    }
    for part in parts(from: failure.documentOffset, line: failure.documentLine) where !context.isExhausted {
      if let failure = compose(part.range, firstLine: part.line, &builder) {
        context.report(failure.problem, in: bytes)
      }
    }
  }

  private struct Failure {
    var problem: SyntaxProblem
    var documentOffset: Int
    var documentLine: Int
  }

  /// Reads a part of the stream; on a syntax error what the unfinished document wrote is taken back.
  private mutating func compose(_ range: Range<Int>, firstLine: Int, _ builder: inout TapeBuilder) -> Failure? {
    var events = EventStream(UnsafeBufferPointer(rebasing: bytes[range]))
    var composer = DocumentComposer(firstLine: firstLine)
    context.beginDocument()
    let problem = composer.compose(&events, into: &builder, &context)
    guard let problem else { return nil }
    let offset = offset(ofCodePoint: composer.documentIndex, from: range.lowerBound)
    var placed = problem
    placed.move(lines: firstLine - 1, bytes: range.lowerBound)
    return Failure(problem: placed, documentOffset: offset, documentLine: composer.documentLine)
  }

  /// libyaml counts code points, not bytes. Everything before a document was found to be UTF-8.
  private func offset(ofCodePoint index: Int, from start: Int) -> Int {
    var offset = start, left = index
    while left > 0, offset < bytes.count {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      left -= 1
    }
    return offset
  }

  /// The rest of the stream cut before every line that begins with `---`, which no scalar may contain.
  private func parts(from start: Int, line: Int) -> [(range: Range<Int>, line: Int)] {
    var parts: [(range: Range<Int>, line: Int)] = []
    var partStart = start, partLine = line, offset = start, line = line
    while let end = bytes[offset...].firstIndex(of: 0x0A) {
      offset = end + 1
      line += 1
      guard isDocumentStart(offset) else { continue }
      parts.append((partStart..<offset, partLine))
      (partStart, partLine) = (offset, line)
    }
    parts.append((partStart..<bytes.count, partLine))
    return parts
  }

  private func isDocumentStart(_ offset: Int) -> Bool {
    guard offset + 3 <= bytes.count, bytes[offset..<offset + 3].allSatisfy({ $0 == 0x2D }) else {
      return false
    }
    return offset + 3 == bytes.count || [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset + 3])
  }

  /// Directives stand before a `---` and would be cut off from their document.
  private func hasDirective(from start: Int) -> Bool {
    var offset = start
    while offset < bytes.count {
      if bytes[offset] == 0x25 { return true }
      guard let end = bytes[offset...].firstIndex(of: 0x0A) else { return false }
      offset = end + 1
    }
    return false
  }
}
