import Diagnostics
import Expressions
import Manifests
import Resources
import Values

/// All prices that are known, the estate's own first, ready to be asked.
package struct PriceBook: Sendable {
  /// Of the newest table that has a say.
  package private(set) var date = ""
  package private(set) var source = ""
  private var rows: [Row] = []

  /// One price with its compiled expressions.
  struct Row: Sendable {
    var price: PriceTable.Price
    var condition: Condition?
    var components: [(component: PriceTable.Component, quantity: Program?)]
  }

  /// What is known of a resource's price.
  enum Answer: Sendable {
    case free
    /// US dollars a month, and what is paid for by use.
    case amount(Double, usage: [String])
    /// Everything is paid for by use.
    case byUse([String])
    case notEstimated
  }

  /// - Parameter own: tables of the estate's policies.
  package static func load(_ own: [PriceTable], catalog: TypeCatalog, sources: SourceTexts) -> (
    book: PriceBook, diagnostics: [Diagnostic]
  ) {
    var reader = PolicyReader()
    var sources = sources
    let list = ListPrices.read(&reader, &sources)
    var compiler = PriceCompiler(catalog: catalog, sources: sources)
    var book = PriceBook()
    for table in own + [list].compactMap({ $0 }) {
      book.rows += table.prices.compactMap { compiler.compile($0) }
    }
    let first = own.first ?? list
    book.date = first?.date ?? ""
    book.source = first?.source ?? ""
    return (book, reader.diagnostics + compiler.diagnostics)
  }

  /// The first price that fits.
  func answer(_ type: TypeName, region: String?, _ activation: () -> Activation) -> Answer {
    var made: Activation?
    for row in rows where Address(type.text).matches(glob: row.price.type) {
      let regions = row.price.regions
      if !regions.isEmpty {
        guard let region, regions.contains(where: { Address(region).matches(glob: $0) }) else { continue }
      }
      let activation = made ?? activation()
      made = activation
      switch row.condition?.holds(activation) {
      case .yes, nil: return row.answer(activation)
      case .no: continue
      case .undecided, .failed: return .notEstimated
      }
    }
    return .notEstimated
  }
}

extension PriceBook.Row {
  fileprivate func answer(_ activation: Activation) -> PriceBook.Answer {
    if price.isFree { return .free }
    var amount = 0.0
    var isAmount = false
    var usage: [String] = []
    for (component, quantity) in components {
      guard let quantity else {
        usage.append("\(component.name): \(Money.unitPrice(component.price)) per \(component.unit)")
        continue
      }
      guard let units = units(quantity, activation) else { return .notEstimated }
      amount += units * component.price
      isAmount = true
    }
    return isAmount ? .amount(amount, usage: usage) : .byUse(usage)
  }

  private func units(_ quantity: Program, _ activation: Activation) -> Double? {
    guard case .value(let units) = quantity.evaluate(activation, limits: Condition.limits).outcome else { return nil }
    let number: Double? =
      switch units {
      case .int(let units): Double(units)
      case .uint(let units): Double(units)
      case .double(let units): units
      default: nil
      }
    return number.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
  }
}

/// Compiles the expressions of prices against the types that they are for.
private struct PriceCompiler {
  let catalog: TypeCatalog
  let sources: SourceTexts
  var diagnostics: [Diagnostic] = []
  private let base = ExpressionEnvironment(libraries: PlumbLibrary.all)

  init(catalog: TypeCatalog, sources: SourceTexts) {
    self.catalog = catalog
    self.sources = sources
  }

  mutating func compile(_ price: PriceTable.Price) -> PriceBook.Row? {
    let environment = base.declaring(RuleTypes.price(catalog[TypeName(price.type)]))
    var row = PriceBook.Row(price: price, condition: nil, components: [])
    if let text = price.condition {
      guard let program = program(text, environment, .bool) else { return nil }
      row.condition = Condition(program: program)
    }
    for component in price.components {
      guard let text = component.quantity else {
        row.components.append((component, nil))
        continue
      }
      guard let program = program(text, environment, nil) else { return nil }
      row.components.append((component, program))
    }
    return row
  }

  private mutating func program(_ text: Value, _ environment: ExpressionEnvironment, _ wanted: ExpressionType?)
    -> Program?
  {
    let (program, problems) = Program.compile(text.spelling, in: environment, expecting: wanted) { offset in
      sources.position(of: offset, in: text)
    }
    diagnostics += problems
    return program
  }
}
