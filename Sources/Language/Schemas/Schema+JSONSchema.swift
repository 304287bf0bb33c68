import Values

extension Schema {
  /// JSON Schema of a value of this schema (draft 2020-12, the subset that editors understand). Every text
  /// may also be a
  /// template, so numbers, booleans, lists and maps admit a text with `${`.
  package func jsonSchema(title: String? = nil) -> Value {
    Value.build { builder in
      builder.beginMap()
      builder.entry("$schema", "https://json-schema.org/draft/2020-12/schema")
      if let title { builder.entry("title", title) }
      writeObject(&builder)
      builder.endMap()
    }
  }

  /// The keywords of an object, into a map that is open.
  package func writeObject(_ builder: inout TapeBuilder) {
    builder.entry("type", "object")
    builder.key("properties")
    builder.beginMap()
    for field in fields where !field.marks.contains(.computed) {
      builder.key(field.name)
      field.write(&builder)
    }
    builder.endMap()
    let required = fields.filter { $0.marks.contains(.required) && !$0.marks.contains(.computed) }
    if !required.isEmpty {
      builder.key("required")
      builder.beginList()
      for field in required { builder.string(field.name) }
      builder.endList()
    }
    builder.key("additionalProperties")
    builder.bool(false)
  }
}

extension Field {
  fileprivate func write(_ builder: inout TapeBuilder) {
    builder.beginMap()
    if !summary.isEmpty { builder.entry("description", summary) }
    if let serverDefault {
      builder.key("default")
      builder.append(serverDefault)
    }
    if equality == .jsonPolicy {
      builder.key("type")
      builder.beginList()
      builder.string("object")
      builder.string("string")
      builder.endList()
    } else if !allowed.isEmpty, case .string = type {
      writeAllowed(&builder)
    } else {
      type.write(&builder)
    }
    builder.endMap()
  }

  private func writeAllowed(_ builder: inout TapeBuilder) {
    builder.key("anyOf")
    builder.beginList()
    builder.beginMap()
    builder.key("enum")
    builder.beginList()
    for text in allowed { builder.string(text) }
    builder.endList()
    builder.endMap()
    FieldType.writeTemplate(&builder)
    builder.endList()
  }
}

extension FieldType {
  static func writeTemplate(_ builder: inout TapeBuilder) {
    builder.beginMap()
    builder.entry("type", "string")
    builder.entry("pattern", #"\$\{"#)
    builder.endMap()
  }

  /// The keywords of this type, into a map that is open.
  fileprivate func write(_ builder: inout TapeBuilder) {
    switch self {
    case .any: break
    case .string: builder.entry("type", "string")
    case .int, .double, .bool, .list, .map, .object:
      builder.key("anyOf")
      builder.beginList()
      builder.beginMap()
      writeOwn(&builder)
      builder.endMap()
      Self.writeTemplate(&builder)
      builder.endList()
    }
  }

  private func writeOwn(_ builder: inout TapeBuilder) {
    switch self {
    case .any, .string: break
    case .int: builder.entry("type", "integer")
    case .double: builder.entry("type", "number")
    case .bool: builder.entry("type", "boolean")
    case .list(let element, let order):
      builder.entry("type", "array")
      builder.key("items")
      builder.beginMap()
      element.write(&builder)
      builder.endMap()
      if order == .unordered {
        builder.key("uniqueItems")
        builder.bool(true)
      }
    case .map(let element):
      builder.entry("type", "object")
      builder.key("additionalProperties")
      builder.beginMap()
      element.write(&builder)
      builder.endMap()
    case .object(let schema): schema.writeObject(&builder)
    }
  }
}

extension TapeBuilder {
  fileprivate mutating func entry(_ key: String, _ text: String) {
    self.key(key)
    string(text)
  }
}
