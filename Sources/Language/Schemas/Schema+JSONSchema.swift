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
    if let name { builder.entry("title", name) }
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
    if let value = serverDefault ?? standard {
      builder.key("default")
      builder.append(value)
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
      type.write(&builder, rules)
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
  fileprivate func write(_ builder: inout TapeBuilder, _ rules: FieldRules?) {
    switch self {
    case .any: break
    case .string where rules == nil: builder.entry("type", "string")
    case .string, .int, .double, .bool, .list, .map, .object:
      builder.key("anyOf")
      builder.beginList()
      builder.beginMap()
      writeOwn(&builder, rules?.element)
      rules?.write(&builder, self)
      builder.endMap()
      Self.writeTemplate(&builder)
      builder.endList()
    }
  }

  private func writeOwn(_ builder: inout TapeBuilder, _ element: FieldRules?) {
    switch self {
    case .any: break
    case .string: builder.entry("type", "string")
    case .int: builder.entry("type", "integer")
    case .double: builder.entry("type", "number")
    case .bool: builder.entry("type", "boolean")
    case .list(let item, let order):
      builder.entry("type", "array")
      builder.key("items")
      builder.beginMap()
      item.write(&builder, element)
      builder.endMap()
      if order == .unordered {
        builder.key("uniqueItems")
        builder.bool(true)
      }
    case .map(let value):
      builder.entry("type", "object")
      builder.key("additionalProperties")
      builder.beginMap()
      value.write(&builder, element)
      builder.endMap()
    case .object(let schema): schema.writeObject(&builder)
    }
  }
}

extension FieldRules {
  /// The keywords of bounds, formats and choices, into a map that is open.
  fileprivate func write(_ builder: inout TapeBuilder, _ type: FieldType) {
    if let format { builder.entry("format", format.rawValue) }
    if let pattern { builder.entry("pattern", pattern.source) }
    if !allowed.isEmpty {
      builder.key("enum")
      builder.beginList()
      for choice in allowed {
        if case .int = type, let number = Int(choice) { builder.int(number) } else { builder.string(choice) }
      }
      builder.endList()
    }
    builder.number(bounds.excludesMinimum ? "exclusiveMinimum" : "minimum", bounds.minimum)
    builder.number(bounds.excludesMaximum ? "exclusiveMaximum" : "maximum", bounds.maximum)
    let suffix =
      switch type {
      case .string: "Length"
      case .list: "Items"
      case .int, .double, .bool, .any, .map, .object: "Properties"
      }
    builder.number("min\(suffix)", bounds.minimumCount.map(Double.init))
    builder.number("max\(suffix)", bounds.maximumCount.map(Double.init))
  }
}

extension TapeBuilder {
  fileprivate mutating func number(_ key: String, _ value: Double?) {
    guard let value else { return }
    self.key(key)
    if let whole = Int(exactly: value) { int(whole) } else { double(value) }
  }

  fileprivate mutating func entry(_ key: String, _ text: String) {
    self.key(key)
    string(text)
  }
}
