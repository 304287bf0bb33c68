import Diagnostics
import Planning

extension PolicyReport {
  /// What stands in the way, and what is warned of, as problems with their places. Many findings of one rule are
  /// shown as a few and a count; the plan file has all.
  package var diagnostics: [Diagnostic] {
    var shown: [String: Int] = [:]
    var diagnostics: [Diagnostic] = []
    var last: [String: Int] = [:]
    for finding in findings {
      guard let diagnostic = finding.diagnostic else { continue }
      let key = "\(finding.rule) \(finding.outcome.rawValue)"
      shown[key, default: 0] += 1
      guard shown[key, default: 0] <= PolicyLimits.shownFindings else { continue }
      last[key] = diagnostics.count
      diagnostics.append(diagnostic)
    }
    for (key, count) in shown where count > PolicyLimits.shownFindings {
      guard let position = last[key] else { continue }
      let more = count - PolicyLimits.shownFindings
      diagnostics[position].notes.append(
        DiagnosticNote("the same holds for \(more) more \(more == 1 ? "address" : "addresses")"))
    }
    return diagnostics
  }
}

extension PolicyFinding {
  /// nil for what was waived.
  package var diagnostic: Diagnostic? {
    let code: DiagnosticCode
    switch outcome {
    case .denied: code = .policyDenied
    case .warned: code = .policyWarned
    case .undecidedDenied, .undecidedWarned: code = .policyUndecided
    case .failed: code = .policyFailed
    case .waived, .overridden: return nil
    }
    let known = references.isEmpty ? "" : " (\(references.joined(separator: ", ")))"
    return Diagnostic(
      outcome.isDenial ? .error : .warning, code, text, at: origin,
      notes: [DiagnosticNote("rule `\(rule)` of policy `\(policy)`\(known)", at: ruleOrigin)],
      hints: [hint].compactMap { $0 })
  }

  private var text: String {
    let about = address.map { "`\($0)`" } ?? "the estate"
    return switch outcome {
    case .denied, .warned, .waived, .overridden: "\(rule): \(message)"
    case .undecidedDenied, .undecidedWarned:
      "\(rule): whether this holds for \(about) cannot be told before it is applied: \(message)"
    case .failed: "\(rule): the rule fails for \(about): \(message)"
    }
  }
}

extension PolicySet {
  /// Waivers whose day has passed: they do not hold.
  package func expired(today: String) -> [Diagnostic] {
    waivers.filter { $0.expires < today }.map { waiver in
      .warning(
        .expiredWaiver, "the waiver of `\(waiver.rule)` for `\(waiver.address)` expired on \(waiver.expires)",
        at: waiver.origin, length: waiver.rule.unicodeScalars.count,
        hint: "remove it, or have \(waiver.owner) renew it")
    }
  }
}
