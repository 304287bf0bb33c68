import AWSClient
import HTTP
import ProviderKit
import Resources
import Schemas
import Values

/// Reads the fields of a schema from an answer, whose scalars are all text.
///
/// A field is found under its own name unless `names` says otherwise: `groupDescription`, a dotted path, or
/// `groupSet[groupId]` for one member of each item. Names of nested fields are written with a dot:
/// `ipPermissions.userIdGroupPairs`.
struct AnswerDecoder: Sendable {
  var names: [String: String] = [:]

  func fields(_ raw: Value, _ schema: Schema) -> Fields {
    var fields = Fields()
    for field in schema.fields where field.name != "tags" {
      fields[field.name] = value(raw, field.type, path: field.name, own: field.name)
    }
    return fields
  }

  private func value(_ raw: Value, _ type: FieldType, path: String, own: String) -> Value? {
    let name = names[path] ?? own
    let parts = name.split(separator: "[", maxSplits: 1)
    let found = raw.at(String(parts[0]))
    switch type {
    case .list(let element, _):
      let member = parts.count > 1 ? String(parts[1].dropLast()) : nil
      return .list(
        (found?.items ?? []).compactMap { item in
          member.map { item.at($0) } ?? .some(item)
        }.compactMap { convert($0, element, path: path) })
    case .string, .int, .double, .bool, .any, .map, .object:
      return found.flatMap { convert($0, type, path: path) }
    }
  }

  private func convert(_ raw: Value, _ type: FieldType, path: String) -> Value? {
    let text = raw.scalarText
    switch type {
    case .string: return text.isEmpty ? nil : .string(text)
    case .int: return Int(text).map { .int($0) }
    case .double: return Double(text).map { .double($0) }
    case .bool: return text.isEmpty ? nil : .bool(text.lowercased() == "true")
    case .any: return text.isEmpty ? nil : .policy(text.hasPrefix("%7B") ? text.percentDecoded : text)
    case .list, .map: return raw
    case .object(let schema):
      guard raw.kind == .map else { return nil }
      return .map(
        schema.fields.compactMap { field in
          value(raw, field.type, path: "\(path).\(field.name)", own: field.name).flatMap { value in
            if case .list = field.type, value.count == 0 { return nil }
            return (field.name, value)
          }
        })
    }
  }
}

extension String {
  /// IAM writes policies with every special character as `%XX`.
  var percentDecoded: String { String(decoding: PercentEncoding.decode(self), as: UTF8.self) }
}
