import Values

/// Boils a cluster's own `/openapi/v2` down to what manifests are checked with, in the form of the document that is
/// part of the program: kinds that can be created, with the definitions they reach.
struct LiveDocument {
  private let definitions: [String: Value]

  private init(_ live: Value) {
    definitions = Dictionary(
      (live["definitions"]?.entries.map { $0 } ?? []).map { ($0.key, $0.value) },
      uniquingKeysWith: { first, _ in first })
  }

  /// nil for anything but such a document.
  static func boiled(_ live: Value) -> Value? {
    guard let paths = live["paths"], paths.kind == .map, live["definitions"]?.kind == .map else { return nil }
    let kinds = paths.entries.compactMap { Kind($0.key, $0.value) }
    let document = LiveDocument(live)
    let reached = document.reached(from: kinds.map(\.schema))
    return Value.build { builder in
      builder.beginMap()
      builder.key("version")
      builder.append(live["info"]?["version"] ?? "")
      builder.key("kinds")
      Self.write(kinds, &builder)
      builder.key("definitions")
      builder.beginMap()
      for name in reached {
        builder.key(name)
        if let definition = document.definitions[name] { Self.write(definition, &builder) }
      }
      builder.endMap()
      builder.endMap()
    }
  }

  /// A collection that objects can be posted to; parts of objects, such as `pods/binding`, are none.
  private struct Kind {
    var name: String
    var plural: String
    var isNamespaced: Bool
    var schema: String

    init?(_ path: String, _ item: Value) {
      guard let post = item["post"], post["x-kubernetes-action"]?.string == "post", !path.contains("{name}"),
        let group = post["x-kubernetes-group-version-kind"], let kind = group["kind"]?.string,
        let version = group["version"]?.string, let plural = path.split(separator: "/").last,
        let body = post["parameters"]?.elements.first(where: { $0["in"]?.string == "body" }),
        let reference = body["schema"]?["$ref"]?.string
      else { return nil }
      let prefix = group["group"]?.string ?? ""
      name = (prefix.isEmpty ? "" : "\(prefix)/") + "\(version)/\(kind)"
      self.plural = String(plural)
      isNamespaced = path.contains("{namespace}")
      schema = LiveDocument.short(reference)
    }
  }

  private static func write(_ kinds: [Kind], _ builder: inout TapeBuilder) {
    var written: Set<String> = []
    builder.beginMap()
    for kind in kinds where written.insert(kind.name).inserted {
      builder.key(kind.name)
      builder.append([
        "plural": .string(kind.plural), "namespaced": .bool(kind.isNamespaced), "schema": .string(kind.schema),
      ])
    }
    builder.endMap()
  }

  /// The definitions that these refer to, and those that they refer to, in the order of being met.
  private func reached(from names: [String]) -> [String] {
    var queue = names, met: Set<String> = [], order: [String] = []
    while let name = queue.popLast() {
      guard let definition = definitions[name], met.insert(name).inserted else { continue }
      order.append(name)
      Self.collectReferences(definition, &queue)
    }
    return order.sorted()
  }

  private static func collectReferences(_ node: Value, _ names: inout [String]) {
    if let reference = node["$ref"]?.string { names.append(short(reference)) }
    for entry in node["properties"]?.entries ?? Value.null.entries { collectReferences(entry.value, &names) }
    for key in ["items", "additionalProperties"] {
      if let inner = node[key], inner.kind == .map { collectReferences(inner, &names) }
    }
  }

  /// `#/definitions/io.k8s.api.core.v1.Pod` by its last part.
  fileprivate static func short(_ reference: String) -> String {
    reference.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(reference[reference.utf8.index(after: $0)...]) }
      ?? reference
  }

  private static let kept = [
    "type", "format", "enum", "required", "x-kubernetes-list-type", "x-kubernetes-list-map-keys",
    "x-kubernetes-patch-merge-key", "x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-embedded-resource",
  ]

  private static func write(_ node: Value, _ builder: inout TapeBuilder) {
    builder.beginMap()
    for key in kept {
      guard let value = node[key] else { continue }
      builder.key(key)
      builder.append(value)
    }
    if let reference = node["$ref"]?.string {
      builder.key("$ref")
      builder.string(short(reference))
    }
    if let text = node["description"]?.string, !text.isEmpty {
      builder.key("description")
      builder.string(sentence(text))
    }
    if let properties = node["properties"], properties.kind == .map {
      builder.key("properties")
      builder.beginMap()
      for entry in properties.entries {
        builder.key(entry.key)
        write(entry.value, &builder)
      }
      builder.endMap()
    }
    for key in ["items", "additionalProperties"] {
      guard let inner = node[key], inner.kind == .map else { continue }
      builder.key(key)
      write(inner, &builder)
    }
    builder.endMap()
  }

  /// In bytes of UTF-8.
  private static let sentenceLimit = 160

  /// The first sentence, which is what is shown of a field. A cluster has thousands, so it goes by bytes.
  private static func sentence(_ text: String) -> String {
    let ends: Set = [UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?")]
    var sentence: [UInt8] = []
    for word in text.utf8.prefix(4 * sentenceLimit).split(whereSeparator: { $0 <= UInt8(ascii: " ") }) {
      guard sentence.count + word.count < sentenceLimit else {
        return String(decoding: sentence, as: UTF8.self) + "…"
      }
      if !sentence.isEmpty { sentence.append(UInt8(ascii: " ")) }
      sentence += word
      if let last = word.last, ends.contains(last) { break }
    }
    return String(decoding: sentence, as: UTF8.self)
  }
}
