import Blueprints
import Diagnostics
import Platform
import Schemas
import Testing
import Values
import YAML

/// One field of one manifest of an example, changed.
struct KindEdit: Sendable, CustomStringConvertible {
  var provider: String
  var manifest: String
  /// By paths below `spec`, or below `metadata` where they say so; the first is the row's. null removes.
  var set: [(path: String, value: Value)]
  var first: [(path: String, value: Value)]
  /// Further manifests: those of `Fixtures/Beside`, or `Registered`.
  var beside: String?
  /// Why it touches nothing.
  var because: String?
  /// Compares what is wanted; nothing is applied.
  var isOfWishes: Bool

  var description: String {
    "\(provider), \(manifest): \(set.map { "\($0.path) = \($0.value.shown)" }.joined(separator: ", "))"
  }

  /// What has to stand before: edits of the same base can share it.
  var base: String { "\(provider) \(beside ?? "") \(first.map { "\($0.path)=\($0.value.shown)" })" }

  func field(in schema: Schema) -> String? {
    set.first.flatMap { ValuePath($0.path) }.flatMap { KindFields.leaf($0, in: schema) }
  }

  static func all(_ kind: String) throws -> [KindEdit] {
    let path = "\(KindEstate.project)/Tests/KindsTests/Fixtures/Edits/\(kind).yaml"
    let (documents, problems) = YAMLReader.parse(try LocalFiles().read(path), file: path)
    try #require(problems.isEmpty, "\(problems)")
    return documents.flatMap(\.elements).map { row in
      KindEdit(
        provider: row["on"]?.string ?? "", manifest: row["of"]?.string ?? "", set: pairs(row["set"]),
        first: pairs(row["first"]), beside: row["beside"]?.string, because: row["because"]?.string,
        isOfWishes: row["only"] == "wishes")
    }
  }

  private static func pairs(_ value: Value?) -> [(path: String, value: Value)] {
    (value ?? .null).entries.map { ($0.key, $0.value) }
  }

  // MARK: Files

  func before(_ kind: String) throws -> [String: String] { try files(kind, first) }
  func after(_ kind: String) throws -> [String: String] { try files(kind, first + set) }

  private func files(_ kind: String, _ changes: [(path: String, value: Value)]) throws -> [String: String] {
    var files = try KindEstate.files(example: provider)
    if let beside {
      let name = beside == "Registered" ? "Registered/\(provider)" : "Beside/\(beside)"
      let path = "\(KindEstate.project)/Tests/KindsTests/Fixtures/\(name).yaml"
      files["manifests/beside.yaml"] = String(decoding: try LocalFiles().read(path), as: UTF8.self)
    }
    let own = beside == "Registered" ? "manifests/beside.yaml" : "manifests/\(kind).yaml"
    let (documents, _) = YAMLReader.parse(Array((files[own] ?? "").utf8), file: own)
    let position = documents.firstIndex { $0["metadata"]?["name"]?.string == manifest && $0["kind"]?.string == kind }
    let found = try #require(position, "there is no \(kind)/\(manifest)")
    var changed = documents
    for (path, value) in changes {
      let segments = try #require(ValuePath(path)?.segments, "\(path)")
      let whole = segments.first == .key("metadata") ? segments : [.key("spec")] + segments
      changed[found] = changed[found].setting(value, at: whole[...])
    }
    files[own] = changed.map { YAMLEmitter().text($0) }.joined(separator: "---\n")
    return files
  }
}

extension Value {
  fileprivate var shown: String { kind == .string ? spelling : JSONWriter().text(self) }

  /// The value with another at a path, which is made where it is missing; null removes.
  fileprivate func setting(_ value: Value, at path: ArraySlice<ValuePath.Segment>) -> Value {
    guard let segment = path.first else { return value }
    let rest = path.dropFirst()
    switch segment {
    case .key(let name):
      let isRemoved = rest.isEmpty && value.isNull
      let own = (self[name] ?? .map([])).setting(value, at: rest)
      var entries = entries.map { ($0.key, $0.key == name ? own : $0.value) }
      if self[name] == nil, !isRemoved { entries.append((name, own)) }
      return .map(entries.filter { !(isRemoved && $0.0 == name) })
    case .index(let position):
      let items = elements.enumerated().map { $0 == position ? $1.setting(value, at: rest) : $1 }
      return .list(items + (position == items.count ? [Value.map([]).setting(value, at: rest)] : []))
    }
  }
}
