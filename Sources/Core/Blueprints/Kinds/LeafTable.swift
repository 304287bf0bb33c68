import Expressions
import Resources
import Values

/// The values that are not known before something exists, each with the text that reads it: `Network["prod/vpc"].id`.
final class LeafTable {
  private var bySource: [String: Unknown] = [:]
  private var sources: [ObjectIdentifier: String] = [:]
  private var templates: [String: Template] = [:]

  /// What stands where something was wrong and has been reported: it awaits nothing.
  static let broken = Unknown()

  /// A field of a resource.
  func leaf(_ reference: Reference) -> Unknown { leaf(reference.source, awaiting: [reference]) }

  /// The value of an expression that reads nothing but resources.
  func leaf(_ source: String, awaiting references: [Reference]) -> Unknown {
    if let known = bySource[source] { return known }
    let unknown = Unknown(references: references)
    bySource[source] = unknown
    sources[ObjectIdentifier(unknown)] = source
    return unknown
  }

  /// The text of what stands for itself; nil for what was computed.
  func name(_ unknown: Unknown) -> String? { sources[ObjectIdentifier(unknown)] }

  /// The template that reads a leaf, parsed once.
  func template(_ source: String) -> Template {
    if let known = templates[source] { return known }
    let template = Template(source: source, in: Deferred.stored)
    templates[source] = template
    return template
  }

  /// An operand all of whose unknowns have names: as it is, or the whole as one.
  func settled(_ operand: Operand, residual: () -> String?) -> Operand {
    if case .unknown(let unknown) = operand, name(unknown) != nil || unknown.references.isEmpty { return operand }
    if operand.source(naming: name) != nil { return operand }
    guard let source = residual() else { return .unknown(Self.broken) }
    return .unknown(leaf(source, awaiting: template("${\(source)}").references))
  }
}
