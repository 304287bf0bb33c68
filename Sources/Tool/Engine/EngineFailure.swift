import Diagnostics
import Inventory
import Manifests
import Platform
import ProviderKit
import Resources

/// Why a workflow ended early: what to show, and how the command exits.
package struct EngineFailure: Error, Sendable {
  package var exitCode: ExitCode
  package var diagnostics: [Diagnostic]
  /// Texts that are no files of the estate and are shown under the diagnostics.
  package var sources = SourceTexts()

  package init(_ exitCode: ExitCode, _ diagnostics: [Diagnostic], sources: SourceTexts = SourceTexts()) {
    self.exitCode = exitCode
    self.diagnostics = diagnostics
    self.sources = sources
  }
}

extension DiagnosticCode {
  static let orphanedTarget = DiagnosticCode(2201)
  static let stray = DiagnosticCode(2202)
  static let noProvider = DiagnosticCode(4001)
  static let targetSetting = DiagnosticCode(4004)
  static let typeNotServed = DiagnosticCode(4008)
  static let typesNotLearned = DiagnosticCode(4009)
  static let targetUnreachable = DiagnosticCode(4002)
  static let readFailed = DiagnosticCode(4003)
  static let locked = DiagnosticCode(5001)
  static let inventoryDamaged = DiagnosticCode(5002)
  static let inventoryUnavailable = DiagnosticCode(5003)
  static let lockLost = DiagnosticCode(5004)
  static let notRecorded = DiagnosticCode(5005)
  static let alreadyRecorded = DiagnosticCode(5006)
  static let stalePlan = DiagnosticCode(3001)
  static let usedPlan = DiagnosticCode(3002)
  static let unsettled = DiagnosticCode(3003)
  static let twoSided = DiagnosticCode(3004)
}

extension EngineFailure {
  /// A store's error in the user's words.
  package init(_ error: StoreError) {
    switch error.reason {
    case .locked(let holder):
      let who = holder.map { "`\($0.name)` (process \($0.process), \($0.command), since \($0.since.rfc3339()))" }
      self.init(
        .locked,
        [
          .error(
            .locked, "the inventory is locked by \(who ?? "another process")",
            hint: "wait for it with `--lock-timeout 5m`; `plumb inventory lock show` says who holds it")
        ])
    case .writing(let holder): self.init(stuck: holder)
    case .fenced:
      self.init(
        .locked,
        [
          .error(
            .lockLost, "the lock was lost to another run: \(error.message)",
            hint: "run `plumb plan` to see where things stand")
        ])
    case .corrupt, .newerVersion:
      self.init(
        .error,
        [
          .error(
            .inventoryDamaged, "the inventory cannot be trusted: \(error.message)",
            hint: "restore the file from a backup; nothing was changed")
        ])
    case .unreadable, .unwritable, .full, .illegal:
      self.init(.error, [.error(.inventoryUnavailable, "the inventory cannot be used: \(error.message)")])
    }
  }

  /// The operating system's lock on the file is no lease: it ends with its process, and nobody can take it away.
  private init(stuck holder: LockHolder?) {
    let who = holder.map { "`\($0.name)` (process \($0.process), \($0.command), since \($0.since.rfc3339()))" }
    let process = holder.map { "\($0.process)" } ?? "PID"
    let find = holder == nil ? "`fuser` on its file tells which process it is; " : ""
    self.init(
      .locked,
      [
        .error(
          .locked, "the inventory is in the middle of a write by \(who ?? "another process") on this machine",
          hint: "\(find)a stopped one goes on with `kill -CONT \(process)`, a stuck one ends with "
            + "`kill -KILL \(process)`: the lock ends with it, and the next run settles what it left open")
      ])
  }

  /// A provider's error about a target or a type.
  init(_ error: ProviderError, _ code: DiagnosticCode, about subject: String, hint: String? = nil) {
    let request = [error.request.code, error.request.requestID.map { "request \($0)" }].compactMap { $0 }.joined(
      separator: ", ")
    self.init(
      .error, [.error(code, "\(subject): \(error.message)" + (request.isEmpty ? "" : " (\(request))"), hint: hint)])
  }
}
