extension FunctionLibrary {
  /// Bytes as text.
  /// https://github.com/google/cel-go/tree/master/ext#encoders
  package static let encoders = FunctionLibrary(
    name: "encoders",
    overloads: [
      .function(
        "base64.encode", [.bytes], .string, cost: .linear,
        .unary { value in
          guard case .bytes(let bytes) = value else { return .string("") }
          return .string(Base64.text(bytes))
        }),
      .function(
        "base64.decode", [.string], .bytes, cost: .linear,
        .unary { (value) throws(EvaluationError) in
          guard let bytes = Base64.bytes(value.text ?? "") else { throw EvaluationError("the text is no base64") }
          return .bytes(bytes)
        }),
    ])
}

extension Base64 {
  /// With its padding or without. Line ends are passed over. nil for anything else.
  package static func bytes(_ text: String) -> [UInt8]? {
    let characters = text.utf8.filter { $0 != 0x0A && $0 != 0x0D }
    let body = characters.prefix { $0 != UInt8(ascii: "=") }
    let padding = characters.dropFirst(body.count)
    let isPadded = !padding.isEmpty
    guard padding.allSatisfy({ $0 == UInt8(ascii: "=") }), !isPadded || characters.count % 4 == 0 && padding.count < 3,
      body.count % 4 != 1
    else { return nil }
    var bytes: [UInt8] = []
    var word: UInt32 = 0
    var bits: UInt32 = 0
    for character in body {
      guard let digit = digit(character) else { return nil }
      word = word << 6 | digit
      bits += 6
      guard bits >= 8 else { continue }
      bits -= 8
      bytes.append(UInt8(truncatingIfNeeded: word >> bits))
    }
    return bytes
  }

  private static func digit(_ character: UInt8) -> UInt32? {
    switch character {
    case 0x41...0x5A: UInt32(character - 0x41)
    case 0x61...0x7A: UInt32(character - 0x61 + 26)
    case 0x30...0x39: UInt32(character - 0x30 + 52)
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }
}
