/// Percent encoding (RFC 3986) of UTF-8 text.
package enum PercentEncoding {
  /// What stays as it is beyond letters, digits, `-`, `.`, `_` and `~`.
  package enum Kept: Hashable, Sendable {
    /// Nothing: for names and values of a query and for single path segments. The encoding of AWS signatures.
    case none
    /// `/`: for whole paths.
    case slash
  }

  package static func encode(_ text: String, keeping kept: Kept = .none) -> String {
    let isPlain = text.utf8.allSatisfy { isUnreserved($0) || kept == .slash && $0 == 47 }
    return isPlain ? text : encode(Array(text.utf8), keeping: kept)
  }

  package static func encode(_ bytes: [UInt8], keeping kept: Kept = .none) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      if isUnreserved(byte) || kept == .slash && byte == 47 {
        output.append(byte)
      } else {
        output += [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// The bytes behind the text; a `%` without two digits after it stands for itself.
  package static func decode(_ text: some StringProtocol) -> [UInt8] {
    var output: [UInt8] = []
    let source = Array(text.utf8)
    output.reserveCapacity(source.count)
    var index = 0
    while index < source.count {
      if source[index] == 37, index + 2 < source.count, let high = digit(source[index + 1]),
        let low = digit(source[index + 2])
      {
        output.append(high << 4 | low)
        index += 3
      } else {
        output.append(source[index])
        index += 1
      }
    }
    return output
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, 45, 46, 95, 126: true
    default: false
    }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }
}
