import Resources
import Values

/// One object for the battery to make, change and delete.
package struct BatterySample: Sendable {
  package var type: TypeName
  /// Names the object among the samples, and in its address.
  package var name: String
  /// The fields of the create, without late ones. Earlier samples' objects are there to be referred to.
  package var fields: @Sendable (BatteryObjects) -> Value
  /// All fields after the update; nil where the type has none that can change.
  package var updated: (@Sendable (BatteryObjects) -> Value)?
  /// Late fields, written once all samples exist and cleared before they are deleted.
  package var late: (@Sendable (BatteryObjects) -> Value)?

  package init(
    _ type: TypeName, _ name: String, updated: (@Sendable (BatteryObjects) -> Value)? = nil,
    late: (@Sendable (BatteryObjects) -> Value)? = nil, fields: @escaping @Sendable (BatteryObjects) -> Value
  ) {
    self.type = type
    self.name = name
    self.fields = fields
    self.updated = updated
    self.late = late
  }
}

/// The objects made so far, by the samples' names.
package struct BatteryObjects: Sendable {
  private(set) var made: [String: Observed] = [:]

  /// The remote id of a sample's object; null where its create failed.
  package func id(_ name: String) -> Value { made[name].map { .string($0.remote.text) } ?? .null }
  /// A field of a sample's object, such as an ARN.
  package func field(_ name: String, _ field: String) -> Value { made[name]?.fields[field] ?? .null }

  subscript(name: String) -> Observed? {
    get { made[name] }
    set { made[name] = newValue }
  }
}
