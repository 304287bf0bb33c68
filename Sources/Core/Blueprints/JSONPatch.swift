import Values

/// One operation of JSON Patch on a value: https://www.rfc-editor.org/rfc/rfc6902, over JSON Pointers of RFC 6901.
enum JSONPatch {
  struct Problem: Error, Equatable {
    var message: String
  }

  static func apply(_ operation: Value, to value: Value) throws(Problem) -> Value {
    let path = try pointer(operation["path"])
    switch operation["op"]?.string {
    case "add": return try adding(required(operation), to: value, at: path)
    case "replace":
      let new = try required(operation)
      return try edited(value, path[...]) { (container, name) throws(Problem) in
        try put(new, container, name, adding: false)
      }
    case "remove": return try edited(value, path[...], remove)
    case "move":
      let from = try pointer(operation["from"])
      guard !path.starts(with: from) || path == from else { throw Problem(message: "cannot be moved into itself") }
      let moved = try find(value, from)
      let without = try edited(value, from[...], remove)
      return try adding(moved, to: without, at: path)
    case "copy":
      let copied = try find(value, pointer(operation["from"]))
      return try adding(copied, to: value, at: path)
    case "test":
      let wanted = try required(operation)
      guard try find(value, path) == wanted else { throw Problem(message: "is not what `test` says at that path") }
      return value
    case let other: throw Problem(message: "has no operation `\(other ?? "")`")
    }
  }

  private static func adding(_ new: Value, to value: Value, at path: [String]) throws(Problem) -> Value {
    try edited(value, path[...]) { (container, name) throws(Problem) in try put(new, container, name, adding: true) }
  }

  private static func required(_ operation: Value) throws(Problem) -> Value {
    guard let value = operation["value"] else { throw Problem(message: "needs a `value`") }
    return value
  }

  /// `/a~1b/0` as `a/b`, `0`.
  private static func pointer(_ value: Value?) throws(Problem) -> [String] {
    guard let text = value?.string else { throw Problem(message: "needs a path") }
    if text.isEmpty { return [] }
    guard text.hasPrefix("/") else { throw Problem(message: "`\(text)` is no JSON Pointer: it begins with `/`") }
    return text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
      String($0).replacing("~1", with: "/").replacing("~0", with: "~")
    }
  }

  private static func find(_ value: Value, _ path: [String]) throws(Problem) -> Value {
    var current = value
    for name in path {
      guard let next = current.kind == .list ? Int(name).flatMap({ current[$0] }) : current[name] else {
        throw missing(name, current)
      }
      current = next
    }
    return current
  }

  private static func missing(_ name: String, _ value: Value) -> Problem {
    Problem(message: "has nothing at `\(name)` of \(value.kind == .list ? "a list" : "a map")")
  }

  /// The value with the container at all but the last step edited.
  private static func edited(
    _ value: Value, _ path: ArraySlice<String>, _ edit: (Value, String) throws(Problem) -> Value
  ) throws(Problem) -> Value {
    guard let name = path.first else { throw Problem(message: "cannot be replaced as a whole") }
    if path.count == 1 { return try edit(value, name) }
    let child = try find(value, [name])
    return try replaced(value, name, try edited(child, path.dropFirst(), edit))
  }

  private static func replaced(_ value: Value, _ name: String, _ child: Value) throws(Problem) -> Value {
    try put(child, value, name, adding: false)
  }

  private static func put(_ new: Value, _ container: Value, _ name: String, adding: Bool) throws(Problem) -> Value {
    switch container.kind {
    case .map:
      if !adding, container[name] == nil { throw missing(name, container) }
      var entries = container.entries.map { ($0.key, $0.key == name ? new : $0.value) }
      if container[name] == nil { entries.append((name, new)) }
      return .map(entries)
    case .list:
      var items = Array(container.elements)
      if adding, name == "-" { return .list(items + [new]) }
      guard let position = Int(name), position >= 0, position < items.count + (adding ? 1 : 0) else {
        throw missing(name, container)
      }
      if adding { items.insert(new, at: position) } else { items[position] = new }
      return .list(items)
    case .null, .bool, .int, .double, .string, .unknown: throw missing(name, container)
    }
  }

  private static func remove(_ container: Value, _ name: String) throws(Problem) -> Value {
    _ = try find(container, [name])
    if container.kind == .list, let position = Int(name) {
      var items = Array(container.elements)
      items.remove(at: position)
      return .list(items)
    }
    return .map(container.entries.filter { $0.key != name }.map { ($0.key, $0.value) })
  }
}
