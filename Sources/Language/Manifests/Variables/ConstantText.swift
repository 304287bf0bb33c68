import Diagnostics
import Expressions
import Values

/// Evaluates expressions where only variables can be read: in the estate's settings, in targets, and under `metadata`.
struct ConstantText {
  private let environment: ExpressionEnvironment
  private let activation: Activation
  /// False where a variable has no value, which is reported already.
  private let isComplete: Bool
  private let sources: SourceTexts
  /// Kinds of blueprints in groups of their own, which are no Kubernetes objects: `acme.dev/v1 TeamSpace`.
  var defined: Set<String> = []
  private(set) var diagnostics: [Diagnostic] = []

  init(_ environment: ExpressionEnvironment, _ activation: Activation, isComplete: Bool, _ sources: SourceTexts) {
    self.environment = environment
    self.activation = activation
    self.isComplete = isComplete
    self.sources = sources
  }

  /// The document as it is to be read: an estate and a target as a whole, of a manifest `metadata`.
  mutating func evaluated(_ document: Value) -> Value {
    guard document.kind == .map else { return document }
    let isOwn = document["apiVersion"]?.string == ManifestSchemas.ownVersion
    switch (isOwn, document["kind"]?.string) {
    case (true, "Target"): return evaluate(document)
    case (true, "Estate"): return entry("spec", of: document) { $0.key == "variables" }
    case (true, "Blueprint"), (true, "Policy"), (true, "Environment"): return document
    default:
      let name = "\(document["apiVersion"]?.string ?? "") \(document["kind"]?.string ?? "")"
      guard ManifestDocument.takesExpressions(document) || defined.contains(name) else { return document }
      return entry("metadata", of: document) { _ in false }
    }
  }

  /// The document with one entry evaluated, apart from some of the entries below that.
  private mutating func entry(_ key: String, of document: Value, except isKept: (Value.Entry) -> Bool) -> Value {
    guard let value = document[key], value.holdsExpression else { return document }
    return Value.build { builder in
      builder.setPosition(document.origin)
      builder.beginMap()
      for entry in document.entries {
        builder.startEntry(entry)
        guard entry.key == key, entry.value.kind == .map else {
          builder.append(entry.value)
          continue
        }
        builder.setPosition(entry.value.origin)
        builder.beginMap()
        for inner in entry.value.entries {
          builder.startEntry(inner)
          if isKept(inner) { builder.append(inner.value) } else { write(inner.value, to: &builder) }
        }
        builder.endMap()
      }
      builder.endMap()
    }
  }

  private mutating func evaluate(_ value: Value) -> Value {
    guard value.holdsExpression else { return value }
    return Value.build { write(value, to: &$0) }
  }

  private mutating func write(_ value: Value, to builder: inout TapeBuilder) {
    switch value.kind {
    case .string where Template.isTemplate(value): builder.append(result(value).placed(value.origin))
    case .null, .bool, .int, .double, .string, .unknown: builder.append(value)
    case .list:
      builder.setPosition(value.origin)
      builder.beginList()
      for item in value.elements { write(item, to: &builder) }
      builder.endList()
    case .map:
      builder.setPosition(value.origin)
      builder.beginMap()
      for entry in value.entries {
        builder.startEntry(entry)
        write(entry.value, to: &builder)
      }
      builder.endMap()
    }
  }

  /// What is wrong is reported and leaves null, which stands for what is not written.
  private mutating func result(_ value: Value) -> Value {
    let sources = sources
    let template = Template.parse(value.spelling, in: environment) { sources.position(of: $0, in: value) }
    diagnostics += template.diagnostics
    guard template.diagnostics.isEmpty else { return .null }
    guard template.isConstant else {
      let names = template.references.map { "`\($0)`" }.joined(separator: ", ")
      diagnostics.append(
        .error(
          .constantExpression, "\(names) cannot be read here, before any resource exists", at: value.origin,
          length: value.spelling.unicodeScalars.count,
          hint: "expressions in targets, settings and `metadata` read variables: `${var.name}`"))
      return .null
    }
    switch template.evaluate(activation) {
    case .value(let value): return value
    case .unknown: return .null
    case .failed(var problem):
      problem.position = value.origin
      if isComplete { diagnostics.append(problem) }
      return .null
    }
  }
}

extension Value {
  /// True where a text anywhere below holds `${`.
  fileprivate var holdsExpression: Bool {
    switch kind {
    case .string: Template.isTemplate(self)
    case .list: elements.contains { $0.holdsExpression }
    case .map: entries.contains { $0.value.holdsExpression }
    case .null, .bool, .int, .double, .unknown: false
    }
  }

  /// A computed scalar at a place; collections keep their own places.
  fileprivate func placed(_ origin: SourcePosition?) -> Value {
    guard kind != .list, kind != .map else { return self }
    return Value.build { builder in
      if isSensitive { builder.beginSensitive() }
      builder.setPosition(origin)
      switch kind {
      case .null, .list, .map, .unknown: builder.null()
      case .bool: builder.bool(bool == true)
      case .int: withUTF8 { builder.int(spelling: $0) }
      case .double: withUTF8 { builder.double(spelling: $0) }
      case .string: withUTF8 { builder.string(utf8: $0) }
      }
      if isSensitive { builder.endSensitive() }
    }
  }
}
