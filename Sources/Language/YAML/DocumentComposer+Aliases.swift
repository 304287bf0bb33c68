import CYAML
import Diagnostics
import Values

/// Anchors, the aliases that repeat them, and merge keys.
extension DocumentComposer {
  mutating func alias(
    _ event: UnsafeMutablePointer<yaml_event_t>, _ builder: inout TapeBuilder, _ context: inout ReadingContext
  ) {
    if skips() { return }
    let mark = event.pointee.start_mark
    let line = mark.line &+ lineOffset, column = mark.column &+ 1
    let name = String(cString: event.pointee.data.alias.anchor)
    let position = context.position(line: line, column: column)
    if frames.last?.expectsKey == true { return aliasAsKey(name, position, &builder, &context) }
    func refuse(_ message: String, _ code: DiagnosticCode = .yamlAlias) {
      context.report(.error(code, message, at: position, length: name.unicodeScalars.count + 1))
      builder.null()
    }
    builder.setPosition(line: line, column: column)
    switch anchors[name] {
    case .text(let text): builder.string(text)
    case .value(let index) where builder.isOpen(at: index):
      refuse("the alias `*\(name)` stands inside the value it repeats")
    case .value(let index): expand(index, line, column, &builder, &context)
    case .gone: refuse("the alias `*\(name)` repeats a value that was left out", .yamlComplexKey)
    case nil: refuse("the alias `*\(name)` has no anchor `&\(name)` before it")
    }
    valueEnded()
  }

  private mutating func aliasAsKey(
    _ name: String, _ position: SourcePosition, _ builder: inout TapeBuilder, _ context: inout ReadingContext
  ) {
    var text: String?
    var code = DiagnosticCode.yamlComplexKey
    switch anchors[name] {
    case .text(let written): text = written
    case .value(let index): text = builder.scalarText(at: index)
    case .gone: break
    case nil: code = .yamlAlias
    }
    if text == nil {
      context.report(
        .error(
          code, "the alias `*\(name)` stands for no text that could be a key", at: position,
          length: name.unicodeScalars.count + 1))
    }
    builder.setKeyPosition(line: position.line, column: position.column)
    builder.key(text ?? "*\(name)")
    frames[frames.count - 1].expectsKey = false
  }

  private func expand(
    _ index: Int, _ line: Int, _ column: Int, _ builder: inout TapeBuilder, _ context: inout ReadingContext
  ) {
    context.expandedNodes += builder.subtreeCount(at: index)
    guard context.expandedNodes <= context.limits.expandedNodes else {
      return context.exhaust(
        "the aliases of this file repeat more than \(context.limits.expandedNodes) values", line: line,
        column: column)
    }
    builder.copySubtree(at: index)
  }

  mutating func merge(_ child: Int, _ builder: inout TapeBuilder, _ context: inout ReadingContext) {
    let removed = builder.subtreeCount(at: child)
    let place = builder.keyPosition(of: child) ?? builder.position(of: child)
    context.expandedNodes += removed
    do {
      try builder.mergeEntry(at: child)
      moveAnchors(after: child, by: removed)
    } catch {
      context.report(
        .error(
          .yamlMerge, "the merge key `<<` needs a map, or a list of maps", at: place, length: 2,
          hint: "give it an alias such as *defaults, or put \"<<\" in quotes"))
    }
  }

  private mutating func moveAnchors(after child: Int, by count: Int) {
    for (name, anchored) in anchors {
      guard case .value(let index) = anchored, index >= child else { continue }
      anchors[name] = index < child + count ? .gone : .value(index - count)
    }
  }
}
