import Values

extension Schema {
  /// Writes a value of this schema with the defaults of what is not written, positions kept, as the next value.
  /// What is no map is written as it is.
  package func writeFilled(_ value: Value, into builder: inout TapeBuilder) {
    guard hasStandards, value.kind == .map else { return builder.append(value) }
    builder.setPosition(value.origin)
    builder.beginMap()
    for entry in value.entries {
      let field = self[entry.key]
      if entry.value.isNull, field?.standard != nil { continue }
      builder.startEntry(entry)
      if let field { field.type.writeFilled(entry.value, into: &builder) } else { builder.append(entry.value) }
    }
    for field in fields {
      guard let standard = field.standard, value[field.name]?.isNull ?? true else { continue }
      builder.setPosition(value.origin)
      builder.key(field.name)
      field.type.writeFilled(standard, into: &builder)
    }
    builder.endMap()
  }
}

extension FieldType {
  var hasStandards: Bool {
    switch self {
    case .string, .int, .double, .bool, .any: false
    case .list(let element, _), .map(let element): element.hasStandards
    case .object(let schema): schema.hasStandards
    }
  }

  fileprivate func writeFilled(_ value: Value, into builder: inout TapeBuilder) {
    guard hasStandards else { return builder.append(value) }
    switch (self, value.kind) {
    case (.object(let schema), .map): schema.writeFilled(value, into: &builder)
    case (.list(let element, _), .list):
      builder.setPosition(value.origin)
      builder.beginList()
      for item in value.elements { element.writeFilled(item, into: &builder) }
      builder.endList()
    case (.map(let element), .map):
      builder.setPosition(value.origin)
      builder.beginMap()
      for entry in value.entries {
        builder.startEntry(entry)
        element.writeFilled(entry.value, into: &builder)
      }
      builder.endMap()
    default: builder.append(value)
    }
  }
}
