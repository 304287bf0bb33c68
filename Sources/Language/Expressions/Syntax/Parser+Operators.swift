import Diagnostics

extension Parser {
  mutating func expression() -> Int {
    depth += 1
    defer { depth -= 1 }
    guard depth <= ExpressionLimits.depth else {
      report(
        .expressionLimit, "the expression is nested more than \(ExpressionLimits.depth) deep", token.range)
      let range = token.range
      skipToDelimiter()
      return broken(range)
    }
    return conditional()
  }

  /// `a ? b : c ? d : e`, collected in a loop and put together from its end.
  private mutating func conditional() -> Int {
    var conditions: [(condition: Int, mark: Range<Int>, result: Int)] = []
    var last = binary(above: 0)
    while token.kind == .question {
      let mark = token.range
      advance()
      let result = expression()
      guard token.kind == .colon else {
        unexpected("`:`")
        return last
      }
      advance()
      conditions.append((last, mark, result))
      last = binary(above: 0)
    }
    for part in conditions.reversed() {
      let range = tree[part.condition].range.lowerBound..<tree[last].range.upperBound
      last = add(
        .conditional(part.condition, part.result, last), range, mark: part.mark,
        above: [part.condition, part.result, last])
    }
    return last
  }

  /// Operators that bind tighter than `precedence`, from left to right.
  private mutating func binary(above precedence: Int) -> Int {
    var left = unary()
    while case .operation(let operation) = token.kind, operation.precedence > precedence, operation != .not {
      let mark = token.range
      advance()
      let right = binary(above: operation.precedence)
      left = combine(operation, left, right, mark)
    }
    return left
  }

  /// Chains of `&&` and `||` become one node.
  private mutating func combine(_ operation: Operation, _ left: Int, _ right: Int, _ mark: Range<Int>) -> Int {
    let range = tree[left].range.lowerBound..<tree[right].range.upperBound
    if operation == .and || operation == .or, case .operation(operation, var operands) = tree[left].kind,
      heights[right] < ExpressionLimits.height
    {
      guard operands.count < ExpressionLimits.width else {
        report(.expressionLimit, "a chain of `\(operation.rawValue)` is longer than \(ExpressionLimits.width)", mark)
        return left
      }
      tree.nodes[left].kind = .broken
      operands.append(right)
      tree.nodes[left].kind = .operation(operation, operands)
      tree.nodes[left].range = range
      heights[left] = max(heights[left], heights[right] + 1)
      return left
    }
    return add(.operation(operation, [left, right]), range, mark: mark, above: [left, right])
  }

  /// `!` and `-`, any number of the same; a minus right before a number belongs to it.
  private mutating func unary() -> Int {
    var marks: [(isNot: Bool, range: Range<Int>)] = []
    while case .operation(let operation) = token.kind, operation == .not || operation == .subtract {
      marks.append((operation == .not, token.range))
      advance()
    }
    var isNegative = false
    if let mark = marks.last, !mark.isNot, token.kind == .int || token.kind == .double {
      isNegative = true
      marks.removeLast()
    }
    var operand = member(isNegative: isNegative)
    for mark in marks.reversed() {
      let range = mark.range.lowerBound..<tree[operand].range.upperBound
      let kind: SyntaxNode.Kind = mark.isNot ? .operation(.not, [operand]) : .negation(operand)
      operand = add(kind, range, mark: mark.range, above: [operand])
    }
    return operand
  }

  /// A primary with everything behind it: `.name`, `.f(x)`, `[index]`.
  private mutating func member(isNegative: Bool) -> Int {
    var base = primary(isNegative: isNegative)
    while true {
      switch token.kind {
      case .dot: base = selection(of: base)
      case .openBracket: base = index(of: base)
      case .identifier, .quotedIdentifier, .int, .uint, .double, .string, .bytes, .comma, .colon, .question,
        .closeBracket, .openParenthesis, .closeParenthesis, .openBrace, .closeBrace, .operation, .end, .invalid:
        return base
      }
    }
  }

  private mutating func selection(of base: Int) -> Int {
    advance()
    let isOptional = token.kind == .question
    if isOptional { advance() }
    let start = tree[base].range.lowerBound
    let name: String
    switch token.kind {
    case .identifier, .operation(.isIn): name = text(token.range)
    case .quotedIdentifier: name = text(token.start + 1..<token.end - 1)
    case .int, .uint, .double, .string, .bytes, .dot, .comma, .colon, .question, .openBracket, .closeBracket,
      .openParenthesis, .closeParenthesis, .openBrace, .closeBrace, .operation, .end, .invalid:
      unexpected("a field name")
      if token.kind == .int || token.kind == .double { advance() }
      return broken(start..<previousEnd)
    }
    let mark = token.range
    advance()
    if token.kind == .openParenthesis, !isOptional { return call(name, on: base, mark) }
    return add(.select(base, name, isOptional: isOptional), start..<previousEnd, mark: mark, above: [base])
  }

  private mutating func index(of base: Int) -> Int {
    let mark = token.range
    advance()
    let isOptional = token.kind == .question
    if isOptional { advance() }
    let index = expression()
    if token.kind != .closeBracket { recover("`]`") }
    if token.kind == .closeBracket { advance() }
    let range = tree[base].range.lowerBound..<previousEnd
    return add(.index(base, index, isOptional: isOptional), range, mark: mark, above: [base, index])
  }

  /// Says what should stand here, and goes on at the next delimiter.
  mutating func recover(_ wanted: String) {
    unexpected(wanted)
    skipToDelimiter()
  }
}
