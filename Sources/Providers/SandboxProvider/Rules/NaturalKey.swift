import Resources
import Schemas
import Values

/// The text that no two objects of a type may share: where the key is unique, and the key's fields.
enum NaturalKey {
  /// nil where the type has no natural key, or nothing of it is written.
  static func text(_ fields: Value, _ type: ResourceType, _ identity: TargetIdentity) -> String? {
    let key = type.identity.naturalKey
    guard !key.isEmpty else { return nil }
    let parts = key.map { fields[dotted: $0] ?? type.schema[$0]?.serverDefault ?? .null }
    guard parts.contains(where: { !$0.isNull }) else { return nil }
    let texts = parts.map { String(decoding: $0.canonicalBytes(), as: UTF8.self) }
    return ([space(fields, type.identity.uniqueness, identity)] + texts).joined(separator: "\n")
  }

  private static func space(_ fields: Value, _ uniqueness: TypeScope, _ identity: TargetIdentity) -> String {
    switch uniqueness {
    case .global: ""
    case .account, .project, .cluster: identity.account
    case .region: "\(identity.account)/\(identity.region)"
    case .zone: "\(identity.account)/\(identity.region)/\(fields["availabilityZone"]?.spelling ?? "")"
    case .namespace: "\(identity.account)/\(fields["namespace"]?.spelling ?? "")"
    }
  }
}
