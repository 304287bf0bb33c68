/// Writes values as JSON (RFC 8259). Entries keep their order and numbers their spelling where JSON has it.
///
/// Doubles that JSON cannot spell (`.inf`, `.nan`) are written as strings.
package struct JSONWriter: Sendable {
  package enum Layout: Sendable {
    /// One line without spaces.
    case compact
    /// Two spaces a level, one entry a line; empty containers stay on one line.
    case pretty
  }

  package enum Secrets: Sendable {
    /// Sensitive values become the text `(sensitive)`.
    case redacted
    /// Written as they are: only for the call that sends them to their destination.
    case revealed
  }

  /// What is written for a value not known yet.
  package enum Unknowns: Sendable {
    case text(String)
    /// The value to write instead; unknowns inside it are written as `(known after apply)`.
    case replaced(@Sendable (Slot) -> Value)
  }

  package var layout: Layout
  package var secrets: Secrets
  package var unknowns: Unknowns

  package static let redactedText = "(sensitive)"
  package static let unknownText = "(known after apply)"

  package init(
    _ layout: Layout = .compact, secrets: Secrets = .redacted,
    unknowns: Unknowns = .text(JSONWriter.unknownText)
  ) {
    self.layout = layout
    self.secrets = secrets
    self.unknowns = unknowns
  }

  package func bytes(_ value: Value) -> [UInt8] {
    var buffer = ByteBuffer(capacity: value.nodeCount * 16 + 64)
    write(value, to: &buffer)
    return Array(buffer.written)
  }

  package func text(_ value: Value) -> String {
    var buffer = ByteBuffer(capacity: value.nodeCount * 16 + 64)
    write(value, to: &buffer)
    return String(decoding: buffer.written, as: UTF8.self)
  }

  /// JSON Lines: every value compact on a line of its own, each line ended.
  package func lines(_ values: some Sequence<Value>) -> [UInt8] {
    var writer = self
    writer.layout = .compact
    var buffer = ByteBuffer(capacity: 4_096)
    for value in values {
      writer.write(value, to: &buffer)
      buffer.append(0x0A)
    }
    return Array(buffer.written)
  }

  func write(_ value: Value, to buffer: inout ByteBuffer) {
    JSONWriterRun.write(value, self, level: 0, to: &buffer)
  }
}

/// Writing from one tape. Not copyable, so that nothing is retained on the way down.
private struct JSONWriterRun: ~Copyable {
  let writer: JSONWriter
  let isPretty: Bool
  let isRedacted: Bool
  let nodes: UnsafeBufferPointer<Node>
  let bytes: UnsafeBufferPointer<UInt8>
  let keys: UnsafeBufferPointer<KeyEntry>

  static func write(_ value: Value, _ writer: JSONWriter, level: Int, to buffer: inout ByteBuffer) {
    value.tape.nodes.withUnsafeBufferPointer { nodes in
      value.tape.bytes.withUnsafeBufferPointer { bytes in
        value.tape.keys.withUnsafeBufferPointer { keys in
          let run = JSONWriterRun(writer, nodes, bytes, keys)
          run.write(Int(value.index), level: level, to: &buffer)
        }
      }
    }
  }

  private init(
    _ writer: JSONWriter, _ nodes: UnsafeBufferPointer<Node>, _ bytes: UnsafeBufferPointer<UInt8>,
    _ keys: UnsafeBufferPointer<KeyEntry>
  ) {
    self.writer = writer
    isPretty = if case .pretty = writer.layout { true } else { false }
    isRedacted = if case .redacted = writer.secrets { true } else { false }
    self.nodes = nodes
    self.bytes = bytes
    self.keys = keys
  }

  func write(_ index: Int, level: Int, to buffer: inout ByteBuffer) {
    let node = nodes[index]
    if isRedacted, node.flags.contains(.sensitive) {
      return JSONText.quote(JSONWriter.redactedText, to: &buffer)
    }
    switch node.kind {
    case .null: buffer.append("null" as StaticString)
    case .bool: buffer.append(node.a == 1 ? "true" as StaticString : "false")
    case .int, .double: JSONText.number(spelling(node), isDouble: node.kind == .double, to: &buffer)
    case .string: JSONText.quote(spelling(node), to: &buffer)
    case .unknown: unknown(Slot(index: node.a), level: level, to: &buffer)
    case .list, .map: container(node, index, level: level, to: &buffer)
    }
  }

  private func spelling(_ node: Node) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[Int(node.a)..<Int(node.a) &+ Int(node.b)])
  }

  private func container(_ node: Node, _ index: Int, level: Int, to buffer: inout ByteBuffer) {
    let isMap = node.kind == .map
    buffer.append(isMap ? 0x7B : 0x5B)
    var child = index &+ 1
    let end = Int(node.end)
    while child < end {
      if child != index &+ 1 { buffer.append(0x2C) }
      if isPretty { newLine(level + 1, to: &buffer) }
      if isMap { key(nodes[child].key, to: &buffer) }
      write(child, level: level + 1, to: &buffer)
      child = Int(nodes[child].end)
    }
    if isPretty, end > index &+ 1 { newLine(level, to: &buffer) }
    buffer.append(isMap ? 0x7D : 0x5D)
  }

  private func key(_ key: UInt32, to buffer: inout ByteBuffer) {
    let entry = keys[Int(key)]
    JSONText.quote(
      UnsafeBufferPointer(rebasing: bytes[Int(entry.offset)..<Int(entry.offset) &+ Int(entry.length)]),
      to: &buffer)
    buffer.append(0x3A)
    if isPretty { buffer.append(0x20) }
  }

  private func newLine(_ level: Int, to buffer: inout ByteBuffer) {
    buffer.append(0x0A)
    buffer.append(repeating: 0x20, count: level * 2)
  }

  private func unknown(_ slot: Slot, level: Int, to buffer: inout ByteBuffer) {
    switch writer.unknowns {
    case .text(let text): JSONText.quote(text, to: &buffer)
    case .replaced(let replacement):
      let value = replacement(slot)
      var inner = writer
      inner.unknowns = .text(JSONWriter.unknownText)
      Self.write(value, inner, level: level, to: &buffer)
    }
  }
}
