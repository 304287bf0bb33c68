extension Value {
  /// One text for all values that are equal, for hashing: entries sorted by the bytes of their keys, no
  /// spaces, integers in plain decimal, doubles in the shortest form that reads back (`1.0` stays apart from
  /// `1`).
  ///
  /// In the spirit of RFC 8785, which has doubles only. Not JSON where a value is not known: `?` and the
  /// slot. Sensitive values are written as they are only when asked for: reveal them to a keyed hash alone.
  package func canonicalBytes(secrets: JSONWriter.Secrets = .redacted) -> [UInt8] {
    var buffer = ByteBuffer(capacity: nodeCount * 16 + 64)
    writeCanonical(secrets, to: &buffer)
    return Array(buffer.written)
  }

  private func writeCanonical(_ secrets: JSONWriter.Secrets, to buffer: inout ByteBuffer) {
    if isSensitive, case .redacted = secrets { return JSONText.quote(JSONWriter.redactedText, to: &buffer) }
    switch kind {
    case .null: buffer.append("null" as StaticString)
    case .bool: buffer.append(node.a == 1 ? "true" as StaticString : "false")
    case .int: buffer.append(int.map { "\($0)" } ?? Number.decimal(spelling))
    case .double: buffer.append(Self.canonical(double, spelling))
    case .string: withUTF8 { JSONText.quote($0, to: &buffer) }
    case .unknown: buffer.append("?\(node.a)")
    case .list: writeList(secrets, to: &buffer)
    case .map: writeMap(secrets, to: &buffer)
    }
  }

  private func writeList(_ secrets: JSONWriter.Secrets, to buffer: inout ByteBuffer) {
    buffer.append(0x5B)
    for (position, element) in elements.enumerated() {
      if position > 0 { buffer.append(0x2C) }
      element.writeCanonical(secrets, to: &buffer)
    }
    buffer.append(0x5D)
  }

  private func writeMap(_ secrets: JSONWriter.Secrets, to buffer: inout ByteBuffer) {
    buffer.append(0x7B)
    for (position, entry) in sortedEntries().enumerated() {
      if position > 0 { buffer.append(0x2C) }
      entry.withKeyUTF8 { JSONText.quote($0, to: &buffer) }
      buffer.append(0x3A)
      entry.value.writeCanonical(secrets, to: &buffer)
    }
    buffer.append(0x7D)
  }

  /// The entries by the bytes of their keys, which is also the order of their code points.
  package func sortedEntries() -> [Entry] {
    let written = Array(entries)
    let isSorted = zip(written, written.dropFirst()).allSatisfy { Self.precedes($0, $1) }
    return isSorted ? written : written.sorted(by: Self.precedes)
  }

  private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
    left.withKeyUTF8 { a in right.withKeyUTF8 { b in a.lexicographicallyPrecedes(b) } }
  }

  private static func canonical(_ value: Double?, _ spelling: String) -> String {
    guard let value else { return spelling }
    if value.isNaN { return ".nan" }
    if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
    return value == 0 ? "0.0" : value.description
  }
}
