import Cryptography
import Resources
import Schemas
import Values

/// Short names for exactly what a plan read of an object, so that apply can tell whether that, and nothing else,
/// changed.
package enum Fingerprint {
  /// SHA-256, in hexadecimal, of the fields at `paths` in their normal form. Sensitive and volatile fields do not
  /// count.
  package static func digest(of fields: Value?, paths: [ValuePath], type: ResourceType) -> String {
    let normal = Value.build { builder in
      builder.beginMap()
      for path in paths {
        guard let name = path.field, let field = type.schema[name] else { continue }
        if !field.marks.isDisjoint(with: [.sensitive, .volatile]) { continue }
        builder.key(path.description)
        guard let value = fields?[path] else {
          builder.null()
          continue
        }
        builder.append(field.isOrdered ? value : value.withoutOrder)
      }
      builder.endMap()
    }
    return SHA256.digest(normal.canonicalBytes()).hex
  }

  /// The expectation of a change: everything its manifest owns, and every field that the plan compared.
  static func expectation(remote: RemoteID, observed: Value, owned: [Value], type: ResourceType) -> Expectation {
    var paths: [ValuePath] = []
    for fields in owned {
      if type.isMerged {
        paths += MergedFields.paths(fields, type.schema)
        continue
      }
      for entry in fields.entries {
        guard let field = type.schema[entry.key] else { continue }
        if case .map = field.type, entry.value.kind == .map, !field.marks.contains(.exclusive), field.equality == .exact
        {
          paths += entry.value.keys.map { ValuePath([.key(entry.key), .key($0)]) }
        } else {
          paths.append(ValuePath([.key(entry.key)]))
        }
      }
    }
    var seen: Set<ValuePath> = []
    paths = paths.filter { seen.insert($0).inserted }.sorted { $0.description < $1.description }
    return Expectation(remote: remote, paths: paths, digest: digest(of: observed, paths: paths, type: type))
  }
}

extension Field {
  /// True where the order of items has a meaning, so that another order is another value.
  fileprivate var isOrdered: Bool {
    guard equality == .exact || equality == .caseInsensitive else { return false }
    switch type {
    case .list(_, .ordered), .any, .string, .int, .double, .bool: return true
    case .list, .map, .object: return false
    }
  }
}

extension Value {
  /// The value with the items of every list sorted, and JSON in a text read: services return sets in any order.
  fileprivate var withoutOrder: Value {
    if kind == .string, let text = string, text.first == "{" {
      do throws(JSONError) { return try JSONReader.parse(text).withoutOrder } catch { return self }
    }
    switch kind {
    case .list:
      let items = elements.map { (value: $0.withoutOrder, order: $0.withoutOrder.canonicalBytes()) }
      return .list(items.sorted { $0.order.lexicographicallyPrecedes($1.order) }.map(\.value))
    case .map: return .map(entries.map { ($0.key, $0.value.withoutOrder) })
    case .null, .bool, .int, .double, .string, .unknown: return self
    }
  }
}
