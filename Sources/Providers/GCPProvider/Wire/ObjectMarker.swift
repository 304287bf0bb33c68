import Cryptography
import HTTP
import Resources
import Values

/// Plumb's marker in labels, whose keys and values are lower-case letters, digits, `_` and `-`, 63 at most:
/// https://cloud.google.com/resource-manager/docs/labels-overview#requirements
///
/// Whatever else stands in an address is written as `_` and a letter or a number, and a text that is longer than one
/// label goes on in the next. What is longer than all of them is written as its hash, which can be compared and not
/// read back.
enum LabelMarker {
  static let scopeKey = "plumb-scope"
  static let addressKey = "plumb-address"
  static let protectKey = "plumb-protect"
  /// Labels for one address, at most.
  static let parts = 4
  static let limit = 63

  /// Stands on what can only be marked as deleted.
  static let deletedKey = "plumb-deleted"

  static func isOwn(_ key: String) -> Bool {
    key.hasPrefix(scopeKey) || key.hasPrefix(addressKey) || key == protectKey || key == deletedKey
  }

  static func labels(_ marker: Marker) -> [(key: String, value: String)] {
    write(marker.scope.description, scopeKey, parts: 1) + write(marker.addressText, addressKey, parts: parts)
      + (marker.isProtected ? [(protectKey, "true")] : [])
  }

  static func marker(_ labels: Value?) -> Marker? {
    guard let labels else { return nil }
    return Marker { key in
      switch key {
      case Marker.scopeKey: read(labels, scopeKey)
      case Marker.addressKey: read(labels, addressKey)
      case Marker.protectKey: labels[protectKey]?.string
      default: nil
      }
    }
  }

  private static func write(_ text: String, _ key: String, parts: Int) -> [(key: String, value: String)] {
    var encoded = Array(encode(text).utf8)
    if encoded.count > limit * parts { encoded = Array("_h\(SHA256.digest(text).hex.prefix(40))".utf8) }
    return stride(from: 0, to: encoded.count, by: limit).enumerated().map { index, start in
      let part = encoded[start..<min(start + limit, encoded.count)]
      return (index == 0 ? key : "\(key)-\(index + 1)", String(decoding: part, as: UTF8.self))
    }
  }

  private static func read(_ labels: Value, _ key: String) -> String? {
    guard var text = labels[key]?.string else { return nil }
    for index in 2...parts { text += labels["\(key)-\(index)"]?.string ?? "" }
    return text.hasPrefix("_h") ? text : decode(text)
  }

  private static let signs: [Character: Character] = [
    "/": "0", "[": "1", "]": "2", ".": "3", "_": "4", "@": "5", ":": "6",
  ]
  private static let meanings = Dictionary(uniqueKeysWithValues: signs.map { ($1, $0) })

  static func encode(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "a"..."z", "0"..."9", "-": result.append(character)
      case "A"..."Z": result += "_" + character.lowercased()
      default:
        if let sign = signs[character] {
          result += "_\(sign)"
        } else {
          for byte in String(character).utf8 { result += "_7" + Hex.encode([byte]) }
        }
      }
    }
    return result
  }

  static func decode(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let first = rest.popFirst() {
      guard first == UInt8(ascii: "_"), let mark = rest.popFirst() else {
        bytes.append(first)
        continue
      }
      let sign = Character(Unicode.Scalar(mark))
      if sign == "7", rest.count >= 2, let byte = Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self)) {
        bytes += byte
        rest = rest.dropFirst(2)
      } else if let meaning = meanings[sign] {
        bytes += Array(String(meaning).utf8)
      } else {
        bytes += Array(String(sign).uppercased().utf8)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Plumb's marker at the end of a description, where a type has no labels: `Web tier [plumb est-7f3c9a Network/prod]`.
enum DescriptionMarker {
  private static let start = "[plumb "

  static func text(_ description: String?, _ marker: Marker) -> String {
    let own = description.map { $0.isEmpty ? "" : $0 + " " } ?? ""
    let protection = marker.isProtected ? " protected" : ""
    let address = marker.addressText.replacing("%", with: "%25").replacing(" ", with: "%20")
    return "\(own)\(start)\(marker.scope) \(address)\(protection)]"
  }

  /// The users' part, nil where there is none, and the marker.
  static func split(_ text: String?) -> (description: String?, marker: Marker?) {
    guard let text, text.hasSuffix("]"), let begin = lastStart(text) else {
      return (text?.isEmpty ?? true ? nil : text, nil)
    }
    let words = text[text.index(begin, offsetBy: start.count)...].dropLast().split(separator: " ").map(String.init)
    guard words.count == 2 || words.count == 3 && words[2] == "protected" else { return (text, nil) }
    let marker = Marker { key in
      switch key {
      case Marker.scopeKey: words[0]
      case Marker.addressKey: String(decoding: PercentEncoding.decode(words[1]), as: UTF8.self)
      case Marker.protectKey: words.count == 3 ? "true" : nil
      default: nil
      }
    }
    guard let marker else { return (text, nil) }
    let own = text[..<begin]
    let description = own.hasSuffix(" ") ? own.dropLast() : own
    return (description.isEmpty ? nil : String(description), marker)
  }

  private static func lastStart(_ text: String) -> String.Index? {
    var index = text.lastIndex(of: "[")
    while let place = index {
      if text[place...].hasPrefix(start) { return place }
      index = text[..<place].lastIndex(of: "[")
    }
    return nil
  }
}
