import Expressions
import Resources
import Schemas
import Values

/// What references in manifests read, for the checker of their expressions: fields of resources, specs and outputs of
/// manifests of kinds.
struct ReferenceTypes: Sendable {
  /// Positions by address; the resource of each.
  private let index: [String: Int]
  private let declared: [Assembly.Declared]
  private let kindIndex: [String: Int]
  /// Of each manifest of a kind the kind's name and its variant.
  private let kinds: [(name: String, variant: Variant?)]
  private let specs: [String: ExpressionType]

  init(_ index: [String: Int], _ declared: [Assembly.Declared], _ expander: Expander) {
    self.index = index
    self.declared = declared
    kindIndex = expander.index
    kinds = expander.manifests.map { ($0.kind.name.kind, $0.variant) }
    specs = expander.specTypes
  }

  /// nil where that is not known, or there is no such thing, which is told elsewhere.
  func type(of reference: Reference) -> ExpressionType? {
    if let position = index[reference.subject] { return Self.type(reference.path, declared[position].facts.type) }
    guard let position = kindIndex[reference.subject] else { return nil }
    let rest = reference.path.segments.dropFirst()
    switch reference.path.segments.first {
    case .key("name"): return .string
    case .key("spec"): return specs[kinds[position].name].flatMap { Self.member($0, rest) }
    case .key("outputs"):
      guard case .key(let name) = rest.first, let output = kinds[position].variant?.outputs[name] else { return nil }
      return Self.member(output.type, rest.dropFirst())
    case .key, .index, nil: return nil
    }
  }

  /// A field may be missing, and reads as null then; what is required, and `id`, is always there.
  private static func type(_ path: ValuePath, _ type: ResourceType) -> ExpressionType? {
    guard case .type(let found) = type.reading(path) else { return nil }
    let read = found.expressionType(named: "\(type.name).\(path)")
    if case .dyn = read { return read }
    let isThere = path.segments.count == 1 && path.field.map { $0 == "id" || type.requires($0) } == true
    return isThere ? read : .nullable(read)
  }

  private static func member(_ type: ExpressionType, _ path: ArraySlice<ValuePath.Segment>) -> ExpressionType? {
    var type = type
    for segment in path {
      if case .nullable(let inner) = type { type = inner }
      switch (type, segment) {
      case (.object(let object), .key(let key)): type = object[key] ?? .dyn
      case (.map(_, let value), .key): type = value
      case (.list(let element), .index): type = element
      default: return nil
      }
    }
    return type
  }
}

extension ResourceType {
  fileprivate func requires(_ field: String) -> Bool { schema[field]?.marks.contains(.required) ?? false }
}

/// Where a path of field names and positions leads.
enum FieldReading {
  case type(FieldType)
  case noField(String, in: Schema)
  /// Something that has nothing below it that way.
  case nothing(below: FieldType)
}

extension ResourceType {
  /// What a reference's path reads of a resource; `id` is always there.
  func reading(_ path: ValuePath) -> FieldReading {
    if path == ValuePath([.key("id")]) { return .type(.string) }
    var current = FieldType.object(schema)
    for segment in path.segments {
      switch (current, segment) {
      case (.any, _): return .type(.any)
      case (.object(let schema), .key(let key)):
        guard let field = schema[key] else { return .noField(key, in: schema) }
        current = field.type
      case (.map(let element), .key), (.list(let element, _), .index), (.list(let element, .keyed), .key):
        current = element
      case (.string, _), (.int, _), (.double, _), (.bool, _), (.list, _), (.map, _), (.object, _):
        return .nothing(below: current)
      }
    }
    return .type(current)
  }
}

extension Variant.Output {
  /// The type of its value. One that may be absent reads as null then.
  fileprivate var type: ExpressionType {
    guard case .text(let text) = tree else { return .dyn }
    if case .optional(let inner) = text.template.type { return .nullable(inner) }
    return text.template.type
  }
}
