import Diagnostics
import Resources
import Values

/// Reads the fields of one object of a plan file; whatever does not fit says where.
struct PlanFileFields {
  let value: Value
  let file: String
  /// For messages: `resource_changes[3].change`.
  let place: String

  init(_ value: Value, file: String, place: String) throws(PlanFileError) {
    self.value = value
    self.file = file
    self.place = place
    guard value.kind == .map else { throw problem("is no object") }
  }

  func problem(_ text: String, _ key: String? = nil) -> PlanFileError {
    let name = [place, key ?? ""].filter { !$0.isEmpty }.joined(separator: ".")
    return PlanFile.damaged(file, "\(name.isEmpty ? "the file" : "`\(name)`") \(text)")
  }

  func text(_ key: String) throws(PlanFileError) -> String {
    guard let text = value[key]?.string else { throw problem("is no text", key) }
    return text
  }

  func optionalText(_ key: String) throws(PlanFileError) -> String? {
    guard let found = value[key], !found.isNull else { return nil }
    guard let text = found.string else { throw problem("is no text", key) }
    return text
  }

  func number(_ key: String, in range: ClosedRange<Int> = 0...Int.max) throws(PlanFileError) -> Int {
    guard let number = value[key]?.int, range.contains(Int(number)) else {
      throw problem("is no fitting number", key)
    }
    return Int(number)
  }

  func flag(_ key: String) throws(PlanFileError) -> Bool {
    guard let flag = value[key]?.bool else { throw problem("is neither true nor false", key) }
    return flag
  }

  func choice<Choice: RawRepresentable<String>>(_ key: String, _ type: Choice.Type) throws(PlanFileError)
    -> Choice
  {
    let name = try text(key)
    guard let choice = Choice(rawValue: name) else {
      throw problem("holds `\(name)`, which this version does not know", key)
    }
    return choice
  }

  func object(_ key: String) throws(PlanFileError) -> PlanFileFields {
    guard let found = value[key] else { throw problem("is missing", key) }
    return try PlanFileFields(found, file: file, place: place.isEmpty ? key : "\(place).\(key)")
  }

  func list<Item>(_ key: String, _ read: (Value, String) throws(PlanFileError) -> Item) throws(PlanFileError)
    -> [Item]
  {
    guard let list = value[key], list.kind == .list else { throw problem("is no list", key) }
    var items: [Item] = []
    items.reserveCapacity(list.count)
    for (position, element) in list.elements.enumerated() {
      items.append(try read(element, "\(place.isEmpty ? key : "\(place).\(key)")[\(position)]"))
    }
    return items
  }

  func objects<Item>(_ key: String, _ read: (PlanFileFields) throws(PlanFileError) -> Item)
    throws(PlanFileError) -> [Item]
  {
    try list(key) { (value, place) throws(PlanFileError) in
      try read(try PlanFileFields(value, file: file, place: place))
    }
  }

  func texts(_ key: String) throws(PlanFileError) -> [String] {
    try list(key) { (value, place) throws(PlanFileError) in
      guard let text = value.string else { throw PlanFile.damaged(file, "`\(place)` is no text") }
      return text
    }
  }

  func path(_ key: String) throws(PlanFileError) -> ValuePath { try path(value[key], key) }

  func paths(_ key: String) throws(PlanFileError) -> [ValuePath] {
    try list(key) { (value, _) throws(PlanFileError) in try path(value, key) }
  }

  private func path(_ list: Value?, _ key: String) throws(PlanFileError) -> ValuePath {
    guard let list, list.kind == .list else { throw problem("is no path", key) }
    var segments: [ValuePath.Segment] = []
    for element in list.elements {
      if let name = element.string {
        segments.append(.key(name))
      } else if let index = element.int {
        segments.append(.index(Int(index)))
      } else {
        throw problem("is no path", key)
      }
    }
    return ValuePath(segments)
  }

  func position(_ key: String) throws(PlanFileError) -> SourcePosition? {
    guard let found = value[key], !found.isNull else { return nil }
    let fields = try PlanFileFields(found, file: file, place: "\(place).\(key)")
    return SourcePosition(
      file: try fields.text("file"), line: try fields.number("line"), column: try fields.number("column"))
  }

  /// A value with its unknowns and secrets put back.
  func restored(_ key: String) -> Value? {
    guard let found = value[key] else { return nil }
    let sensitive = value[key + "_sensitive"]
    let isMarked = sensitive?.bool == true || (sensitive?.count ?? 0) > 0
    return ValueMarks.restored(found, slots: value[key + "_slots"], sensitive: isMarked ? sensitive : nil)
  }
}

extension PlanFile {
  static func damaged(_ file: String, _ what: String) -> PlanFileError {
    PlanFileError(
      diagnostic: .error(
        .planDamaged, "`\(file)` is no plan that can be used: \(what)",
        hint: "make the plan again with `plumb plan --out \(file)`"))
  }
}
