import Diagnostics
import Expressions
import Values

/// The expression language: whatever is written, compiling and evaluating end, and what is told without the unknown
/// holds once it is known.
enum LanguageSubjects {
  static let cel: Subjects.Subject = { bytes in
    let source = String(decoding: bytes, as: UTF8.self)
    let text = Array(source.utf8)
    for environment in [strict, open] {
      let lines = LineTable(text)
      let locate = { (offset: Int) -> SourcePosition? in
        let place = lines.place(of: offset)
        return SourcePosition(file: "fuzz.yaml", line: place.line, column: place.column)
      }
      let (program, problems) = Program.compile(source, in: environment, locate: locate)
      Oracles.diagnostics(problems, text)
      precondition((program == nil) == !problems.isEmpty, "a program and problems")
      guard let program else { continue }
      let known = outcome(program, known, text)
      precondition(outcome(program, Self.known, text) == known, "the same expression gives two values")
      let early = outcome(program, unknown, text)
      guard case .value(let first) = early, case .value(let second) = known else { continue }
      precondition(first == second, "\(first) was told before \(second) was known")
    }
  }

  private static let types: [String: ExpressionType] = [
    "object": .dyn, "items": .list(.dyn), "name": .string, "count": .int, "labels": .map(.string, .string),
  ]

  private static let strict = ExpressionEnvironment(variables: types, readsManifests: true)
  private static let open = ExpressionEnvironment(checking: .none, readsManifests: true)

  private static let document: Value = [
    "name": "web-1", "count": 3, "labels": ["team": "ml", "a": ""],
    "items": [["port": 443, "name": "https"], ["port": 22], 1, 2.5, "x", .null, [1, 2]],
    "spec": ["replicas": 3, "volumes": [["path": "/a"]], "b": true],
  ]

  private static var names: [String] { ["items", "name", "count", "labels"] }

  private static var known: Activation {
    var values = Dictionary(uniqueKeysWithValues: names.map { ($0, Operand.value(document[$0] ?? .null)) })
    values["object"] = .value(document)
    return Activation(values) { _ in .value(document["spec"] ?? .null) }
  }

  /// Nothing but the name and the count is known.
  private static var unknown: Activation {
    var values = Dictionary(
      uniqueKeysWithValues: ["object", "items", "labels"].map { ($0, Operand.unknown(Unknown())) })
    values["name"] = .string("web-1")
    values["count"] = .int(3)
    return Activation(values) { _ in nil }
  }

  private enum Outcome: Equatable {
    case value(String), unknown, failed(String)
  }

  private static func outcome(_ program: Program, _ activation: Activation, _ text: [UInt8]) -> Outcome {
    switch program.evaluate(activation, limits: EvaluationLimits(cost: 20_000, size: 65_536)).outcome {
    case .unknown: return .unknown
    case .failed(let problem):
      Oracles.diagnostics([problem], text)
      return .failed(problem.message)
    case .value(let operand):
      _ = operand.joined
      do throws(EvaluationError) {
        return .value(JSONWriter().text(try operand.value()))
      } catch {
        return .value("\(operand.typeName): \(error.message)")
      }
    }
  }
}
