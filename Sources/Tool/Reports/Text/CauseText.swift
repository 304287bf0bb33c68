import Diagnostics
import Planning
import Resources

/// Why an address changes, down to lines of manifests: the causes of the change that caused it are told below it.
package struct CauseText {
  /// Changes that cause each other further than this are named and not told.
  static let depthLimit = 16

  private let palette: Palette
  private let changes: [Address: Change]
  private let values: ValueText

  package init(_ plan: Plan, _ palette: Palette = .plain) {
    self.palette = palette
    values = ValueText(awaited: plan.awaited)
    changes = Dictionary(plan.changes.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// nil where the plan does not know the address.
  package func lines(_ address: Address) -> [String]? {
    guard let change = changes[address] else { return nil }
    var told: Set<Address> = []
    return lines(change, indent: 0, &told) + fields(change)
  }

  private func lines(_ change: Change, indent: Int, _ told: inout Set<Address>) -> [String] {
    let margin = String(repeating: " ", count: indent)
    let address = TerminalText.escaped(change.address.text)
    var lines = [margin + palette("\(address) \(ChangeText.sentence(change))", .bold)]
    guard told.insert(change.address).inserted else { return [lines[0] + " (told above)"] }
    if change.action == .noop, let origin = change.origin { lines.append("\(margin)  written at \(origin)") }
    for cause in change.causes {
      lines.append("\(margin)  because \(ChangeText.text(cause))")
      guard let upstream = cause.upstream.flatMap({ changes[$0] }), indent < Self.depthLimit * 2 else {
        continue
      }
      lines += self.lines(upstream, indent: indent + 4, &told)
    }
    return lines
  }

  private func fields(_ change: Change) -> [String] {
    let fields = FieldText(palette, values, indent: 2)
    let lines = change.fields.flatMap(fields.lines)
    return lines.isEmpty ? [] : [""] + lines
  }
}
