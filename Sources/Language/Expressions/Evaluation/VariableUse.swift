import Values

/// Where an expression reads a variable, with the constant way into it: `var.network.zones[0]`.
struct VariableUse: Sendable {
  let name: String
  let path: ValuePath
  /// Bytes in the whole text.
  let range: Range<Int>

  /// The uses in a checked tree, from left to right. Variables of macros are none.
  static func all(in tree: SyntaxTree, _ resolutions: [Resolution?]) -> [VariableUse] {
    var found: [VariableUse] = []
    var waiting = [tree.root]
    while let node = waiting.popLast() {
      if let use = use(node, tree, resolutions) {
        found.append(use)
      } else {
        waiting += tree[node].children
      }
    }
    return found.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// The longest chain into a variable that ends at a node.
  private static func use(_ node: Int, _ tree: SyntaxTree, _ resolutions: [Resolution?]) -> VariableUse? {
    var path: [ValuePath.Segment] = []
    var current = node
    while true {
      if case .variable(let name)? = resolutions[current] {
        return VariableUse(name: name, path: ValuePath(path.reversed()), range: tree[node].range)
      }
      guard resolutions[current] == nil else { return nil }
      switch tree[current].kind {
      case .select(let base, let field, false):
        path.append(.key(field))
        current = base
      case .index(let base, let index, false):
        guard case .literal(let key) = tree[index].kind else { return nil }
        if case .string(let text) = key {
          path.append(.key(text))
        } else if let position = key.position {
          path.append(.index(position))
        } else {
          return nil
        }
        current = base
      case .broken, .literal, .identifier, .reference, .select, .test, .index, .call, .operation, .negation,
        .conditional, .list, .map, .comprehension, .bind, .optionalMap:
        return nil
      }
    }
  }
}

extension Template {
  /// The names of the variables it reads, each once.
  package var variables: [String] {
    var found: [String] = []
    for case .expression(let program, _) in parts {
      for use in program.uses where !found.contains(use.name) { found.append(use.name) }
    }
    return found
  }

  /// The same text with its variables replaced by what they are, so that it can be evaluated where they are not known, as
  /// when a saved plan is applied.
  /// - Returns: nil where a variable is secret, not known, or has no form in an expression; then the text cannot leave.
  package func closed(over activation: Activation) -> Template? {
    guard diagnostics.isEmpty else { return nil }
    let bytes = Array(source.utf8)
    var text: [UInt8] = []
    var position = 0
    for case .expression(let program, _) in parts {
      for use in program.uses {
        guard let literal = use.literal(in: activation) else { return nil }
        text += bytes[position..<use.range.lowerBound]
        text += Array(literal.utf8)
        position = use.range.upperBound
      }
    }
    text += bytes[position...]
    return Template(source: String(decoding: text, as: UTF8.self))
  }
}

extension VariableUse {
  /// The value as it would be written in an expression; nil where it must not or cannot.
  fileprivate func literal(in activation: Activation) -> String? {
    guard var operand = activation[name] else { return nil }
    for segment in path.segments {
      let key: Operand =
        switch segment {
        case .key(let key): .string(key)
        case .index(let index): .int(Int64(index))
        }
      if case .value(let value) = operand, value.containsSensitive, value.kind != .map { return nil }
      guard
        let next = operand.items.map({ items in key.position.flatMap { items.indices.contains($0) ? items[$0] : nil } })
          ?? operand.step(key)
      else { return nil }
      operand = next
    }
    return operand.literal
  }
}

extension Operand {
  /// A map's entry, unread, so that a secret stays marked.
  fileprivate func step(_ key: Operand) -> Operand? {
    guard case .value(let value) = self, let name = key.text else { return member(key) }
    return value[name].map { .value($0) }
  }

  /// The operand as it would be written in an expression; nil for secrets, unknowns and what has no such form.
  package var literal: String? {
    if case .value(let value) = self, value.containsSensitive { return nil }
    switch loaded {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .int(let value): return String(value)
    case .uint(let value): return "\(value)u"
    case .double(let value): return value.isFinite ? "\(value)" : nil
    case .string(let text): return Text.quoted(text)
    case .timestamp(let moment): return "timestamp(\(Text.quoted(moment.text)))"
    case .duration(let nanoseconds): return "duration(\(Text.quoted(TimeSpan.text(nanoseconds))))"
    case .list, .value, .map: return containerLiteral
    case .bytes, .type, .optional, .opaque, .unknown, .failed: return nil
    }
  }

  private var containerLiteral: String? {
    if let items {
      let literals = items.compactMap(\.literal)
      return literals.count == items.count ? "[\(literals.joined(separator: ", "))]" : nil
    }
    guard let entries else { return nil }
    let literals = entries.compactMap { entry -> String? in
      guard let key = entry.key.literal, let value = entry.value.literal else { return nil }
      return "\(key): \(value)"
    }
    return literals.count == entries.count ? "{\(literals.joined(separator: ", "))}" : nil
  }
}

extension Text {
  /// The text in quotes, with the escapes that CEL reads.
  package static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
