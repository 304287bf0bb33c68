import Diagnostics
import Expressions
import TestSupport
import Testing
import Values

/// Evaluating with some inputs unknown gives what evaluating with all of them gives, or an unknown: never another
/// value.
@Suite("Unknowns never lie")
struct UnknownPropertyTests {
  private static let inputs: [(name: String, value: Operand, type: ExpressionType)] = [
    ("p", .bool(true), .bool), ("q", .bool(false), .bool), ("i", .int(3), .int), ("j", .int(0), .int),
    ("s", .string("arn:aws:x"), .string), ("t", .string("a"), .string),
    ("l", .list([.int(1), .int(0), .int(3)]), .list(.int)), ("k", .list([]), .list(.int)),
    ("m", .map(OperandMap([("a", .int(1)), ("b", .int(0))])), .map(.string, .int)),
    ("n", .map(OperandMap([])), .map(.string, .int)),
  ]

  private static let document: Value = [
    "name": "arn:aws:iam", "count": 2, "numbers": [3, 0], "names": ["a", "b"], "items": [["a": 1], ["a": nil]],
    "flags": ["on": true, "label": "a", "a": 5],
  ]

  /// What was found of many expressions.
  private struct Tally {
    var decided = 0
    var awaiting = 0
    /// Results that are not what they should be.
    var lies: [String] = []
  }

  @Test("a result with unknowns is the result without, or unknown", arguments: 0..<12)
  func neverDifferent(_ seed: Int) throws {
    let tally = try Self.tally(seed)
    #expect(tally.lies == [])
    #expect(tally.decided > 100 && tally.awaiting > 100, "\(tally.decided) decided, \(tally.awaiting) awaiting")
  }

  @Test(
    "what would lie is caught: knowledge that is wrong, and an unknown that is read as a value", arguments: Bug.allCases
  )
  func planted(_ bug: Bug) throws {
    #expect(try (0..<12).contains { seed in try !Self.tally(seed, bug).lies.isEmpty })
  }

  /// Ways in which following unknowns could go wrong.
  enum Bug: CaseIterable {
    case wrongPrefix, wrongCount, wrongType, takenForNull
  }

  private static func tally(_ seed: Int, _ bug: Bug? = nil) throws -> Tally {
    var generator = ExpressionGenerator(random: SeededGenerator(seed: UInt64(seed)))
    var tally = Tally()
    for _ in 0..<1_500 {
      let kind = ExpressionGenerator.Kind.allCases.randomElement(using: &generator.random) ?? .bool
      let source = generator.expression(kind, depth: 4)
      var environment = ExpressionEnvironment(checking: .none)
      for input in Self.inputs { environment.variables[input.name] = .dyn }
      environment.variables["doc"] = .dyn
      let program = try #require(Program.compile(source, in: environment).program, "\(source)")
      let whole = program.evaluate(Self.activation(hiding: [], nil))
      let (hidden, slots) = Self.hide(&generator.random, bug)
      let part = program.evaluate(Self.activation(hiding: hidden, slots, bug))
      switch (part.outcome, whole.outcome) {
      case (.value(let a), .value(let b)):
        tally.decided += 1
        if !Self.areSame(a, b) { tally.lies.append("\(source) hiding \(hidden.map(\.name)) \(slots?.known ?? [])") }
      case (.failed, .failed): break
      case (.unknown(let unknown), _):
        tally.awaiting += 1
        if unknown.references.isEmpty { tally.lies.append("\(source) awaits nothing") }
        let names = Set(hidden.map(\.name) + (slots?.known.map { "slot\($0)" } ?? []))
        if !unknown.references.allSatisfy({ names.contains($0.subject) }) {
          tally.lies.append("\(source) awaits \(unknown.references)")
        }
      case (.value, .failed), (.value, .unknown), (.failed, .value), (.failed, .unknown):
        tally.lies.append("\(source) hiding \(hidden.map(\.name)): \(part.outcome), whole \(whole.outcome)")
      }
    }
    return tally
  }

  /// Expressions whose types are right, with the inputs they are checked against.
  private static let typed: ExpressionEnvironment = {
    var environment = ExpressionEnvironment()
    for input in inputs { environment.variables[input.name] = input.type }
    environment.variables["doc"] = .dyn
    return environment
  }()

  @Test(
    "what is left of an expression gives the same once the rest is known", arguments: 0..<12)
  func residuals(_ seed: Int) throws {
    var generator = ExpressionGenerator(random: SeededGenerator(seed: UInt64(100 + seed)))
    var compared = 0
    for _ in 0..<1_000 {
      let kind = ExpressionGenerator.Kind.allCases.randomElement(using: &generator.random) ?? .bool
      let source = generator.expression(kind, depth: 4)
      guard let program = Program.compile(source, in: Self.typed).program else { continue }
      let (hidden, _) = Self.hide(&generator.random, nil)
      let activation = Self.activation(hiding: hidden, nil)
      guard case .unknown = program.evaluate(activation).outcome,
        case .value(let whole) = program.evaluate(Self.activation(hiding: [], nil)).outcome,
        let left = program.residual(
          activation, naming: { unknown in hidden.first { $0.unknown === unknown }?.name })
      else { continue }
      var open = ExpressionEnvironment(checking: .none)
      open.variables = Self.typed.variables
      let rest = try #require(Program.compile(left, in: open).program, "\(left)")
      let result = rest.evaluate(Self.activation(hiding: [], nil)).outcome
      guard case .value(let value) = result, Self.areSame(value, whole) else {
        Issue.record("\(source) is \(whole), and what is left, \(left), is \(result)")
        continue
      }
      compared += 1
    }
    #expect(compared > 20, "\(compared) compared")
  }

  // MARK: Hiding

  private struct Hidden {
    let name: String
    let unknown: Unknown
  }

  private struct Slots {
    let document: Value
    let known: [Int]
  }

  private static func reference(_ name: String) -> Reference { Reference(subject: name, path: ValuePath([.key("x")])) }

  private static func hide(_ random: inout SeededGenerator, _ bug: Bug?) -> ([Hidden], Slots?) {
    let hidden = inputs.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }.map { input in
      let isDescribed = Bool.random(using: &random)
      return Hidden(
        name: input.name,
        unknown: Unknown(
          references: [reference(input.name)], knowledge: isDescribed ? knowledge(input, bug) : Knowledge()))
    }
    guard Bool.random(using: &random) else { return (hidden, nil) }
    var known: [Int] = []
    let holes = Value.build { builder in copy(document, into: &builder, &known, &random, isRoot: true) }
    return (hidden, Slots(document: holes, known: known))
  }

  private static func knowledge(
    _ input: (name: String, value: Operand, type: ExpressionType), _ bug: Bug?
  ) -> Knowledge {
    let type = bug == .wrongType ? .timestamp : input.type
    switch input.value {
    case .string(let text):
      let prefix = bug == .wrongPrefix ? "xyz" : String(text.prefix(4))
      return Knowledge(type: type, isNotNull: true, prefix: prefix)
    case .list, .map:
      return Knowledge(type: type, isNotNull: true, count: (input.value.count ?? 0) + (bug == .wrongCount ? 1 : 0))
    default: return Knowledge(type: type, isNotNull: true)
    }
  }

  /// A copy in which some values are unknown.
  private static func copy(
    _ value: Value, into builder: inout TapeBuilder, _ known: inout [Int], _ random: inout SeededGenerator,
    isRoot: Bool = false
  ) {
    if !isRoot, Int.random(in: 0..<6, using: &random) == 0 {
      builder.unknown(Slot(index: UInt32(known.count)))
      known.append(known.count)
      return
    }
    switch value.kind {
    case .list:
      builder.beginList()
      for element in value.elements { copy(element, into: &builder, &known, &random) }
      builder.endList()
    case .map:
      builder.beginMap()
      for entry in value.entries {
        builder.key(entry.key)
        copy(entry.value, into: &builder, &known, &random)
      }
      builder.endMap()
    case .null, .bool, .int, .double, .string, .unknown: builder.append(value)
    }
  }

  private static func activation(hiding hidden: [Hidden], _ slots: Slots?, _ bug: Bug? = nil) -> Activation {
    var activation = Activation()
    for input in inputs { activation[input.name] = input.value }
    for hidden in hidden { activation[hidden.name] = bug == .takenForNull ? .null : .unknown(hidden.unknown) }
    activation["doc"] = .value(slots?.document ?? document)
    activation.describe = { Unknown(references: [reference("slot\($0.index)")]) }
    return activation
  }

  private static func areSame(_ left: Operand, _ right: Operand) -> Bool {
    if case .optional(let a) = left, case .optional(let b) = right, let a, let b { return areSame(a, b) }
    guard left.typeName == right.typeName else { return false }
    if case .same = Equality.of(left, right) { return true }
    return false
  }
}
