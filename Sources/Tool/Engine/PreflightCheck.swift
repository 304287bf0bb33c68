import Diagnostics
import Planning
import ProviderKit
import Resources
import Values

extension DiagnosticCode {
  /// Something will keep the plan from being applied.
  static let preflight = DiagnosticCode(4006)
  /// Whether the plan can be applied could not be asked.
  static let noPreflight = DiagnosticCode(4007)
}

extension Engine {
  /// Asks each target whether the plan's writes would be let through. Nothing is asked where nothing is written.
  func preflight(_ plan: Plan, _ targets: [Target]) async -> [Diagnostic] {
    let questions = Self.questions(plan)
    let asked = targets.filter { questions[$0.name] != nil }
    let answers = await mapConcurrently(asked, width: Observer.width) { [world] target in
      await Self.preflight(target, questions[target.name] ?? [], world.providers[target.provider])
    }
    return answers.flatMap(\.self)
  }

  private static func preflight(
    _ target: Target, _ questions: [PreflightQuestion], _ provider: (any Provider)?
  ) async -> [Diagnostic] {
    do throws(ProviderError) {
      let findings = try await provider?.preflight(target, questions) ?? []
      return findings.map { finding in
        let types = finding.types.map { "`\($0)`" }.joined(separator: ", ")
        return Diagnostic.warning(
          .preflight, "target `\(target.name)`: \(finding.message)",
          notes: types.isEmpty ? [] : [DiagnosticNote("needed by \(types)")], hint: finding.hint)
      }
    } catch {
      return [
        Diagnostic(
          .note, .noPreflight,
          "target `\(target.name)`: whether the plan can be applied was not asked: \(error.message)")
      ]
    }
  }

  /// One question for each type and operation, in a fixed order.
  static func questions(_ plan: Plan) -> [TargetName: [PreflightQuestion]] {
    var questions: [TargetName: [PreflightQuestion]] = [:]
    for change in plan.changes {
      for operation in NeededPermissions.writes(of: change.action) {
        let fields = (operation == .delete ? change.before : change.after) ?? .map([])
        let index = questions[change.target]?.firstIndex { $0.type == change.type && $0.operation == operation }
        if let index {
          questions[change.target]?[index].objects.append(fields)
        } else {
          questions[change.target, default: []].append(PreflightQuestion(change.type, operation, [fields]))
        }
      }
    }
    return questions
  }
}
