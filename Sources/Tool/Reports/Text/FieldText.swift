import Diagnostics
import Resources
import Values

/// One field's change as lines: `~ cidrBlock: "10.0.0.0/16" -> "10.1.0.0/16" # forces replacement`.
struct FieldText {
  let palette: Palette
  let values: ValueText
  /// Columns before the mark.
  let indent: Int

  init(_ palette: Palette, _ values: ValueText = .plain, indent: Int = 4) {
    self.palette = palette
    self.values = values
    self.indent = indent
  }

  func lines(_ change: FieldChange) -> [String] {
    let name = TerminalText.escaped(change.path.description)
    var lines = difference(name, change.before, change.after, change.effect, indent)
    let remark = remark(change)
    if !remark.isEmpty, !lines.isEmpty {
      lines[0] += palette(" # \(remark)", change.forcesReplacement ? .red : .faint)
    }
    return lines
  }

  private func remark(_ change: FieldChange) -> String {
    var remarks: [String] = []
    switch change.effect {
    case .set: break
    case .remove: remarks.append("dropped from the manifest")
    case .reset: remarks.append("dropped from the manifest, back to the service's default")
    case .release: remarks.append("dropped from the manifest, left as it is")
    }
    if change.forcesReplacement { remarks.append("forces replacement") }
    return remarks.joined(separator: "; ")
  }

  private func difference(
    _ name: String, _ before: Value?, _ after: Value?, _ effect: FieldChange.Effect, _ indent: Int
  ) -> [String] {
    switch effect {
    case .release: return values.lines(name, before, mark: ".", indent: indent)
    case .remove: return marked(name, before, "-", .red, indent)
    case .set, .reset: break
    }
    switch (before, after) {
    case (nil, nil): return []
    case (nil, let after?): return marked(name, after, "+", .green, indent)
    case (let before?, nil): return marked(name, before, "-", .red, indent)
    case (let before?, let after?): return changed(name, before, after, indent)
    }
  }

  /// All lines of a value with one mark, the mark coloured.
  func marked(_ name: String, _ value: Value?, _ mark: String, _ paint: Palette.Paint, _ indent: Int)
    -> [String]
  {
    values.lines(name, value, mark: mark, indent: indent).map { colored($0, mark, paint) }
  }

  private func colored(_ line: String, _ mark: String, _ paint: Palette.Paint) -> String {
    let margin = line.prefix { $0 == " " }
    guard palette.isColored, line.dropFirst(margin.count).hasPrefix(mark) else { return line }
    return margin + palette(mark, paint) + line.dropFirst(margin.count + mark.count)
  }

  private func changed(_ name: String, _ before: Value, _ after: Value, _ indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    let mark = palette("~", .yellow)
    if before.isSensitive || after.isSensitive { return ["\(margin)\(mark) \(name): \(ValueText.sensitive)"] }
    let isNested = before.kind == after.kind && (before.kind == .map || before.kind == .list)
    if isNested, before.count + after.count > 0 {
      let inner = before.kind == .map ? entries(before, after, indent + 4) : items(before, after, indent + 4)
      let brackets = before.kind == .map ? ("{", "}") : ("[", "]")
      return ["\(margin)\(mark) \(name): \(brackets.0)"] + inner + ["\(margin)  \(brackets.1)"]
    }
    guard let left = values.inline(before), let right = values.inline(after) else {
      return marked(name, before, "-", .red, indent) + marked(name, after, "+", .green, indent)
    }
    return ["\(margin)\(mark) \(name): \(left) -> \(right)"]
  }

  private func entries(_ before: Value, _ after: Value, _ indent: Int) -> [String] {
    var lines: [String] = [], unchanged = 0
    for entry in after.entries {
      let key = ValueText.key(entry.key)
      guard let old = before[entry.key] else {
        lines += marked(key, entry.value, "+", .green, indent)
        continue
      }
      if old == entry.value { unchanged += 1 } else { lines += changed(key, old, entry.value, indent) }
    }
    for entry in before.entries where after[entry.key] == nil {
      lines += marked(ValueText.key(entry.key), entry.value, "-", .red, indent)
    }
    return lines + hidden(unchanged, "unchanged", "entry", "entries", indent)
  }

  /// Items that stand in one list only, each as often as it does; order alone is shown as such.
  private func items(_ before: Value, _ after: Value, _ indent: Int) -> [String] {
    var gone = Array(before.elements), added: [Value] = [], unchanged = 0
    for item in after.elements {
      if let position = gone.firstIndex(of: item) {
        gone.remove(at: position)
        unchanged += 1
      } else {
        added.append(item)
      }
    }
    var lines = gone.flatMap { marked("", $0, "-", .red, indent) }
    lines += added.flatMap { marked("", $0, "+", .green, indent) }
    if lines.isEmpty {
      lines = after.elements.flatMap { marked("", $0, "~", .yellow, indent) } + ["# in another order"]
    }
    return lines + hidden(unchanged, "unchanged", "item", "items", indent)
  }

  func hidden(_ count: Int, _ what: String, _ one: String, _ many: String, _ indent: Int) -> [String] {
    guard count > 0 else { return [] }
    let margin = String(repeating: " ", count: indent)
    return [margin + palette("# (\(count) \(what) \(count == 1 ? one : many) hidden)", .faint)]
  }
}
