import CExpat
import Values

/// Reads the XML that AWS answers with into values, without any model of what it means.
///
/// An element without children is its text; one whose children are all `item` or all `member` is a list; any other is a
/// map by local name, where a repeated name holds a list. Attributes, namespaces and comments say nothing here.
/// Document types, and so entities of any kind, are refused.
package enum XMLReader {
  /// Reads a whole document.
  package static func read(_ bytes: [UInt8], limits: XMLLimits = XMLLimits()) throws(XMLError) -> XMLDocument {
    guard bytes.count <= limits.bytes else { throw XMLError(.tooLarge, line: 0) }
    guard let parser = XML_ParserCreate("UTF-8") else { throw XMLError(.outOfMemory, line: 0) }
    defer { XML_ParserFree(parser) }
    let state = XMLState(parser: parser, limits: limits)
    return try withExtendedLifetime(state) { () throws(XMLError) -> XMLDocument in
      state.install()
      let isRead = bytes.withUnsafeBytes { buffer in
        XML_Parse(parser, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count), 1)
          == XML_STATUS_OK
      }
      let line = Int(XML_GetCurrentLineNumber(parser))
      if let refusal = state.refusal { throw XMLError(refusal, line: line) }
      guard isRead, let root = state.root else { throw XMLError(.malformed, line: line) }
      return XMLDocument(name: root.name, value: root.value)
    }
  }
}

/// A document that was read: the root's name and what it holds.
package struct XMLDocument: Sendable {
  package var name: String
  package var value: Value
}

package struct XMLLimits: Sendable {
  /// A page of a thousand objects with all their rules is about 4 MB.
  package var bytes = 32 << 20
  package var depth = 64
  package var elements = 2_000_000
  package init() {}
}

package struct XMLError: Error, Sendable, Equatable {
  package enum Reason: Sendable { case malformed, documentType, tooLarge, tooDeep, tooMany, outOfMemory }
  package var reason: Reason
  /// From 1; 0 where nothing was read.
  package var line: Int

  init(_ reason: Reason, line: Int) {
    self.reason = reason
    self.line = line
  }
}

/// What stands open while expat calls back. Only used within one call of `XML_Parse`, on one thread.
private final class XMLState {
  private let parser: XML_Parser
  private let limits: XMLLimits
  private var open: [XMLElement] = []
  private var count = 0
  private(set) var root: XMLElement?
  private(set) var refusal: XMLError.Reason?

  init(parser: XML_Parser, limits: XMLLimits) {
    self.parser = parser
    self.limits = limits
  }

  func install() {
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in XMLState.of(data)?.refuse(.documentType) }
    XML_SetElementHandler(
      parser, { data, name, _ in XMLState.of(data)?.begin(name) }, { data, _ in XMLState.of(data)?.end() })
    XML_SetCharacterDataHandler(parser) { data, text, length in XMLState.of(data)?.add(text, length) }
  }

  private static func of(_ data: UnsafeMutableRawPointer?) -> XMLState? {
    data.map { Unmanaged<XMLState>.fromOpaque($0).takeUnretainedValue() }
  }

  private func refuse(_ reason: XMLError.Reason) {
    guard refusal == nil else { return }
    refusal = reason
    XML_StopParser(parser, 0)
  }

  private func begin(_ name: UnsafePointer<CChar>?) {
    guard refusal == nil, let name else { return }
    count += 1
    if open.count >= limits.depth { return refuse(.tooDeep) }
    if count > limits.elements { return refuse(.tooMany) }
    let full = String(cString: name)
    let local = full.utf8.lastIndex(of: UInt8(ascii: ":")).map { String(full[full.utf8.index(after: $0)...]) }
    open.append(XMLElement(name: local ?? full))
  }

  private func end() {
    guard refusal == nil, let element = open.popLast() else { return }
    if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
  }

  private func add(_ text: UnsafePointer<CChar>?, _ length: Int32) {
    guard refusal == nil, let text, !open.isEmpty else { return }
    text.withMemoryRebound(to: UInt8.self, capacity: Int(length)) {
      open[open.count - 1].text.append(contentsOf: UnsafeBufferPointer(start: $0, count: Int(length)))
    }
  }
}

private struct XMLElement {
  var name: String
  var text: [UInt8] = []
  var children: [XMLElement] = []

  var value: Value { Value.build { write(to: &$0) } }

  private func write(to builder: inout TapeBuilder) {
    guard let first = children.first else { return text.withUnsafeBufferPointer { builder.string(utf8: $0) } }
    if first.name == "item" || first.name == "member", children.allSatisfy({ $0.name == first.name }) {
      return write(children, to: &builder)
    }
    builder.beginMap()
    for (name, group) in grouped() {
      builder.key(name)
      if group.count == 1 { group[0].write(to: &builder) } else { write(group, to: &builder) }
    }
    builder.endMap()
  }

  private func write(_ list: [XMLElement], to builder: inout TapeBuilder) {
    builder.beginList()
    for element in list { element.write(to: &builder) }
    builder.endList()
  }

  /// The children by name, in the order of their first.
  private func grouped() -> [(name: String, elements: [XMLElement])] {
    var positions: [String: Int] = [:]
    var groups: [(name: String, elements: [XMLElement])] = []
    for child in children {
      if let position = positions[child.name] {
        groups[position].elements.append(child)
      } else {
        positions[child.name] = groups.count
        groups.append((child.name, [child]))
      }
    }
    return groups
  }
}
