/// Grows with every lock taken: a writer with an older fence is refused by the store.
package struct Fence: Hashable, Sendable, Comparable {
  package let number: UInt64
  package init(_ number: UInt64) { self.number = number }
  package static func < (left: Fence, right: Fence) -> Bool { left.number < right.number }
}

/// Names one operation to the service, so that a repeated call is one effect where the API honours tokens.
package struct OperationToken: Hashable, Sendable {
  package let text: String
  package init(_ text: String) { self.text = text }
}

/// Names one operation of one run, in the journal.
package struct OperationID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let text: String
  package init(_ text: String) { self.text = text }
  package var description: String { text }
  package static func < (left: OperationID, right: OperationID) -> Bool { left.text < right.text }
}

/// Names one plan; a plan is used once.
package struct PlanID: Hashable, Sendable, CustomStringConvertible {
  package let text: String
  package init(_ text: String) { self.text = text }
  package var description: String { text }
}

/// Names one run of apply or destroy.
package struct RunID: Hashable, Sendable, CustomStringConvertible {
  package let text: String
  package init(_ text: String) { self.text = text }
  package var description: String { text }
}

/// A hash of a value that may hold secrets, made with the estate's own key: hexadecimal text.
package struct KeyedHash: Hashable, Sendable {
  package let text: String
  package init(_ text: String) { self.text = text }
}
