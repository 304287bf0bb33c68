import Values

/// Percent-encoding of the parts of a URL (RFC 3986, RFC 6874), as lenient as Go's, which Kubernetes reads URLs with.
enum PercentText {
  enum Place { case user, host, path, query, fragment }

  /// nil where an escape is broken or, in a host, a character must not stand there.
  static func unescape(_ text: Substring, _ place: Place) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    // In brackets, after `%25`, a zone may hold any escape.
    var isZone = false
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard let high = rest.popFirst().flatMap({ Hexadecimal.value(of: $0) }),
          let low = rest.popFirst().flatMap({ Hexadecimal.value(of: $0) })
        else { return nil }
        let value = high << 4 | low
        if place == .host, !isZone, value < 0x80 {
          guard value == UInt8(ascii: "%"), text.utf8.first == UInt8(ascii: "[") else { return nil }
          isZone = true
        }
        bytes.append(value)
      } else if byte == UInt8(ascii: "+"), place == .query {
        bytes.append(0x20)
      } else {
        if place == .host, byte < 0x80, !isHostByte(byte) { return nil }
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    ASCII.isAlphanumeric(byte) || "-_.~!$&'()*+,;=:[]<>\"".utf8.contains(byte)
  }

  /// True where a path needs no further escape. Its escapes are sound already.
  static func isWellEscaped(_ path: Substring) -> Bool {
    path.utf8.allSatisfy { isPathByte($0) || "!'()*[]%".utf8.contains($0) }
  }

  private static func isPathByte(_ byte: UInt8) -> Bool {
    ASCII.isAlphanumeric(byte) || "-_.~$&+,/:;=@".utf8.contains(byte)
  }

  static func escape(path: String) -> String {
    var bytes: [UInt8] = []
    for byte in path.utf8 {
      if isPathByte(byte) {
        bytes.append(byte)
      } else {
        let digits = Array("0123456789ABCDEF".utf8)
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// A text between double quotes, with escapes for what would not be seen.
enum TextQuoting {
  static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{07}": quoted += "\\a"
      case "\u{08}": quoted += "\\b"
      case "\u{0C}": quoted += "\\f"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{0B}": quoted += "\\v"
      case "\\": quoted += "\\\\"
      case "\"": quoted += "\\\""
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
