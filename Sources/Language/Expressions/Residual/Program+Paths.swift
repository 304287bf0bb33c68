extension Program {
  /// The fields that it reads of its variables: `["spec", "networkRef", "outputs", "vpcId"]`, as far as they are
  /// written out; `*` stands for a computed index. Each once.
  package var paths: [[String]] { code.paths }

  /// The path that is all of it, for an expression such as `resources.vpc.id`.
  package var solePath: [String]? { code.path(code.root) }
}

extension CompiledCode {
  fileprivate var paths: [[String]] {
    var chains: [Int32: [String]] = [:]
    for index in instructions.indices {
      if let path = path(Int32(index), known: chains) { chains[Int32(index)] = path }
    }
    // What a longer chain goes through is read by that one.
    for step in instructions {
      switch step.code {
      case .select, .selectOptional, .test, .index, .indexOptional: chains[step.a] = nil
      default: break
      }
    }
    var found: [[String]] = []
    for (_, path) in chains.sorted(by: { $0.key < $1.key }) where !found.contains(path) { found.append(path) }
    return found
  }

  fileprivate func path(_ index: Int32, known: [Int32: [String]]? = nil) -> [String]? {
    let step = instructions[Int(index)]
    func below(_ base: Int32, _ name: String) -> [String]? {
      (known.map { $0[base] } ?? path(base)).map { $0 + [name] }
    }
    switch step.code {
    case .variable: return [names[Int(step.a)]]
    case .anyOf: return candidates[Int(step.a)].last.map { [$0] }
    case .select, .selectOptional, .test: return below(step.a, names[Int(step.b)])
    case .index, .indexOptional:
      let isConstant = instructions[Int(step.b)].code == .constant
      return below(step.a, (isConstant ? constants[Int(instructions[Int(step.b)].a)].text : nil) ?? "*")
    case .constant, .local, .reference, .and, .or, .equal, .notEqual, .less, .lessOrEqual, .greater,
      .greaterOrEqual, .isIn, .add, .subtract, .multiply, .divide, .remainder, .not, .negate, .conditional, .call,
      .list, .map, .comprehension, .bind, .optionalMap, .optionalFlatMap, .missing:
      return nil
    }
  }
}

extension Template {
  /// What its expressions read of their variables, each once.
  package var paths: [[String]] {
    var found: [[String]] = []
    for case .expression(let program, _) in parts {
      for path in program.paths where !found.contains(path) { found.append(path) }
    }
    return found
  }

  /// The path that is all of it, for `${resources.vpc.id}`.
  package var solePath: [String]? {
    if parts.count == 1, case .expression(let program, _) = parts[0] { return program.solePath }
    return nil
  }

  /// The expressions as written, for messages: `cidr` of `${cidr}`.
  package var isSingleExpression: Bool {
    if parts.count == 1, case .expression = parts[0] { return true }
    return false
  }
}
