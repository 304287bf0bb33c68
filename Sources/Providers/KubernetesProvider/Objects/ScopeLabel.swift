import Cryptography
import Resources
import Values

/// The label that finds a scope's objects in lists. Annotations hold the marker itself, whose texts no alphabet limits.
/// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
enum ScopeLabel {
  static let key = Marker.scopeKey
  static let longest = 63

  /// `est-7f3c9a`, `est-7f3c9a.prod`; by hash where the text does not fit.
  static func value(_ scope: ScopeID) -> String {
    let text = scope.description.replacing("/", with: ".")
    if isValid(text) { return text }
    return "scope-" + SHA256.digest(Array(scope.description.utf8)).hex.prefix(40)
  }

  static func selector(_ scope: ScopeID) -> String { "\(key)=\(value(scope))" }

  static func isValid(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= longest else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && text.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
