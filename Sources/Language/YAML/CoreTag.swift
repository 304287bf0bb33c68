/// The tags of the core schema.
enum CoreTag {
  case string, int, float, bool, null, map, list

  private static let prefix = "tag:yaml.org,2002:"

  init?(_ tag: String) {
    if tag == "!" {
      self = .string
      return
    }
    guard tag.hasPrefix(Self.prefix) else { return nil }
    switch tag.dropFirst(Self.prefix.count) {
    case "str": self = .string
    case "int": self = .int
    case "float": self = .float
    case "bool": self = .bool
    case "null": self = .null
    case "map": self = .map
    case "seq": self = .list
    default: return nil
    }
  }

  /// As it is usually written: `!!binary`.
  static func short(_ tag: String) -> String {
    tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
  }
}
