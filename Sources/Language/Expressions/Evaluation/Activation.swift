import Values

/// What an expression reads: the values of its variables and of the references to other manifests.
///
///     var activation = Activation(["object": .value(document), "maximum": .int(5)])
///     activation.resolve = { reference in known[reference] }
///
/// A variable may be `.unknown(…)`, or `.failed(…)`, which fails what reads it.
package struct Activation {
  package var variables: [(name: String, value: Operand)]
  /// The value of a reference; nil while it has none. Unknowns within the value count as awaiting the reference.
  package var resolve: (Reference) -> Operand?
  /// What is known of a slot, for the unknowns within documents.
  package var describe: (Slot) -> Unknown?

  package init(
    _ variables: KeyValuePairs<String, Operand> = [:], resolve: @escaping (Reference) -> Operand? = { _ in nil }
  ) {
    self.variables = variables.map { (name: $0.key, value: $0.value) }
    self.resolve = resolve
    describe = { _ in nil }
  }

  /// Costs more than the other, which a literal takes.
  @_disfavoredOverload
  package init(_ variables: [String: Operand], resolve: @escaping (Reference) -> Operand? = { _ in nil }) {
    self.variables = variables.map { (name: $0.key, value: $0.value) }
    self.resolve = resolve
    describe = { _ in nil }
  }

  /// The value of a variable; nil where it has none.
  package subscript(name: String) -> Operand? {
    get { variables.first { $0.name == name }?.value }
    set {
      let index = variables.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): variables[index].value = value
      case (nil, let value?): variables.append((name: name, value: value))
      case (let index?, nil): variables.remove(at: index)
      case (nil, nil): break
      }
    }
  }
}

/// What evaluating may cost.
package struct EvaluationLimits: Sendable {
  /// Units of work: one a step, and what functions charge.
  package var cost: Int
  /// Bytes of one text and items of one list that an expression makes.
  package var size: Int

  package init(cost: Int = ExpressionLimits.cost, size: Int = ExpressionLimits.resultBytes) {
    self.cost = cost
    self.size = size
  }

  package static let standard = EvaluationLimits()
}
