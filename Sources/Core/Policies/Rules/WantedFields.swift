import Resources
import Schemas
import Values

/// The fields of a resource as rules read them.
///
/// What a manifest leaves out reads as the service takes it: the declared default, else an empty list or map; other
/// fields stay absent, which `has()` tells. Policy documents of AWS are in their long form. Secrets are hidden.
struct WantedFields: Sendable {
  static let hidden = "(sensitive)"

  private let schema: Schema

  init(_ schema: Schema) { self.schema = schema }

  func filled(_ fields: Value) -> Value {
    Value.build { builder in Self.write(fields, schema, into: &builder) }
  }

  private static func write(_ value: Value, _ schema: Schema, into builder: inout TapeBuilder) {
    builder.beginMap()
    for entry in value.entries {
      builder.key(entry.key)
      write(entry.value, schema[entry.key], into: &builder)
    }
    for field in schema.fields where field.isWritable && value[field.name] == nil {
      writeAbsent(field, into: &builder)
    }
    builder.endMap()
  }

  private static func writeAbsent(_ field: Field, into builder: inout TapeBuilder) {
    if let standard = field.serverDefault {
      builder.key(field.name)
      builder.append(standard)
      return
    }
    switch field.type {
    case .list:
      builder.key(field.name)
      builder.beginList()
      builder.endList()
    case .map:
      builder.key(field.name)
      builder.beginMap()
      builder.endMap()
    case .string, .int, .double, .bool, .any, .object: break
    }
  }

  private static func write(_ value: Value, _ field: Field?, into builder: inout TapeBuilder) {
    guard let field else { return append(value, into: &builder) }
    if field.marks.contains(.sensitive) || value.isSensitive { return builder.string(hidden) }
    if field.equality == .jsonPolicy {
      guard case .map = field.type, value.kind == .map else { return StatementForm.write(value, into: &builder) }
      builder.beginMap()
      for entry in value.entries {
        builder.key(entry.key)
        StatementForm.write(entry.value, into: &builder)
      }
      builder.endMap()
      return
    }
    write(value, field.type, into: &builder)
  }

  private static func write(_ value: Value, _ type: FieldType, into builder: inout TapeBuilder) {
    switch (type, value.kind) {
    case (.object(let schema), .map): write(value, schema, into: &builder)
    case (.list(let element, _), .list):
      builder.beginList()
      for item in value.elements { write(item, element, into: &builder) }
      builder.endList()
    case (.map(let element), .map):
      builder.beginMap()
      for entry in value.entries {
        builder.key(entry.key)
        write(entry.value, element, into: &builder)
      }
      builder.endMap()
    default: append(value, into: &builder)
    }
  }

  /// A value without a schema; secrets in it are hidden as well.
  static func append(_ value: Value, into builder: inout TapeBuilder) {
    if value.isSensitive { return builder.string(hidden) }
    switch value.kind {
    case .list:
      builder.beginList()
      for item in value.elements { append(item, into: &builder) }
      builder.endList()
    case .map:
      builder.beginMap()
      for entry in value.entries {
        builder.key(entry.key)
        append(entry.value, into: &builder)
      }
      builder.endMap()
    case .null, .bool, .int, .double, .string, .unknown: builder.append(value)
    }
  }
}
