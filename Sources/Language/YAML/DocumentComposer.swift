import CYAML
import Diagnostics
import Values

/// From libyaml's events to values on a tape.
///
/// In a map events alternate between key and value. A key that is no scalar is reported and left out with its
/// value.
struct DocumentComposer {
  struct Frame {
    let isMap: Bool
    var expectsKey: Bool
    let node: Int
    /// The entry under `<<`, to be merged when the map ends.
    var merge: Int?
  }

  enum Anchored {
    case value(Int)
    /// The text of a key, or of a part that is left out.
    case text(String)
    /// A map or list that is left out, or inside a merge key, whose value is taken apart.
    case gone
  }

  /// A key that is no text is left out, and its value after it.
  private enum Omission {
    case none, key, valueToCome, value
  }

  /// Where the unfinished document began, in code points from the start of the part.
  private(set) var documentIndex = 0
  /// The line, counted from 1, on which the unfinished document began.
  private(set) var documentLine: Int
  let lineOffset: Int
  var frames: [Frame] = []
  var anchors: [String: Anchored] = [:]
  private var omission = Omission.none
  /// Containers begun inside the part that is left out.
  private var skippedDepth = 0

  init(firstLine: Int) {
    documentLine = firstLine
    lineOffset = firstLine
  }

  /// Reads to the end of the stream. A syntax error or a reached limit takes the unfinished document back.
  mutating func compose(
    _ events: inout EventStream, into builder: inout TapeBuilder, _ context: inout ReadingContext
  ) -> SyntaxProblem? {
    var checkpoint = builder.checkpoint()
    while true {
      guard events.advance() else {
        builder.rollback(to: checkpoint)
        context.forgetDocument()
        return events.problem
      }
      let event = events.current
      switch event.pointee.type {
      case YAML_SCALAR_EVENT: scalar(event, &builder, &context)
      case YAML_MAPPING_START_EVENT: begin(event, isMap: true, &builder, &context)
      case YAML_SEQUENCE_START_EVENT: begin(event, isMap: false, &builder, &context)
      case YAML_MAPPING_END_EVENT: endMap(&builder, &context)
      case YAML_SEQUENCE_END_EVENT: endList(&builder)
      case YAML_ALIAS_EVENT: alias(event, &builder, &context)
      case YAML_DOCUMENT_START_EVENT:
        documentIndex = event.pointee.start_mark.index
        documentLine = event.pointee.start_mark.line &+ lineOffset
        if !anchors.isEmpty { anchors = [:] }
        checkpoint = builder.checkpoint()
        context.beginDocument()
      case YAML_STREAM_END_EVENT: return nil
      default: break
      }
      if builder.count > context.limits.nodes {
        let mark = event.pointee.start_mark
        context.exhaust(
          "the file has more than \(context.limits.nodes) values", line: mark.line + lineOffset,
          column: mark.column + 1)
      }
      if context.isExhausted {
        builder.rollback(to: checkpoint)
        return nil
      }
    }
  }

  // MARK: Scalars

  @inline(__always) private mutating func scalar(
    _ event: UnsafeMutablePointer<yaml_event_t>, _ builder: inout TapeBuilder, _ context: inout ReadingContext
  ) {
    let scalar = event.pointee.data.scalar
    let text = UnsafeBufferPointer(start: UnsafePointer(scalar.value), count: scalar.length)
    if skips() {
      if let anchor = scalar.anchor { noteText(text, anchor) }
      return
    }
    let mark = event.pointee.start_mark
    let line = mark.line &+ lineOffset, column = mark.column &+ 1
    if text.count > context.limits.scalarBytes {
      return context.exhaust(
        "the text has \(text.count) bytes, at most \(context.limits.scalarBytes) are allowed", line: line,
        column: column)
    }
    if let last = frames.last, last.expectsKey {
      if let anchor = scalar.anchor { noteText(text, anchor) }
      return key(text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE, line: line, column: column, &builder)
    }
    if let anchor = scalar.anchor { anchors[String(cString: anchor)] = .value(builder.count) }
    builder.setPosition(line: line, column: column)
    if let tag = scalar.tag {
      tagged(
        String(cString: tag), text, isPlain: scalar.plain_implicit != 0, line, column, &builder, &context)
    } else if scalar.style == YAML_PLAIN_SCALAR_STYLE {
      plain(text, line, column, &builder, &context)
    } else {
      builder.string(utf8: text)
    }
    valueEnded()
  }

  private mutating func noteText(_ text: UnsafeBufferPointer<UInt8>, _ anchor: UnsafePointer<UInt8>) {
    anchors[String(cString: anchor)] = .text(String(decoding: text, as: UTF8.self))
  }

  @inline(__always) private mutating func key(
    _ text: UnsafeBufferPointer<UInt8>, isPlain: Bool, line: Int, column: Int, _ builder: inout TapeBuilder
  ) {
    builder.setKeyPosition(line: line, column: column)
    builder.key(utf8: text)
    let last = frames.count &- 1
    frames[last].expectsKey = false
    if isPlain, text.count == 2, text[0] == 0x3C, text[1] == 0x3C, frames[last].merge == nil {
      frames[last].merge = builder.count
    }
  }

  private func plain(
    _ text: UnsafeBufferPointer<UInt8>, _ line: Int, _ column: Int, _ builder: inout TapeBuilder,
    _ context: inout ReadingContext
  ) {
    switch ScalarResolver.meaning(of: text) {
    case .null: builder.null()
    case .yes: builder.bool(true)
    case .no: builder.bool(false)
    case .int: builder.int(spelling: text)
    case .double: builder.double(spelling: text)
    case .string: builder.plainString(utf8: text)
    case .ambiguousWord:
      builder.plainString(utf8: text)
      let word = String(decoding: text, as: UTF8.self)
      context.report(
        .warning(
          .yamlAmbiguousWord, "`\(word)` is read as text, some YAML readers take it for a Boolean",
          at: context.position(line: line, column: column), length: text.count,
          hint: "write `true` or `false`, or put the text in quotes: \"\(word)\""))
    }
  }

  private func tagged(
    _ tag: String, _ text: UnsafeBufferPointer<UInt8>, isPlain: Bool, _ line: Int, _ column: Int,
    _ builder: inout TapeBuilder, _ context: inout ReadingContext
  ) {
    let meaning = ScalarResolver.meaning(of: text)
    switch (CoreTag(tag), meaning) {
    case (.string, _): builder.string(utf8: text)
    case (.int, .int): builder.int(spelling: text)
    case (.float, .double): builder.double(spelling: text)
    case (.float, .int): builder.double(spelling: text)
    case (.bool, .yes): builder.bool(true)
    case (.bool, .no): builder.bool(false)
    case (.null, .null): builder.null()
    case (.int, _), (.float, _), (.bool, _), (.null, _), (.map, _), (.list, _):
      builder.string(utf8: text)
      let message = "`\(String(decoding: text, as: UTF8.self))` does not fit its tag `\(CoreTag.short(tag))`"
      context.report(.error(.yamlTag, message, at: context.position(line: line, column: column)))
    case (nil, _):
      builder.string(utf8: text)
      unknownTag(tag, line, column, &context)
    }
  }

  private func unknownTag(_ tag: String, _ line: Int, _ column: Int, _ context: inout ReadingContext) {
    context.report(
      .error(
        .yamlTag, "the tag `\(CoreTag.short(tag))` is not known",
        at: context.position(line: line, column: column),
        hint: "known are !!str, !!int, !!float, !!bool, !!null, !!map and !!seq"))
  }

  // MARK: Containers

  private mutating func begin(
    _ event: UnsafeMutablePointer<yaml_event_t>, isMap: Bool, _ builder: inout TapeBuilder,
    _ context: inout ReadingContext
  ) {
    let facts = event.pointee.data
    let anchor = isMap ? facts.mapping_start.anchor : facts.sequence_start.anchor
    let isSkipped = skips()
    let isKey = !isSkipped && frames.last?.expectsKey == true
    if let anchor { anchors[String(cString: anchor)] = isSkipped || isKey ? .gone : .value(builder.count) }
    if isSkipped {
      if skippedDepth == 0 { omission = .value }
      skippedDepth += 1
      return
    }
    let mark = event.pointee.start_mark
    let line = mark.line &+ lineOffset, column = mark.column &+ 1
    if isKey { return complexKey(line, column, &context) }
    guard frames.count < context.limits.depth else {
      let message = "the values are nested more than \(context.limits.depth) deep"
      return context.exhaust(message, line: line, column: column)
    }
    if let tag = isMap ? facts.mapping_start.tag : facts.sequence_start.tag {
      let text = String(cString: tag)
      if CoreTag(text) != (isMap ? .map : .list), text != "!" { unknownTag(text, line, column, &context) }
    }
    builder.setPosition(line: line, column: column)
    frames.append(Frame(isMap: isMap, expectsKey: isMap, node: builder.count))
    if isMap { builder.beginMap() } else { builder.beginList() }
  }

  private mutating func complexKey(_ line: Int, _ column: Int, _ context: inout ReadingContext) {
    context.report(
      .error(
        .yamlComplexKey, "a key must be a text", at: context.position(line: line, column: column),
        hint: "put a text such as `${…}` or `{{ … }}` in quotes"))
    omission = .key
    skippedDepth = 1
  }

  private mutating func endMap(_ builder: inout TapeBuilder, _ context: inout ReadingContext) {
    if skippedDepth > 0 { return endSkipped() }
    guard let frame = frames.popLast() else { return }
    if let merge = frame.merge, merge < builder.count { self.merge(merge, &builder, &context) }
    if let pair = builder.endMap() { duplicate(pair, builder, &context) }
    valueEnded()
  }

  private mutating func endList(_ builder: inout TapeBuilder) {
    if skippedDepth > 0 { return endSkipped() }
    frames.removeLast()
    builder.endList()
    valueEnded()
  }

  @inline(__always) mutating func valueEnded() {
    let last = frames.count &- 1
    if last >= 0, frames[last].isMap { frames[last].expectsKey = true }
  }

  private func duplicate(
    _ pair: (first: Int, second: Int), _ builder: borrowing TapeBuilder, _ context: inout ReadingContext
  ) {
    let key = builder.keyText(of: pair.second)
    let first = DiagnosticNote(
      "first written here", at: builder.keyPosition(of: pair.first) ?? builder.position(of: pair.first))
    context.report(
      .error(
        .yamlDuplicateKey, "the key `\(key)` stands twice in one map",
        at: builder.keyPosition(of: pair.second) ?? builder.position(of: pair.second),
        length: key.unicodeScalars.count, notes: [first]))
  }

  // MARK: Parts left out

  /// True for a scalar or alias inside a part that is left out.
  @inline(__always) mutating func skips() -> Bool {
    if skippedDepth > 0 { return true }
    guard case .valueToCome = omission else { return false }
    omission = .none
    return true
  }

  private mutating func endSkipped() {
    skippedDepth -= 1
    guard skippedDepth == 0 else { return }
    if case .key = omission { omission = .valueToCome } else { omission = .none }
  }
}
