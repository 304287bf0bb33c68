import Values

/// What is not known yet: what is awaited, and what is known of it all the same.
package final class Unknown: Sendable {
  /// The fields of other manifests that have no value so far, each once.
  package let references: [Reference]
  /// Slots of a document's own unknowns, each once.
  package let slots: [Slot]
  package let knowledge: Knowledge
  /// Evaluating again with everything known may fail instead of giving a value.
  package let mayFail: Bool

  package init(
    references: [Reference] = [], slots: [Slot] = [], knowledge: Knowledge = Knowledge(), mayFail: Bool = false
  ) {
    self.references = references
    self.slots = slots
    self.knowledge = knowledge
    self.mayFail = mayFail
  }

  convenience init(slot: Slot?) { self.init(slots: slot.map { [$0] } ?? []) }

  /// What is awaited by both; nothing is known of the result unless it is said.
  func merging(_ other: Unknown, knowledge: Knowledge = Knowledge()) -> Unknown {
    Unknown(
      references: references + other.references.filter { !references.contains($0) },
      slots: slots + other.slots.filter { !slots.contains($0) }, knowledge: knowledge,
      mayFail: mayFail || other.mayFail)
  }

  /// The result of something done to it, which may fail.
  func derived(_ knowledge: Knowledge = Knowledge()) -> Unknown {
    Unknown(references: references, slots: slots, knowledge: knowledge, mayFail: true)
  }
}

/// What is known of a value that is not known yet.
package struct Knowledge: Hashable, Sendable {
  /// Its type, where it is certain.
  package var type: ExpressionType
  package var isNotNull: Bool
  /// What its text starts with.
  package var prefix: String
  /// Items of the list or entries of the map.
  package var count: Int?

  package init(type: ExpressionType = .dyn, isNotNull: Bool = false, prefix: String = "", count: Int? = nil) {
    self.type = type
    self.isNotNull = isNotNull
    self.prefix = prefix
    self.count = count
  }

  /// The run-time name of the type; nil where it is open.
  var typeName: String? {
    switch type {
    case .dyn, .error, .variable, .parameter, .nullable: prefix.isEmpty ? nil : "string"
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .list, .map, .object,
      .optional, .type, .opaque:
      type.runtimeName
    }
  }
}
