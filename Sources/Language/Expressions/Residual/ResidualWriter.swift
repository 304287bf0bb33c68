import Values

/// Writes what is left of an expression when all that is known has been filled in: CEL that reads nothing but other
/// manifests, so that a plan can hold it without the variables it was made with.
struct ResidualWriter {
  private var evaluator: Evaluator
  private let naming: (Unknown) -> String?
  /// Steps that read the variables of macros around them, which have no value of their own.
  private let readsLocal: [Bool]

  /// - Parameter naming: the text of an unknown that stands for itself; nil for one that was computed.
  init(
    _ code: CompiledCode, _ activation: Activation, _ limits: EvaluationLimits, naming: @escaping (Unknown) -> String?
  ) {
    evaluator = Evaluator(code, activation, limits)
    self.naming = naming
    var readsLocal = [Bool](repeating: false, count: code.instructions.count)
    for index in code.instructions.indices {
      let step = code.instructions[index]
      readsLocal[index] = step.code == .local || code.operands(step).contains { readsLocal[Int($0)] }
    }
    self.readsLocal = readsLocal
  }

  /// nil where a part can be neither evaluated nor written, or a secret would be written out.
  mutating func text() -> String? {
    let text = text(evaluator.code.root)
    return evaluator.isSensitive ? nil : text
  }

  private mutating func text(_ index: Int32) -> String? {
    let step = evaluator.code.instructions[Int(index)]
    if step.code == .local { return "x\(step.a)" }
    if !readsLocal[Int(index)] {
      let operand = evaluator.evaluate(index)
      evaluator.noteSecrets(operand)
      guard !evaluator.isExhausted, !evaluator.isSensitive else { return nil }
      if !operand.isFailed, let text = operand.source(naming: naming) { return text }
    }
    return written(step)
  }

  /// The step with its operands written out.
  private mutating func written(_ step: Instruction) -> String? {
    let code = evaluator.code
    func name(_ index: Int32) -> String { code.names[Int(index)] }
    switch step.code {
    case .constant: return code.constants[Int(step.a)].source(naming: naming)
    case .reference: return code.references[Int(step.a)].source
    case .variable, .anyOf, .local, .missing: return nil
    case .select: return text(step.a).map { "\($0)[\(Operand.quoted(name(step.b)))]" }
    case .selectOptional: return text(step.a).map { "\($0)[?\(Operand.quoted(name(step.b)))]" }
    case .test: return text(step.a).map { "has(\($0).\(name(step.b)))" }
    case .index: return pair(step) { "\($0)[\($1)]" }
    case .indexOptional: return pair(step) { "\($0)[?\($1)]" }
    case .and: return chain(step, " && ")
    case .or: return chain(step, " || ")
    case .not: return text(step.a).map { "!(\($0))" }
    case .negate: return text(step.a).map { "-(\($0))" }
    case .equal: return infix(step, "==")
    case .notEqual: return infix(step, "!=")
    case .less: return infix(step, "<")
    case .lessOrEqual: return infix(step, "<=")
    case .greater: return infix(step, ">")
    case .greaterOrEqual: return infix(step, ">=")
    case .isIn: return infix(step, "in")
    case .add: return infix(step, "+")
    case .subtract: return infix(step, "-")
    case .multiply: return infix(step, "*")
    case .divide: return infix(step, "/")
    case .remainder: return infix(step, "%")
    case .conditional:
      // A branch that is never taken need not even be of the right type.
      if let chosen = decided(step) { return text(chosen) }
      guard let condition = text(step.a), let first = text(step.b), let second = text(step.c) else { return nil }
      return "(\(condition) ? \(first) : \(second))"
    case .call: return call(step)
    case .list: return collection(step, isMap: false)
    case .map: return collection(step, isMap: true)
    case .comprehension: return comprehension(code.comprehensions[Int(step.a)])
    case .bind: return body(step, "cel.bind") { "cel.bind(\($1), \($0), \($2))" }
    case .optionalMap: return body(step, "optMap") { "\($0).optMap(\($1), \($2))" }
    case .optionalFlatMap: return body(step, "optFlatMap") { "\($0).optFlatMap(\($1), \($2))" }
    }
  }

  /// The branch of a condition that is known.
  private mutating func decided(_ step: Instruction) -> Int32? {
    guard !readsLocal[Int(step.a)] else { return nil }
    let condition = evaluator.evaluate(step.a)
    evaluator.noteSecrets(condition)
    guard case .bool(let value) = condition.loaded else { return nil }
    return value ? step.b : step.c
  }

  private mutating func pair(_ step: Instruction, _ form: (String, String) -> String) -> String? {
    guard let left = text(step.a), let right = text(step.b) else { return nil }
    return form(left, right)
  }

  private mutating func infix(_ step: Instruction, _ sign: String) -> String? {
    pair(step) { "(\($0) \(sign) \($1))" }
  }

  private mutating func chain(_ step: Instruction, _ sign: String) -> String? {
    parts(step.a, step.b).map { "(\($0.joined(separator: sign)))" }
  }

  private mutating func parts(_ first: Int32, _ count: Int32) -> [String]? {
    var texts: [String] = []
    for position in first..<first + count {
      guard let text = text(evaluator.code.children[Int(position)]) else { return nil }
      texts.append(text)
    }
    return texts
  }

  private mutating func call(_ step: Instruction) -> String? {
    let site = evaluator.code.sites[Int(step.c)]
    guard let arguments = parts(step.a, step.b) else { return nil }
    let sign = site.name.filter { $0 != "_" }
    if site.name.hasPrefix("_"), arguments.count == 2 { return "(\(arguments[0]) \(sign) \(arguments[1]))" }
    if site.overloads.first?.isMethod == true, let receiver = arguments.first {
      return "\(receiver).\(site.name)(\(arguments.dropFirst().joined(separator: ", ")))"
    }
    return "\(site.name)(\(arguments.joined(separator: ", ")))"
  }

  private mutating func collection(_ step: Instruction, isMap: Bool) -> String? {
    let code = evaluator.code, stride = isMap ? 3 : 2
    var texts: [String] = []
    for item in 0..<Int(step.b) {
      let first = Int(step.a) + item * stride
      guard let lead = text(code.children[first]) else { return nil }
      let mark = code.children[first + stride - 1] == 1 ? "?" : ""
      guard isMap else {
        texts.append(mark + lead)
        continue
      }
      guard let value = text(code.children[first + 1]) else { return nil }
      texts.append("\(mark)\(lead): \(value)")
    }
    let joined = texts.joined(separator: ", ")
    return isMap ? "{\(joined)}" : "[\(joined)]"
  }

  private mutating func comprehension(_ comprehension: CompiledComprehension) -> String? {
    guard let range = text(comprehension.range), let body = text(comprehension.body) else { return nil }
    var arguments = ["x\(comprehension.slot)"]
    if comprehension.hasSecond { arguments.append("x\(comprehension.slot + 1)") }
    if let filter = comprehension.filter {
      guard let condition = text(filter) else { return nil }
      arguments.append(condition)
    }
    return "\(range).\(comprehension.kind.rawValue)(\((arguments + [body]).joined(separator: ", ")))"
  }

  private mutating func body(
    _ step: Instruction, _ name: String, _ form: (String, String, String) -> String
  ) -> String? {
    guard let base = text(step.b), let body = text(step.c) else { return nil }
    return form(base, "x\(step.a)", body)
  }
}

extension CompiledCode {
  /// The steps that a step reads.
  fileprivate func operands(_ step: Instruction) -> [Int32] {
    switch step.code {
    case .constant, .variable, .anyOf, .local, .reference, .missing: []
    case .select, .selectOptional, .test, .not, .negate: [step.a]
    case .index, .indexOptional, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn, .add,
      .subtract, .multiply, .divide, .remainder:
      [step.a, step.b]
    case .conditional: [step.a, step.b, step.c]
    case .and, .or, .call: Array(children[Int(step.a)..<Int(step.a + step.b)])
    case .list: children(from: step.a, count: step.b, stride: 2, width: 1)
    case .map: children(from: step.a, count: step.b, stride: 3, width: 2)
    case .comprehension: operands(comprehensions[Int(step.a)])
    case .bind, .optionalMap, .optionalFlatMap: [step.b, step.c]
    }
  }

  /// The first `width` of every `stride` children.
  private func children(from first: Int32, count: Int32, stride: Int, width: Int) -> [Int32] {
    var found: [Int32] = []
    for item in 0..<Int(count) {
      let start = Int(first) + item * stride
      found += children[start..<start + width]
    }
    return found
  }

  private func operands(_ comprehension: CompiledComprehension) -> [Int32] {
    [comprehension.range, comprehension.body] + (comprehension.filter.map { [$0] } ?? [])
  }
}

extension Reference {
  /// The reference as it is written: `Network["prod"].outputs.vpcId`.
  package var source: String {
    guard let slash = subject.firstIndex(of: "/") else { return subject }
    var text = "\(subject[..<slash])[\(Operand.quoted(String(subject[subject.index(after: slash)...])))]"
    for segment in path.segments {
      switch segment {
      case .key(let key): text += Self.access(key)
      case .index(let index): text += "[\(index)]"
      }
    }
    return text
  }

  /// `.key`, or `["a key"]` where the name cannot stand after a dot.
  package static func access(_ key: String) -> String {
    Lexer.isPlainName(key) ? ".\(key)" : "[\(Operand.quoted(key))]"
  }
}

extension Lexer {
  /// A name that can stand after a dot.
  fileprivate static func isPlainName(_ text: String) -> Bool {
    guard let first = text.utf8.first, isWord(first), !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy(isWord) && !["in", "true", "false", "null"].contains(text)
  }
}
