import Values

extension Field {
  /// True when both values mean the same for this field. Null counts as not written: `null` equals `null`
  /// alone.
  package func equal(_ left: Value, _ right: Value) -> Bool { type.equal(left, right, by: equality) }
}

extension FieldType {
  /// True when both values mean the same. Values that are equal as written are the fast way out.
  ///
  /// Sets compare without order and repetition, keyed lists by their keys. In objects inside a value a
  /// field that is
  /// absent equals null, its declared server default, and an empty collection; what the service fills in by
  /// itself is
  /// compared only where both sides have it.
  package func equal(_ left: Value, _ right: Value, by equality: Equality = .exact) -> Bool {
    if left == right { return true }
    guard left.kind != .unknown, right.kind != .unknown else { return false }
    if equality == .distributed, case .list(let element, _) = self {
      return Self.sameSets(left.distributedItems, right.distributedItems) { element.equal($0, $1) }
    }
    switch self {
    case .any:
      // Quantities are written as numbers, too.
      if equality == .quantity { return Self.sameText(left, right, equality) }
      return equality == .jsonPolicy && PolicyDocument.equal(left, right)
    case .bool, .int: return false
    case .double: return Self.sameNumbers(left, right, equality)
    case .string: return Self.sameText(left, right, equality)
    case .list(let element, let order): return Self.sameLists(left, right, element, order, equality)
    case .map(let element): return Self.sameMaps(left, right, element, equality)
    case .object(let schema): return Self.sameObjects(left, right, schema)
    }
  }

  private static func sameNumbers(_ left: Value, _ right: Value, _ equality: Equality) -> Bool {
    guard let wanted = left.double, let present = right.double else { return false }
    return equality == .atLeast ? present >= wanted : present == wanted
  }

  private static func sameText(_ left: Value, _ right: Value, _ equality: Equality) -> Bool {
    switch equality {
    case .exact, .distributed, .atLeast: return false
    case .jsonPolicy: return PolicyDocument.equal(left, right)
    case .caseInsensitive:
      return left.withUTF8 { a in right.withUTF8 { b in a.elementsEqual(b) { lower($0) == lower($1) } } }
    case .cidr:
      guard let a = left.string.flatMap({ CIDRBlock($0) }), let b = right.string.flatMap({ CIDRBlock($0) })
      else { return false }
      return a.masked == b.masked
    case .quantity:
      guard let a = Quantity(left.spelling), let b = Quantity(right.spelling) else { return false }
      return a == b
    case .link: return sameLink(left.spelling, right.spelling)
    }
  }

  /// `https://www.googleapis.com/compute/v1/projects/acme/global/networks/ml` is `projects/acme/global/networks/ml` and
  /// `global/networks/ml`; a name alone is that of an object in the place that the service supposes.
  private static func sameLink(_ left: String, _ right: String) -> Bool {
    let (a, b) = (path(ofLink: left), path(ofLink: right))
    guard !a.isEmpty, !b.isEmpty else { return a.count == b.count }
    return a.reversed().starts(with: b.reversed()) || b.reversed().starts(with: a.reversed())
  }

  private static func path(ofLink link: String) -> ArraySlice<Substring> {
    let parts = link.split(separator: "/")[...]
    return parts.firstIndex(of: "projects").map { parts[$0...] } ?? parts
  }

  private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  private static func sameLists(
    _ left: Value, _ right: Value, _ element: FieldType, _ order: ListOrder, _ equality: Equality
  ) -> Bool {
    guard left.kind == .list, right.kind == .list else { return false }
    switch order {
    case .ordered:
      return left.count == right.count
        && zip(left.elements, right.elements).allSatisfy { element.equal($0, $1, by: equality) }
    case .unordered:
      return sameSets(Array(left.elements), Array(right.elements)) { element.equal($0, $1, by: equality) }
    case .keyed(let by):
      guard left.count == right.count else { return false }
      return left.elements.allSatisfy { item in
        guard let key = item[by] else { return false }
        return right.elements.first { $0[by].map { element.sameKey($0, key, by) } ?? false }
          .map { element.equal(item, $0, by: equality) } ?? false
      }
    }
  }

  /// Each item of one side has its equal on the other; the same place is tried first, since order seldom
  /// changes.
  private static func sameSets(_ left: [Value], _ right: [Value], _ same: (Value, Value) -> Bool) -> Bool {
    func covers(_ items: [Value], _ others: [Value]) -> Bool {
      items.indices.allSatisfy { index in
        if index < others.count, same(items[index], others[index]) { return true }
        return others.contains { same(items[index], $0) }
      }
    }
    return covers(left, right) && covers(right, left)
  }

  /// The keys of two items of a keyed list, which may be spelled in two ways like any other field.
  private func sameKey(_ left: Value, _ right: Value, _ by: String) -> Bool {
    guard case .object(let schema) = self, let field = schema[by] else { return left == right }
    return field.equal(left, right)
  }

  private static func sameMaps(_ left: Value, _ right: Value, _ element: FieldType, _ equality: Equality)
    -> Bool
  {
    guard left.kind == .map, right.kind == .map, left.count == right.count else { return false }
    return left.entries.allSatisfy { entry in
      right[entry.key].map { element.equal(entry.value, $0, by: equality) } ?? false
    }
  }

  private static func sameObjects(_ left: Value, _ right: Value, _ schema: Schema) -> Bool {
    guard left.kind == .map, right.kind == .map else { return false }
    for entry in left.entries where schema[entry.key] == nil {
      guard let other = right[entry.key], other == entry.value else { return false }
    }
    for entry in right.entries where schema[entry.key] == nil && left[entry.key] == nil { return false }
    return schema.fields.allSatisfy { $0.sameInObject(left[$0.name], right[$0.name]) }
  }
}

extension Field {
  /// The field of two objects, either of which may lack it.
  fileprivate func sameInObject(_ left: Value?, _ right: Value?) -> Bool {
    if marks.contains(.volatile) { return true }
    let left = left?.isNull == true ? Value?.none : left, right = right?.isNull == true ? Value?.none : right
    switch (left, right) {
    case (nil, nil): return true
    case (let a?, let b?): return equal(a, b)
    case (let present?, nil), (nil, let present?):
      if !marks.isDisjoint(with: [.computed, .optionalComputed, .writeOnly]) { return true }
      if let serverDefault, equal(present, serverDefault) { return true }
      return (present.kind == .list || present.kind == .map) && present.count == 0
    }
  }
}
