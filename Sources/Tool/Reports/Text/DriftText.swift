import Diagnostics
import Planning
import Resources
import Values

/// A drift report for people: what was changed first, then what is not applied yet, what stands beside us, what
/// others added, and what was looked at.
package struct DriftText {
  private let palette: Palette

  package init(_ palette: Palette = .plain) { self.palette = palette }

  package static let noDrift = "No drift. Everything stands as it was left."

  package func write(_ report: DriftReport, to sink: TextSink) {
    for drifted in report.drifted { block(drifted, to: sink) }
    section("Not applied yet: the manifests want", report.pending.map(line), to: sink)
    section("Unmanaged: nobody of us made these, and they hang on what is ours", report.unmanaged.map(line), to: sink)
    section("Beside us: nobody of us made these, and they hang on nothing of ours", beside(report), to: sink)
    section("Added by others where no manifest writes anything (left alone)", report.additions.map(line), to: sink)
    sink.line(palette(Self.summary(report), .bold))
    if !report.drifted.isEmpty {
      sink.line("`plumb plan` shows how it is set right; a change to keep is written into its manifest.")
    }
    coverage(report.coverage, to: sink)
  }

  /// `Drift: 2 changed, 1 deleted. Also 1 pending, 3 unmanaged, 1 added.`
  package static func summary(_ report: DriftReport) -> String {
    let gone = report.drifted.count { $0.isGone }
    let also = [
      (report.pending.count, "not applied yet"), (report.unmanaged.count, "unmanaged"),
      (report.beside.count, "beside us"), (report.additions.count, "added by others"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    let rest = also.isEmpty ? "" : " Also: \(also)."
    if report.drifted.isEmpty {
      return (report.isComplete ? noDrift : "No drift in what could be compared.") + rest
    }
    return "Drift: \(report.drifted.count - gone) changed, \(gone) deleted." + rest
  }

  // MARK: Parts

  private func block(_ drifted: DriftReport.Drifted, to sink: TextSink) {
    let address = TerminalText.escaped(drifted.address.text)
    let verb = drifted.isGone ? "was deleted outside of Plumb" : "was changed outside of Plumb"
    sink.line(palette("  # \(address) \(verb)", .bold))
    if let origin = drifted.origin { sink.line(palette("    written at \(TerminalText.escaped("\(origin)"))", .faint)) }
    let symbol = drifted.isGone ? palette("-", .red) : palette("~", .yellow)
    let place = TerminalText.escaped("\(drifted.type) on \(drifted.target) [id=\(drifted.remote)]")
    sink.line("  \(symbol) \(place)")
    for field in drifted.fields { sink.lines(lines(field)) }
    sink.line()
  }

  private func lines(_ field: DriftReport.DriftedField) -> [String] {
    let change = FieldChange(path: field.path, before: field.recorded, after: field.observed)
    var lines = FieldText(palette).lines(change)
    guard !lines.isEmpty else { return lines }
    if let author = field.author {
      lines[0] += palette(" # changed by \(TerminalText.escaped("\(author)"))", .faint)
    }
    if field.isUnwritten {
      lines[0] += palette(" # no manifest writes it: write the field, even empty, to own it", .faint)
    } else if let origin = field.origin {
      lines[0] += palette(" # \(TerminalText.escaped("\(origin)"))", .faint)
    }
    return lines
  }

  private func section(_ title: String, _ lines: [String], to sink: TextSink) {
    guard !lines.isEmpty else { return }
    sink.line(palette("\(title):", .bold))
    sink.lines(lines)
    sink.line()
  }

  private func line(_ pending: DriftReport.Pending) -> String {
    let symbol = palette(pending.action.symbol, palette.paint(pending.action))
    let paths = pending.paths.prefix(5).map(\.description).joined(separator: ", ")
    let words = [
      pending.action.phrase, paths.isEmpty ? nil : "(\(paths)\(pending.paths.count > 5 ? ", …" : ""))",
      pending.remark.map { ", \($0)" },
    ].compactMap { $0 }
    let place = pending.origin.map { ", written at \($0)" } ?? ""
    return "  \(symbol) "
      + TerminalText.escaped("\(pending.address) \(words.joined(separator: " "))\(place)".replacing(" , ", with: ", "))
  }

  private func line(_ unmanaged: DriftReport.Unmanaged) -> String {
    let name = unmanaged.name.map { " (\($0))" } ?? ""
    let owner = unmanaged.marker.map { ", marked as `\($0.address)` of scope `\($0.scope)`" } ?? ""
    let ours = unmanaged.owners.map { "`\($0)`" }.joined(separator: ", ")
    return "  ? "
      + TerminalText.escaped("\(unmanaged.type) \(unmanaged.remote)\(name) on \(unmanaged.target), at \(ours)\(owner)")
  }

  /// One line a type: an account may hold any number of them.
  private func beside(_ report: DriftReport) -> [String] {
    var groups: [(text: String, objects: [DriftReport.Unmanaged])] = []
    for object in report.beside {
      let text = "\(object.type) on \(object.target)"
      if groups.last?.text == text {
        groups[groups.count - 1].objects.append(object)
      } else {
        groups.append((text, [object]))
      }
    }
    return groups.map { text, objects in
      let shown = objects.prefix(CoverageText.limit).map(\.remote.text).joined(separator: ", ")
      let more = objects.count - CoverageText.limit
      return "  ? " + TerminalText.escaped("\(objects.count) \(text): \(shown)\(more > 0 ? " and \(more) more" : "")")
    }
  }

  private func line(_ addition: DriftReport.Addition) -> String {
    let value = ValueText.plain.inline(addition.value) ?? "…"
    return "  + " + TerminalText.escaped("\(addition.address) \(addition.path): ") + value
  }

  private func coverage(_ types: [DriftReport.TypeCoverage], to sink: TextSink) {
    guard !types.isEmpty else { return sink.line("Nothing is recorded: there was nothing to compare.") }
    sink.line()
    sink.line("Compared:")
    for one in types {
      let ignored = one.ignored == 0 ? "" : ", \(one.ignored) ignored \(one.ignored == 1 ? "field" : "fields")"
      let missed = one.unreadable.isEmpty ? "" : palette(", \(one.unreadable.count) unreadable", .yellow)
      sink.line("  \(TerminalText.escaped("\(one.type) on \(one.target)")): \(one.compared)\(ignored)\(missed)")
      for (subject, why) in one.unreadable.sorted(by: { $0.key < $1.key }).prefix(CoverageText.limit) {
        sink.line("    \(TerminalText.escaped("\(subject): \(why)"))")
      }
      let more = one.unreadable.count - CoverageText.limit
      if more > 0 { sink.line("    and \(more) more") }
    }
  }
}
