import Cryptography
import Resources
import Schemas
import Values

/// Secret fields leave nothing in a sandbox but a hash made with its key.
struct Secrets {
  let key: [UInt8]

  /// Keyed hashes by field: of fields that are marked sensitive, only sent, or hold a secret anywhere.
  func hashes(_ fields: Value, _ schema: Schema) -> [(String, Value)] {
    fields.entries.compactMap { entry in
      guard let field = schema[entry.key], isSecret(entry.value, field) else { return nil }
      return (
        entry.key, .string(HMACSHA256.code(entry.value.canonicalBytes(secrets: .revealed), key: key).hex)
      )
    }
  }

  private func isSecret(_ value: Value, _ field: Field) -> Bool {
    if !field.marks.isDisjoint(with: [.sensitive, .writeOnly]) || value.hasSecret { return true }
    guard case .object(let schema) = field.type else { return false }
    return value.entries.contains { entry in schema[entry.key].map { isSecret(entry.value, $0) } ?? false }
  }
}
