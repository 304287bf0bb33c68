import Diagnostics

/// Bounds on what a JSON text may make us do.
package struct JSONLimits: Sendable {
  /// Bytes of one text.
  package var bytes = 1 << 30
  /// Containers inside containers.
  package var depth = 256
  /// Values of one text, containers included.
  package var nodes = 50_000_000

  package init() {}
}

/// Why a JSON text was refused: one diagnostic with the position.
package struct JSONError: Error, Sendable, CustomStringConvertible {
  package let diagnostic: Diagnostic
  package var description: String {
    (diagnostic.position.map { "\($0): " } ?? "") + diagnostic.message
  }
}

extension DiagnosticCode {
  /// The text breaks JSON's grammar.
  package static let jsonSyntax = DiagnosticCode(1050)
  /// Two entries of an object have the same key.
  package static let jsonDuplicateKey = DiagnosticCode(1051)
  /// The text is longer, deeper or larger than allowed.
  package static let jsonLimit = DiagnosticCode(1052)
}

/// Reads JSON (RFC 8259) from bytes into values. Numbers keep their spelling, duplicate keys are refused.
///
/// Positions are recorded in the values only where a file name is given; errors always say line and column.
package enum JSONReader {
  /// Reads one text, which must be the whole input apart from white space.
  package static func parse(
    _ bytes: [UInt8], file: String? = nil, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> Value {
    var builder = TapeBuilder(textCount: bytes.count)
    try append(bytes, to: &builder, file: file, limits: limits)
    return builder.finish()
  }

  /// Reads one text from a string.
  package static func parse(
    _ text: String, file: String? = nil, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> Value {
    try parse(Array(text.utf8), file: file, limits: limits)
  }

  /// Reads one text as the next value of a builder, so that many texts share a tape.
  ///
  /// On failure nothing is left of the text in the builder.
  package static func append(
    _ bytes: [UInt8], to builder: inout TapeBuilder, file: String? = nil, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) {
    let failure = bytes.withUnsafeBufferPointer { append($0, to: &builder, file: file, limits: limits) }
    if let failure { throw failure }
  }

  /// The same from memory that the caller owns; returns what went wrong, nil on success.
  package static func append(
    _ bytes: UnsafeBufferPointer<UInt8>, to builder: inout TapeBuilder, file: String? = nil,
    limits: JSONLimits = JSONLimits()
  ) -> JSONError? {
    attempt(bytes, &builder, file: file, limits).map { failure in
      JSONError(diagnostic: failure.diagnostic(bytes, file: file))
    }
  }

  static func attempt(
    _ bytes: UnsafeBufferPointer<UInt8>, _ builder: inout TapeBuilder, file: String?, _ limits: JSONLimits
  ) -> JSONFailure? {
    let checkpoint = builder.checkpoint()
    defer { builder.clearPosition() }
    do throws(JSONFailure) {
      guard bytes.count <= limits.bytes, bytes.count < Int(UInt32.max) else {
        throw JSONFailure(
          .jsonLimit, "the text has \(bytes.count) bytes, at most \(limits.bytes) are allowed", at: 0)
      }
      var parser = JSONParser(bytes, limits: limits, isPositioned: file != nil)
      if let file { builder.setFile(file) }
      try parser.document(into: &builder)
      return nil
    } catch {
      builder.rollback(to: checkpoint)
      return error
    }
  }
}

/// A problem at a byte offset, before lines are counted.
struct JSONFailure: Error {
  var code: DiagnosticCode
  var message: String
  var offset: Int
  /// Where a repeated key stood first.
  var first: Int?

  init(_ code: DiagnosticCode, _ message: String, at offset: Int, first: Int? = nil) {
    self.code = code
    self.message = message
    self.offset = offset
    self.first = first
  }

  func diagnostic(_ bytes: UnsafeBufferPointer<UInt8>, file: String?) -> Diagnostic {
    let table = LineTable(Array(bytes))
    let place = table.place(of: offset)
    let earlier = first.map { table.place(of: $0) }
    guard let file else {
      var text = "\(message) at line \(place.line), column \(place.column)"
      if let earlier { text += " (first at line \(earlier.line), column \(earlier.column))" }
      return .error(code, text)
    }
    let notes = earlier.map {
      [DiagnosticNote("first written here", at: SourcePosition(file: file, line: $0.line, column: $0.column))]
    }
    return .error(
      code, message, at: SourcePosition(file: file, line: place.line, column: place.column),
      notes: notes ?? [])
  }
}
