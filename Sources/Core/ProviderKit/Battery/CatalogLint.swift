import Resources
import Schemas
import Values

/// What every catalog must obey. Each problem is one sentence that begins with the type's name.
package enum CatalogLint {
  package static func problems(_ catalog: TypeCatalog) -> [String] {
    catalog.all.flatMap { type in problems(type, catalog).map { "\(type.name): \($0)" } }
  }

  private static func problems(_ type: ResourceType, _ catalog: TypeCatalog) -> [String] {
    var problems: [String] = []
    if type.name.provider.isEmpty || type.name.kind == type.name.text {
      problems.append("a type's name is its provider's, `/`, and its kind")
    }
    if type.summary.isEmpty { problems.append("the type has no summary") }
    if type.schema["id"] != nil { problems.append("`id` is the remote id of every type and no field") }
    problems += identityProblems(type) + recoveryProblems(type)
    problems += schemaProblems(type.schema, "", catalog)
    for (operation, facts) in type.operations.sorted(by: { $0.key.rawValue < $1.key.rawValue })
    where facts.timeout <= .zero {
      problems.append("\(operation.rawValue) has no time to run")
    }
    return problems
  }

  private static func identityProblems(_ type: ResourceType) -> [String] {
    let identity = type.identity
    var problems: [String] = []
    if [identity.idPrefix, identity.idField, identity.idPath].compactMap(\.self).count != 1 {
      problems.append("exactly one of `idPrefix`, `idField` and `idPath` says where the id comes from")
    }
    for name in identity.idPath.map({ IdentityPath($0).fields }) ?? []
    where type.schema[name] == nil && !name.contains(".") {
      problems.append("there is no field `\(name)` for the id")
    }
    if let name = identity.idField {
      guard let field = type.schema[name], case .string = field.type else {
        return problems + ["there is no text field `\(name)` for the id"]
      }
      if field.marks.contains(.computed) || !field.marks.contains(.immutable) {
        problems.append("`\(name)` is the id, so it is written and immutable")
      }
    }
    for name in identity.naturalKey where !name.contains(".") {
      guard let field = type.schema[name] else {
        problems.append("there is no field `\(name)` for the natural key")
        continue
      }
      if !field.marks.isDisjoint(with: [.late, .sensitive, .computed, .volatile, .writeOnly]) {
        problems.append("`\(name)` cannot be part of a natural key with its marks")
      }
    }
    return problems
  }

  private static func recoveryProblems(_ type: ResourceType) -> [String] {
    switch type.recovery {
    case .token: []
    case .naturalKey:
      type.identity.naturalKey.isEmpty ? ["it is recovered by a natural key and declares none"] : []
    case .markerOnCreate:
      type.marker == .none ? ["it is recovered by its marker and carries none"] : []
    }
  }
}

extension CatalogLint {
  private static func schemaProblems(_ schema: Schema, _ prefix: String, _ catalog: TypeCatalog) -> [String] {
    schema.fields.flatMap { field -> [String] in
      let path = prefix + field.name
      return fieldProblems(field, isNested: !prefix.isEmpty, catalog).map { "`\(path)` \($0)" }
        + inner(field.type).flatMap { schemaProblems($0, path + ".", catalog) }
    }
  }

  private static func inner(_ type: FieldType) -> [Schema] {
    switch type {
    case .string, .int, .double, .bool, .any: []
    case .object(let schema): [schema]
    case .list(let element, _), .map(let element): inner(element)
    }
  }

  private static func fieldProblems(_ field: Field, isNested: Bool, _ catalog: TypeCatalog) -> [String] {
    var problems = markProblems(field, isNested: isNested)
    if field.summary.isEmpty { problems.append("has no summary") }
    if field.name.first.map({ !$0.isLowercase }) ?? true
      || !field.name.allSatisfy({ $0.isLetter || $0.isNumber })
    {
      problems.append("is not spelled in camelCase")
    }
    if let name = field.references, catalog[TypeName(name)] == nil {
      problems.append("refers to \(name), which is no type")
    }
    if case .list(let element, .keyed(let key)) = field.type {
      let isRequired = inner(element).first?[key]?.marks.contains(.required) ?? false
      if !isRequired { problems.append("is keyed by `\(key)`, which is no required field of its items") }
    }
    return problems + defaultProblems(field)
  }

  private static func markProblems(_ field: Field, isNested: Bool) -> [String] {
    var problems: [String] = []
    func forbid(_ first: Field.Marks, _ second: Field.Marks, _ text: String) {
      if field.marks.contains(first), !field.marks.isDisjoint(with: second) { problems.append(text) }
    }
    forbid(
      .late, [.immutable, .required, .computed],
      "is late, so it is neither immutable nor required nor computed")
    forbid(
      .computed, [.required, .optionalComputed, .writeOnly, .exclusive], "is computed, so nobody writes it")
    forbid(.optionalComputed, [.required], "is required, so the service never fills it in")
    forbid(
      .guarded, [.computed, .optionalComputed, .volatile, .immutable],
      "is guarded, so it is written by users alone and can be changed")
    if field.marks.contains(.widens), !field.marks.contains(.immutable) || field.equality != .cidr {
      problems.append("widens and is no immutable block")
    }
    if isNested, !field.marks.isDisjoint(with: [.late]) { problems.append("is late inside an object") }
    switch field.type {
    case .list, .map: break
    case .string, .int, .double, .bool, .any, .object:
      if field.marks.contains(.exclusive) { problems.append("is exclusive and no collection") }
    }
    return problems
  }

  private static func defaultProblems(_ field: Field) -> [String] {
    guard let standard = field.serverDefault else { return [] }
    var problems: [String] = []
    if !field.marks.isDisjoint(with: [.required, .computed]) {
      problems.append("has a default that is never used")
    }
    let fits =
      switch field.type {
      case .any: true
      case .string: standard.kind == .string
      case .int: standard.kind == .int
      case .double: standard.kind == .double || standard.kind == .int
      case .bool: standard.kind == .bool
      case .list: standard.kind == .list
      case .map, .object: standard.kind == .map
      }
    if !fits { problems.append("has a default that is no \(field.type.description)") }
    if standard.kind == .string, !field.allowed.isEmpty, !field.allowed.contains(standard.spelling) {
      problems.append("has a default that is not allowed")
    }
    return problems
  }
}
