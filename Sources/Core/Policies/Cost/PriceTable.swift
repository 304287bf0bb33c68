import Diagnostics
import Manifests
import Schemas
import Values

/// Prices of resource types on one day.
package struct PriceTable: Sendable {
  /// `2026-05-01`.
  package var date: String
  package var source: String
  package var prices: [Price]

  package struct Price: Sendable {
    package var type: String
    /// Patterns; empty for every region.
    package var regions: [String]
    /// CEL over the resource; nil for all of the type.
    package var condition: Value?
    package var isFree: Bool
    package var components: [Component]
    package var origin: SourcePosition?
  }

  package struct Component: Sendable {
    package var name: String
    package var unit: String
    /// US dollars for one unit.
    package var price: Double
    /// CEL: units in a month; nil where it depends on use.
    package var quantity: Value?
  }
}

extension PolicyReader {
  /// The program's own prices: a document of that form alone.
  mutating func priceDocument(_ value: Value) -> PriceTable? {
    let found = PolicySchemas.prices.validate(value, path: "prices")
    diagnostics += found
    return found.hasErrors ? nil : prices(value)
  }

  /// The form was checked by the schema.
  mutating func prices(_ value: Value) -> PriceTable? {
    guard let date = value["date"]?.string, PolicyDate.isDay(date) else {
      problem(
        .policyPrice, "the date of the prices is no day", value["date"] ?? value, hint: "write it as `2026-05-01`")
      return nil
    }
    let rows = (value["table"] ?? .null).elements.compactMap { price($0) }
    return PriceTable(date: date, source: value["source"]?.string ?? "", prices: rows)
  }

  private mutating func price(_ row: Value) -> PriceTable.Price? {
    guard let type = row["resource"]?.string else { return nil }
    let components = (row["components"] ?? .null).elements.compactMap { component($0) }
    let isFree = row["free"]?.bool ?? false
    guard isFree == ((row["components"]?.count ?? 0) == 0) else {
      problem(
        .policyPrice, "the price of `\(type)` is \(isFree ? "free and has components" : "empty")", row,
        hint: "write `free: true`, or `components`")
      return nil
    }
    return PriceTable.Price(
      type: type, regions: (row["regions"] ?? .null).elements.compactMap(\.string), condition: row["when"],
      isFree: isFree, components: components, origin: row.origin)
  }

  private mutating func component(_ value: Value) -> PriceTable.Component? {
    guard let name = value["name"]?.string, let unit = value["unit"]?.string, let price = value["price"]?.double
    else { return nil }
    guard price > 0, price.isFinite else {
      problem(
        .policyPrice, "the price of `\(name)` is not above zero", value["price"] ?? value,
        hint: "what costs nothing is `free: true`; leave out what is not known")
      return nil
    }
    return PriceTable.Component(name: name, unit: unit, price: price, quantity: value["quantity"])
  }
}
