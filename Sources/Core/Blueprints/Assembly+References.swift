import Diagnostics
import Expressions
import Manifests
import Resources
import Schemas
import Values

extension Assembly {
  /// Checks what a template reads without evaluating it: does it exist, has its type that field, does it
  /// fit here.
  mutating func check(
    _ template: Template, _ subjects: [Int?], _ value: Value, _ type: FieldType?, _ field: Field?, owner: Int,
    isLate: Bool
  ) {
    for (reference, subject) in zip(template.references, subjects) {
      let place = ReadPlace(reference: reference, value: value)
      guard let subject else {
        reportUnknown(reference, place)
        continue
      }
      let facts = declared[subject].facts
      guard let read = readType(reference.path, facts.type, reference, place) else { continue }
      if subject == owner, !isLate {
        diagnostics.append(
          .error(
            .selfReference, "`\(reference.subject)` reads its own `\(reference.path)` before it exists",
            at: position(of: place),
            length: 1, hint: "only fields that are written in a second step can read their own resource"))
      }
      if template.isSingleReference { checkFit(read, reference, facts.type, type, field, place) }
    }
  }

  /// Where the reference's text begins, else the template. Costly, so it is asked only for what is wrong.
  private func position(of place: ReadPlace) -> SourcePosition? {
    let text = place.value.spelling
    let dotted = place.reference.subject.split(separator: "/", maxSplits: 1)
    guard dotted.count == 2, let offset = text.byteOffset(of: dotted[0], before: dotted[1]) else {
      return place.value.origin
    }
    return loaded.sources.position(of: offset, in: place.value)
  }

  mutating func reportUnknown(_ reference: Reference, _ place: ReadPlace) {
    guard !broken.contains(reference.subject) else { return }
    let kind = reference.subject.prefix { $0 != "/" }
    let length = reference.subject.unicodeScalars.count
    let group = kind.split(separator: ".").first.map(String.init) ?? ""
    if kind.contains("."), !providers.contains(group) {
      diagnostics.append(
        .error(
          .unknownReference, "there is no provider `\(group)`", at: position(of: place),
          length: group.unicodeScalars.count,
          hint: Suggestion.hint(for: group, among: providers)))
      return
    }
    diagnostics.append(
      .error(
        .unknownReference, "there is no manifest `\(reference.subject)`", at: position(of: place),
        length: length,
        hint: suggestion(for: reference.subject, kind: kind)))
  }

  /// Costs a look at every name, so each subject is looked up once and no more than a few are.
  private mutating func suggestion(for subject: String, kind: Substring) -> String? {
    if let known = suggestions[subject] { return known }
    guard suggestions.count < Self.suggestionLimit else { return nil }
    let names = index.keys.filter { $0.hasPrefix("\(kind)/") }.map { String($0.dropFirst(kind.count + 1)) }
    let name = String(subject.dropFirst(kind.count + 1))
    var hint = Suggestion.nearest(to: name, among: names.sorted()).map {
      "did you mean `\(kind)\(Reference.access($0))`?"
    }
    if hint == nil, names.isEmpty {
      let kinds = Set(index.keys.map { String($0.prefix { $0 != "/" }) })
      hint = Suggestion.hint(for: String(kind), among: kinds.sorted())
    }
    suggestions.updateValue(hint, forKey: subject)
    return hint
  }

  /// The type of what a path reads; nil, and reported, where the type has no such field. `id` is always
  /// there.
  private mutating func readType(
    _ path: ValuePath, _ type: ResourceType, _ reference: Reference, _ place: ReadPlace
  ) -> FieldType? {
    guard path.field != nil else { return .any }
    switch type.reading(path) {
    case .type(let found): return found
    case .noField(let name, let schema):
      let names = schema.fields.map(\.name) + ["id"]
      diagnostics.append(
        .error(
          .unknownReferencedField, "`\(type.name)` has no field `\(name)`", at: position(of: place),
          length: reference.subject.unicodeScalars.count,
          hint: Suggestion.hint(for: name, among: names)
            ?? "it has: \(names.sorted().prefix(16).joined(separator: ", "))"))
    case .nothing(let below):
      diagnostics.append(
        .error(
          .unknownReferencedField, "`\(reference)` goes into \(below.phrase), which has nothing below it that way",
          at: position(of: place), length: reference.subject.unicodeScalars.count))
    }
    return nil
  }

  /// The value of an expression that is still to be evaluated must be of its field's type.
  mutating func checkType(_ template: Template, _ value: Value, _ type: FieldType?) {
    guard let type, template.diagnostics.isEmpty, let problem = type.misfit(template.type) else { return }
    // The expression alone, where there is one; a text around it makes the whole a text.
    let range = template.isExpression ? template.expressionRanges.first : nil
    let inside = range.map { $0.lowerBound + 2..<$0.upperBound - 1 } ?? 0..<value.spelling.utf8.count
    let text = value.spelling.utf8.dropFirst(inside.lowerBound).prefix(inside.count)
    let written = text.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A }
    let start = inside.lowerBound + text.count - written.count
    diagnostics.append(
      .error(
        .referenceType, problem.message, at: loaded.sources.position(of: start, in: value),
        length: max(1, written.prefix { $0 != 0x0A }.count { $0 & 0xC0 != 0x80 }), hint: problem.hint))
  }

  /// A field that is one reference and nothing else takes that value's type.
  private mutating func checkFit(
    _ read: FieldType, _ reference: Reference, _ subject: ResourceType, _ wanted: FieldType?, _ field: Field?,
    _ place: ReadPlace
  ) {
    let length = reference.subject.unicodeScalars.count
    if let wanted, !wanted.admits(read) {
      diagnostics.append(
        .error(
          .referenceType, "the field takes \(wanted.phrase), and `\(reference)` is \(read.phrase)",
          at: position(of: place), length: length))
    } else if let name = field?.references, reference.path == ValuePath([.key("id")]),
      subject.name.text != name
    {
      diagnostics.append(
        .error(
          .referenceType,
          "`\(field?.name ?? "")` takes a `\(name)`, and `\(reference.subject)` is a `\(subject.name)`",
          at: position(of: place),
          length: length))
    }
  }
}

/// A reference in the text that holds it.
struct ReadPlace {
  let reference: Reference
  let value: Value
}

extension FieldType {
  /// Whether a value of another type may stand here, as far as types can tell.
  fileprivate func admits(_ other: FieldType) -> Bool {
    switch (self, other) {
    case (.any, _), (_, .any): true
    case (.string, .string), (.int, .int), (.double, .double), (.double, .int), (.bool, .bool): true
    case (.list(let a, _), .list(let b, _)): a.admits(b)
    case (.map(let a), .map(let b)): a.admits(b)
    case (.object, .object), (.object, .map), (.map, .object): true
    case (.string, _), (.int, _), (.double, _), (.bool, _), (.list, _), (.map, _), (.object, _): false
    }
  }
}

extension String {
  /// Where `kind` stands with `name` right after it in either form, in bytes.
  fileprivate func byteOffset(of kind: Substring, before name: Substring) -> Int? {
    let bytes = Array(utf8), kind = Array(kind.utf8), name = Array(name.utf8)
    var start = 0
    while start + kind.count <= bytes.count {
      if bytes[start..<start + kind.count].elementsEqual(kind) {
        let after = bytes[(start + kind.count)...].drop { ".[\"' ".utf8.contains($0) }
        if after.starts(with: name) { return start }
      }
      start += 1
    }
    return nil
  }
}
