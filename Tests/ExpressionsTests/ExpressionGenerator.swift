import TestSupport

/// Random expressions over the variables of `UnknownPropertyTests`, mostly well typed and sometimes not.
struct ExpressionGenerator {
  var random: SeededGenerator
  private var locals: [(name: String, kind: Kind)] = []

  init(random: SeededGenerator) { self.random = random }

  enum Kind: CaseIterable { case bool, int, text, list, map, optional }

  mutating func expression(_ kind: Kind, depth: Int) -> String {
    if Int.random(in: 0..<40, using: &random) == 0 { return leaf(any()) }
    guard depth > 0, Int.random(in: 0..<6, using: &random) > 0 else { return leaf(kind) }
    let general = Int.random(in: 0..<12, using: &random)
    if general == 0 {
      return "(\(expression(.bool, depth: depth - 1)) ? \(expression(kind, depth: depth - 1)) : "
        + "\(expression(kind, depth: depth - 1)))"
    }
    if general == 1 {
      let other = any()
      let value = expression(other, depth: depth - 1)
      return binding(other) { generator, name in
        "cel.bind(\(name), \(value), \(generator.expression(kind, depth: depth - 1)))"
      }
    }
    switch kind {
    case .bool: return bool(depth - 1)
    case .int: return int(depth - 1)
    case .text: return text(depth - 1)
    case .list: return list(depth - 1)
    case .map: return map(depth - 1)
    case .optional: return optional(depth - 1)
    }
  }

  private mutating func any() -> Kind { Kind.allCases.randomElement(using: &random) ?? .bool }

  private mutating func leaf(_ kind: Kind) -> String {
    let known = locals.filter { $0.kind == kind }
    if let local = known.randomElement(using: &random), Bool.random(using: &random) { return local.name }
    let choices: [String] =
      switch kind {
      case .bool: ["p", "q", "true", "false", "doc.flags.on", "has(doc.flags.on)", "has(doc.flags.off)"]
      case .int: ["i", "j", "0", "1", "7", "doc.numbers[0]", "doc.numbers[1]", "doc.count"]
      case .text: ["s", "t", "'a'", "'arn:x'", "'arn:aws:x'", "'arn:'", "''", "doc.name", "doc.flags.label"]
      case .list: ["l", "k", "[]", "[1, 2]", "doc.numbers", "doc.names", "doc.items"]
      case .map: ["m", "n", "{}", "{'a': 1}", "doc.flags", "doc"]
      case .optional: ["optional.none()", "optional.of(1)", "doc.?count", "doc.?missing", "m[?'a']"]
      }
    return choices.randomElement(using: &random) ?? "null"
  }

  private mutating func binding(_ kind: Kind, _ body: (inout ExpressionGenerator, String) -> String) -> String {
    let name = "v\(locals.count)"
    locals.append((name, kind))
    defer { locals.removeLast() }
    return body(&self, name)
  }

  private mutating func over(_ macro: String, _ range: Kind, _ body: Kind, _ depth: Int) -> String {
    let source = expression(range, depth: depth)
    return binding(range == .map ? .text : .int) { generator, name in
      "\(source).\(macro)(\(name), \(generator.expression(body, depth: depth)))"
    }
  }

  private mutating func bool(_ depth: Int) -> String {
    switch Int.random(in: 0..<20, using: &random) {
    case 0, 1, 2: return "(\(expression(.bool, depth: depth)) && \(expression(.bool, depth: depth)))"
    case 3, 4, 5: return "(\(expression(.bool, depth: depth)) || \(expression(.bool, depth: depth)))"
    case 6: return "!\(expression(.bool, depth: depth))"
    case 7:
      let kind = any()
      let sign = Bool.random(using: &random) ? "==" : "!="
      return "(\(expression(kind, depth: depth)) \(sign) \(expression(kind, depth: depth)))"
    case 8: return "(\(expression(any(), depth: depth)) == \(expression(any(), depth: depth)))"
    case 9: return "(\(expression(.int, depth: depth)) < \(expression(.int, depth: depth)))"
    case 10: return "\(expression(.text, depth: depth)).startsWith(\(expression(.text, depth: depth)))"
    case 11: return "(\(expression(.int, depth: depth)) in \(expression(.list, depth: depth)))"
    case 12: return over("all", Bool.random(using: &random) ? .list : .map, .bool, depth)
    case 13: return over("exists", .list, .bool, depth)
    case 14: return over("exists_one", .list, .bool, depth)
    // What is known of an unknown decides these.
    case 15, 16: return "(type(\(leaf(any()))) == \(Self.types.randomElement(using: &random) ?? "int"))"
    case 17: return "\(leaf(.text)).startsWith(\(leaf(.text)))"
    case 18: return "(\(leaf(.text)) == \(leaf(.text)))"
    default: return "\(expression(.optional, depth: depth)).hasValue()"
    }
  }

  private static let types = ["bool", "int", "string", "list", "map"]

  private mutating func int(_ depth: Int) -> String {
    switch Int.random(in: 0..<7, using: &random) {
    case 0: return "(\(expression(.int, depth: depth)) + \(expression(.int, depth: depth)))"
    case 1: return "(\(expression(.int, depth: depth)) / \(expression(.int, depth: depth)))"
    case 2: return "size(\(expression(Bool.random(using: &random) ? .list : .map, depth: depth)))"
    case 3: return "\(expression(.list, depth: depth))[\(expression(.int, depth: depth))]"
    case 4: return "\(expression(.map, depth: depth)).a"
    case 5: return "\(expression(.optional, depth: depth)).orValue(\(expression(.int, depth: depth)))"
    default: return "size(\(expression(.text, depth: depth)))"
    }
  }

  private mutating func text(_ depth: Int) -> String {
    switch Int.random(in: 0..<3, using: &random) {
    case 0: return "(\(expression(.text, depth: depth)) + \(expression(.text, depth: depth)))"
    case 1: return "string(\(expression(.int, depth: depth)))"
    default: return "string(type(\(expression(any(), depth: depth))) == int)"
    }
  }

  private mutating func list(_ depth: Int) -> String {
    switch Int.random(in: 0..<6, using: &random) {
    case 0, 1: return "[\(expression(.int, depth: depth)), \(expression(.int, depth: depth))]"
    case 2: return "[\(expression(.int, depth: depth)), ?\(expression(.optional, depth: depth))]"
    case 3: return over("map", .list, any(), depth)
    case 4: return over("filter", .list, .bool, depth)
    default: return "(\(expression(.list, depth: depth)) + \(expression(.list, depth: depth)))"
    }
  }

  private mutating func map(_ depth: Int) -> String {
    switch Int.random(in: 0..<3, using: &random) {
    case 0: return "{'a': \(expression(.int, depth: depth)), \(expression(.text, depth: depth)): 1}"
    case 1: return "{?'a': \(expression(.optional, depth: depth))}"
    default:
      let source = expression(.map, depth: depth)
      return binding(.text) { generator, key in
        generator.binding(.int) { generator, value in
          "\(source).transformMap(\(key), \(value), \(generator.expression(.int, depth: depth)))"
        }
      }
    }
  }

  private mutating func optional(_ depth: Int) -> String {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return "optional.of(\(expression(.int, depth: depth)))"
    case 1: return "\(expression(.map, depth: depth)).?a"
    case 2: return "\(expression(.list, depth: depth))[?\(expression(.int, depth: depth))]"
    default:
      let source = expression(.optional, depth: depth)
      return binding(.int) { generator, name in
        "\(source).optMap(\(name), \(generator.expression(.int, depth: depth)))"
      }
    }
  }
}
