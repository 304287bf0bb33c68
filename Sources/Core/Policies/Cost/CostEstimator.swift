import Expressions
import Planning
import Resources
import Values

/// What everything costs in a month: the report, and one line for each address that rules may ask about.
package struct CostEstimate: Sendable {
  package var report: CostReport
  package var lines: [Address: CostLine]
}

package enum CostEstimator {
  /// Prices everything that stands and that will stand. What no price is known of is counted apart, never as zero.
  package static func estimate(_ input: PolicyInput, _ book: PriceBook, catalog: TypeCatalog) -> CostEstimate {
    var estimate = CostEstimate(report: CostReport(date: book.date, source: book.source), lines: [:])
    var facts = Facts(input, catalog, parameters: .map([]), cost: nil)
    let regions = Dictionary(input.targets.map { ($0.name, $0.region) }, uniquingKeysWith: { first, _ in first })
    for position in input.resources.indices {
      let resource = input.resources[position]
      let region = regions[resource.target] ?? nil
      let after = resource.after.map { _ in
        book.answer(resource.type, region: region) { facts.activation(position, []) }
      }
      let before = before(resource, after, region, book, &facts)
      count(after, resource, &estimate.report)
      let line = CostLine(
        address: resource.address, type: resource.type, action: resource.action ?? .noop,
        before: before.flatMap(\.amount), after: after.flatMap(\.amount), usage: (after ?? before)?.usage ?? [])
      estimate.lines[resource.address] = line
      estimate.report.before += line.before ?? 0
      estimate.report.after += line.after ?? 0
      if isTold(line, before, after) { estimate.report.lines.append(line) }
    }
    return estimate
  }

  /// What is not changed costs what it will cost.
  private static func before(
    _ resource: PolicyInput.Resource, _ after: PriceBook.Answer?, _ region: String?, _ book: PriceBook,
    _ facts: inout Facts
  ) -> PriceBook.Answer? {
    switch resource.action {
    case .noop, .move: return after
    case .create: return nil
    case nil: return nil
    case .adopt, .update, .replace, .createThenDelete, .delete, .forget: break
    }
    guard let before = resource.before else { return resource.action == .adopt ? after : nil }
    return book.answer(resource.type, region: region) { facts.activation(pricing: before, resource) }
  }

  private static func count(
    _ answer: PriceBook.Answer?, _ resource: PolicyInput.Resource, _ report: inout CostReport
  ) {
    switch answer {
    case .free: report.free += 1
    case .amount: report.estimated += 1
    case .byUse: report.byUse += 1
    case .notEstimated: report.notEstimated[resource.type.text, default: 0] += 1
    case nil: break
    }
  }

  private static func isTold(_ line: CostLine, _ before: PriceBook.Answer?, _ after: PriceBook.Answer?) -> Bool {
    guard line.action != .noop, line.action != .move else { return false }
    return [before, after].contains { answer in
      switch answer {
      case .amount, .byUse: true
      case .free, .notEstimated, nil: false
      }
    }
  }
}

extension PriceBook.Answer {
  /// US dollars a month; nil where there is no figure.
  var amount: Double? {
    switch self {
    case .free: 0
    case .amount(let amount, _): amount
    case .byUse, .notEstimated: nil
    }
  }

  var usage: [String] {
    switch self {
    case .amount(_, let usage), .byUse(let usage): usage
    case .free, .notEstimated: []
    }
  }
}
