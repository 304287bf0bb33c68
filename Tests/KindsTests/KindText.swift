import Expressions
import Resources
import Values

/// Fields as indented lines, with the references an unknown waits for in its place.
struct KindText {
  let slots: [Deferred]

  func lines(_ value: Value, indent: String) -> [String] {
    switch value.kind {
    case .map:
      value.entries.flatMap { entry in labelled("\(entry.key):", entry.value, indent) }
    case .list:
      value.elements.flatMap { labelled("-", $0, indent) }
    case .null, .bool, .int, .double, .string, .unknown: [indent + scalar(value)]
    }
  }

  private func labelled(_ label: String, _ value: Value, _ indent: String) -> [String] {
    let isLeaf = (value.kind != .map && value.kind != .list) || value.count == 0
    return isLeaf
      ? ["\(indent)\(label) \(scalar(value))"] : ["\(indent)\(label)"] + lines(value, indent: indent + "  ")
  }

  private func scalar(_ value: Value) -> String {
    switch value.kind {
    case .map: return "{}"
    case .list: return "[]"
    case .string: return "\"\(value.spelling)\""
    case .null: return "null"
    case .bool: return value.bool == true ? "true" : "false"
    case .int, .double: return value.spelling
    case .unknown:
      guard let slot = value.unknown, slots.indices.contains(Int(slot.index)) else { return "<unknown>" }
      let awaited = slots[Int(slot.index)].template.references.map(\.description)
      return "<\(Array(Set(awaited)).sorted().joined(separator: ", "))>"
    }
  }
}
