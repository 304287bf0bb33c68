extension Value {
  /// Writes one value with a builder.
  package static func build(_ body: (inout TapeBuilder) -> Void) -> Value {
    var builder = TapeBuilder()
    body(&builder)
    return builder.finish()
  }

  package static let null = Value.build { $0.null() }
  package static func bool(_ value: Bool) -> Value { build { $0.bool(value) } }
  package static func int(_ value: Int) -> Value { build { $0.int(value) } }
  package static func double(_ value: Double) -> Value { build { $0.double(value) } }
  package static func string(_ value: String) -> Value { build { $0.string(value) } }
  package static func unknown(_ slot: Slot) -> Value { build { $0.unknown(slot) } }

  /// A list of copies.
  package static func list(_ elements: some Sequence<Value>) -> Value {
    build { builder in
      builder.beginList()
      for element in elements { builder.append(element) }
      builder.endList()
    }
  }

  /// A map of copies, in the given order; keys must differ.
  package static func map(_ entries: some Sequence<(String, Value)>) -> Value {
    build { builder in
      builder.beginMap()
      for (key, value) in entries {
        builder.key(key)
        builder.append(value)
      }
      let duplicate = builder.endMap()
      precondition(duplicate == nil, "the keys of a map must differ")
    }
  }

  /// The same value marked as secret.
  package var markedSensitive: Value {
    Value.build { builder in
      builder.beginSensitive()
      builder.append(self)
      builder.endSensitive()
    }
  }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByFloatLiteral,
  ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  @usableFromInline package init(stringLiteral value: String) { self = .string(value) }
  @usableFromInline package init(integerLiteral value: Int) { self = .int(value) }
  @usableFromInline package init(booleanLiteral value: Bool) { self = .bool(value) }
  @usableFromInline package init(floatLiteral value: Double) { self = .double(value) }
  @usableFromInline package init(nilLiteral: ()) { self = .null }
  @usableFromInline package init(arrayLiteral elements: Value...) { self = .list(elements) }
  @usableFromInline package init(dictionaryLiteral elements: (String, Value)...) { self = .map(elements) }
}
