import Diagnostics
import Planning
import Platform

extension DiagnosticCode {
  /// A file given on the command line cannot be read or written.
  package static let commandFile = DiagnosticCode(6020)
  /// A plan of faults for the sandbox that cannot be read.
  package static let faultPlan = DiagnosticCode(6021)
}

extension Invocation {
  /// Reads a saved plan.
  func readPlan(_ path: String) async -> Result<Plan, CommandProblem> {
    let files = host.files
    do throws(FileError) {
      let bytes = try await offPool { () throws(FileError) in try files.read(path, limit: PlanFile.sizeLimit)
      }
      do throws(PlanFileError) {
        return .success(try PlanFile.read(bytes, file: path))
      } catch {
        return .failure(CommandProblem(error.diagnostic))
      }
    } catch {
      let hint = error.isMissing ? "`plumb plan --out \(path)` writes one" : nil
      return .failure(CommandProblem(.error(.commandFile, error.description, hint: hint)))
    }
  }

  /// Saves a plan, readable by its owner alone: it names everything that stands.
  func writePlan(_ plan: Plan, to path: String) async -> CommandProblem? {
    let files = host.files
    do throws(FileError) {
      try await offPool { () throws(FileError) in
        try files.write(PlanFile.bytes(plan, version: Version.current), to: path, mode: 0o600)
      }
      return nil
    } catch {
      return CommandProblem(.error(.commandFile, error.description))
    }
  }
}

extension Invocation {
  /// Writes a file that anybody may read.
  func write(_ text: String, to path: String) async -> CommandProblem? {
    let files = host.files
    do throws(FileError) {
      try await offPool { () throws(FileError) in
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
          try files.makeDirectory(String(path[..<slash]), mode: 0o755)
        }
        try files.write(Array(text.utf8), to: path)
      }
      return nil
    } catch {
      return CommandProblem(.error(.commandFile, error.description))
    }
  }
}

/// Why a command cannot go on.
struct CommandProblem: Error {
  let diagnostics: [Diagnostic]
  var exitCode = ExitCode.error
  init(_ diagnostic: Diagnostic, _ exitCode: ExitCode = .error) {
    diagnostics = [diagnostic]
    self.exitCode = exitCode
  }
  init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}
