import Blueprints
import Diagnostics
import Engine
import Planning
import Resources
import Schemas
import TestSupport
import Testing
import Values

/// Each field of each kind is changed once, alone, in an example that stands: the plan touches what the field feeds,
/// and nothing else.
@Suite("edits of one field")
struct EditTests {
  @Test("every field of every kind has an edit here", arguments: KindEstate.kinds)
  func everyField(_ kind: String) throws {
    let schema = try #require(Self.kinds[kind]?.schema)
    let edited = try KindEdit.all(kind).map { try #require($0.field(in: schema), "\($0) names no field") }
    #expect(Set(KindFields.leaves(of: schema)).subtracting(edited).sorted() == [], "fields without an edit")
    #expect(Set(edited).subtracting(KindFields.leaves(of: schema)) == [])
  }

  @Test("the plan of an edit touches what the field feeds and nothing else", arguments: KindEstate.kinds)
  func touches(_ kind: String) async throws {
    let schema = try #require(Self.kinds[kind]?.schema)
    var standing: [String: KindWorld] = [:]
    var text = ""
    for edit in try KindEdit.all(kind) {
      let before = try edit.before(kind), after = try edit.after(kind)
      let lines: [String]
      if edit.isOfWishes {
        lines = Self.wishes(before, after)
      } else {
        let world = standing[edit.base] ?? KindWorld()
        if standing[edit.base] == nil {
          try await world.apply(before, "\(kind): \(edit)")
          #expect(try await world.plan(before) == [], "\(kind): \(edit) is planned again")
        }
        standing[edit.base] = world
        lines = try await world.plan(after)
      }
      #expect(lines.isEmpty == (edit.because != nil), "\(kind): \(edit) \(lines)")
      #expect(!lines.contains { $0.hasPrefix("error") }, "\(kind): \(edit)\n\(lines.joined(separator: "\n"))")
      let shown = lines.isEmpty ? ["nothing: \(edit.because ?? "?")"] : lines
      text += "# \(edit.field(in: schema) ?? "?") (\(edit))\n\(shown.map { "  \($0)\n" }.joined())\n"
    }
    expectSnapshot(text, named: kind)
  }

  private static let kinds = KindCatalog.make([], providers: KindEstate.providers).catalog

  /// The addresses of which something else is wanted.
  private static func wishes(_ before: [String: String], _ after: [String: String]) -> [String] {
    let (old, new) = (KindEstate(before), KindEstate(after))
    if new.diagnostics.hasErrors { return ["error: \(new.report)"] }
    let texts = [old, new].map { estate in
      Dictionary(uniqueKeysWithValues: estate.desired.resources.map { ($0.address.text, estate.text(of: $0)) })
    }
    let touched = Set(texts[0].keys).union(texts[1].keys).filter { texts[0][$0] != texts[1][$0] }
    return touched.sorted().map { address in
      let sign = texts[0][address] == nil ? "+" : texts[1][address] == nil ? "-" : "~"
      return "\(sign) \(address)"
    }
  }
}

/// The fields of a kind as an edit can change them.
enum KindFields {
  /// Paths of fields that hold no others: `subnets[].zone`, `labels{}`, `networkRef.name`.
  static func leaves(of schema: Schema) -> [String] { schema.fields.flatMap { leaves($0.type, $0.rules, $0.name) } }

  private static func leaves(_ type: FieldType, _ rules: FieldRules?, _ path: String) -> [String] {
    switch type {
    case .object where !(rules?.kinds ?? []).isEmpty: ["\(path).name"]
    case .object(let schema): schema.fields.flatMap { leaves($0.type, $0.rules, "\(path).\($0.name)") }
    case .list(let element, _): leaves(element, rules?.element, "\(path)[]")
    case .map(let element): leaves(element, rules?.element, "\(path){}")
    case .string, .int, .double, .bool, .any: [path]
    }
  }

  /// The same form of a path into a value; nil where it leads nowhere.
  static func leaf(_ path: ValuePath, in schema: Schema) -> String? {
    var text = "", type = FieldType.object(schema)
    for segment in path.segments {
      switch (type, segment) {
      case (.object(let schema), .key(let name)):
        guard let field = schema[name] else { return nil }
        text += text.isEmpty ? name : ".\(name)"
        type = field.type
      case (.map(let element), .key): (text, type) = (text + "{}", element)
      case (.list(let element, _), .index): (text, type) = (text + "[]", element)
      default: return nil
      }
    }
    if case .list = type { text += "[]" }
    if case .map = type { text += "{}" }
    return text
  }
}
