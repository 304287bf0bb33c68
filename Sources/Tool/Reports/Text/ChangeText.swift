import Diagnostics
import Planning
import Resources
import Values

/// One change of a plan as a block of lines.
struct ChangeText {
  /// Causes beyond this many are told by `plumb explain ADDRESS`.
  static let causeLimit = 3

  let palette: Palette
  let values: ValueText

  init(_ palette: Palette, _ values: ValueText = .plain) {
    self.palette = palette
    self.values = values
  }

  /// Everything of the block that does not name the address: equal bodies may share one block.
  func body(_ change: Change) -> [String] {
    let fields = FieldText(palette, values)
    switch change.action {
    case .noop, .move, .forget: return []
    case .create: return whole(change, change.proposed ?? change.after, "+", .green)
    case .delete: return whole(change, change.before, "-", .red)
    case .update, .replace, .createThenDelete, .adopt: break
    }
    let lines = change.fields.flatMap(fields.lines)
    let touched = Set(change.fields.compactMap(\.path.field))
    let unchanged = change.after?.entries.count { !touched.contains($0.key) } ?? 0
    return lines + fields.hidden(unchanged, "unchanged", "field", "fields", 4)
  }

  private func whole(_ change: Change, _ value: Value?, _ mark: String, _ paint: Palette.Paint) -> [String] {
    guard let value, value.kind == .map else { return [] }
    let fields = FieldText(palette, values)
    return value.entries.flatMap { fields.marked(ValueText.key($0.key), $0.value, mark, paint, 4) }
  }

  func block(_ change: Change, _ body: [String]) -> [String] {
    let address = TerminalText.escaped(change.address.text)
    var lines = [palette("  # \(address) \(Self.sentence(change))", .bold)]
    lines += causes(change)
    let symbol = palette(change.action.symbol, palette.paint(change.action))
    let type = TerminalText.escaped(change.type.text), target = TerminalText.escaped(change.target.text)
    let remote = change.remote.map { " [id=\(TerminalText.escaped($0.text))]" } ?? ""
    lines.append("  \(symbol) \(type) on \(target)\(remote)")
    return lines + body
  }

  /// One block for many changes that differ in their address alone.
  func block(of addresses: [String], like change: Change, _ body: [String]) -> [String] {
    let type = TerminalText.escaped(change.type.text)
    var lines = [palette("  # \(addresses.count) × \(type): each \(Self.sentence(change))", .bold)]
    lines += AddressList.lines(
      addresses, limit: change.action.isDestructive ? nil : AddressList.limit, indent: 4)
    let symbol = palette(change.action.symbol, palette.paint(change.action))
    lines.append("  \(symbol) \(type) on \(TerminalText.escaped(change.target.text))")
    return lines + body
  }

  /// What happens and why, after the address.
  static func sentence(_ change: Change) -> String {
    let origin =
      change.action == .move ? change.movedFrom.map { " from \(TerminalText.escaped($0.text))" } : nil
    return change.action.phrase + (origin ?? "") + (remark(change.reason).map { " (\($0))" } ?? "")
  }

  /// Only what the action alone does not say.
  private static func remark(_ reason: ActionReason) -> String? {
    switch reason {
    case .none, .notRecorded, .cannotUpdate, .adopted, .moved, .destroying, .manifestChanged: nil
    case .gone: "it is gone from the service"
    case .requested: "as requested"
    case .noManifest: "its manifest is gone"
    case .superseded: "what a replacement left behind"
    case .released: "released by the estate"
    case .goneUnwanted: "it is gone and no longer wanted"
    case .found: "it carries our marker"
    case .drifted: "changed outside of the manifests"
    }
  }

  private func causes(_ change: Change) -> [String] {
    // A field's own line says that it forces replacement.
    let causes = change.causes.filter { $0.kind != .provider }
    var lines = causes.prefix(Self.causeLimit).map { palette("    because \(Self.text($0))", .faint) }
    if causes.count > Self.causeLimit {
      let rest = causes.count - Self.causeLimit
      lines.append(
        palette("    and \(rest) more: plumb explain \(TerminalText.escaped(change.address.text))", .faint))
    }
    return lines
  }

  /// `manifests/network.yaml:12:3: the manifest writes another value`.
  static func text(_ cause: Cause) -> String {
    let place = cause.origin.map { "\($0): " } ?? ""
    return TerminalText.escaped(place + cause.text)
  }
}

/// Many addresses on few lines.
enum AddressList {
  static let limit = 20
  private static let width = 100

  /// - Parameter limit: how many are named; nil for all.
  static func lines(_ addresses: [String], limit: Int?, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = [], line = ""
    let named = addresses.prefix(limit ?? addresses.count).map(TerminalText.escaped)
    let rest = addresses.count - named.count
    for word in named.map({ $0 + "," }).dropLast() + (named.suffix(1))
      + (rest > 0 ? ["and \(rest) more"] : [])
    {
      if !line.isEmpty, indent + line.utf8.count + word.utf8.count + 1 > width {
        lines.append(margin + line)
        line = ""
      }
      line += line.isEmpty ? word : " \(word)"
    }
    return line.isEmpty ? lines : lines + [margin + line]
  }
}
