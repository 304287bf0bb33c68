import Diagnostics

extension DiagnosticCode {
  /// A rule, parameter, waiver or match that cannot be meant: two rules of one id, no match, an empty expression.
  package static let policyForm = DiagnosticCode(7001)
  /// A pack that is not part of the program.
  package static let unknownPack = DiagnosticCode(7002)
  /// A parameter that is set twice, without a reason, or to a value that does not fit.
  package static let policyParameter = DiagnosticCode(7003)
  /// A waiver without owner, reason or date, or for no rule.
  package static let policyWaiver = DiagnosticCode(7004)
  /// A rule, waiver or effect that names a rule which does not exist.
  package static let unknownRule = DiagnosticCode(7005)
  /// A waiver whose date has passed: it does not hold.
  package static let expiredWaiver = DiagnosticCode(7007)
  /// A price that cannot be read.
  package static let policyPrice = DiagnosticCode(7008)
  /// A rule denies what is wanted.
  package static let policyDenied = DiagnosticCode(7010)
  /// A rule warns.
  package static let policyWarned = DiagnosticCode(7011)
  /// A rule that denies where it cannot be decided, and cannot be.
  package static let policyUndecided = DiagnosticCode(7012)
  /// A rule failed while it was evaluated; nothing is allowed by a rule that fails.
  package static let policyFailed = DiagnosticCode(7013)
  /// The revision that policies are to be read from cannot be read.
  package static let policyRevision = DiagnosticCode(7020)
  /// `--waive` names no rule that denies anything.
  package static let nothingToWaive = DiagnosticCode(7021)
  /// A test of policies that cannot be read.
  package static let policyTest = DiagnosticCode(7030)
}
