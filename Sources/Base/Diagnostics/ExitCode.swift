/// How a command ends, for scripts and CI. An error never shares a code with a finding.
package enum ExitCode: Int32, Sendable, CaseIterable {
  case ok = 0
  case error = 1
  /// The plan has changes; only with `--detailed-exitcode`.
  case changes = 2
  case drift = 3
  /// Nothing found, but not everything could be compared.
  case incomplete = 4
  case denied = 5
  /// The saved plan is out of date or was used before.
  case stale = 6
  case locked = 7
  case partlyApplied = 8
  case usage = 64
  case interrupted = 130

  private static let precedence: [ExitCode] = [
    .interrupted, .usage, .locked, .stale, .error, .partlyApplied, .denied, .drift, .changes, .incomplete,
    .ok,
  ]

  /// The one code to exit with when several hold.
  package static func first(of codes: [ExitCode]) -> ExitCode {
    precedence.first { codes.contains($0) } ?? .ok
  }
}
