import AWSProvider
import Diagnostics
import Engine
import Glibc
import HTTP
import Inventory
import Manifests
import Planning
import Platform
import ProviderKit
import Reports
import Resources
import SandboxProvider

/// An estate opened for one command: the engine over the real world or the sandbox.
struct Session: Sendable {
  let engine: Engine
  let reporter: Reporter
}

extension Invocation {
  /// Finds the estate of the working folder and opens it, in the environment that was chosen.
  ///
  /// - Parameters:
  ///   - plan: a saved plan, which says itself what it was made with.
  ///   - needsEnvironment: false for what does not touch any scope.
  func open(plan: Plan? = nil, needsEnvironment: Bool = true) -> Result<Session, CommandProblem> {
    let folder = workingFolder
    guard let root = EstateLoader.root(above: folder, files: host.files) else {
      return .failure(CommandProblem(EstateLoader.missingEstate(folder)))
    }
    if let plan, let problem = sandboxConflict(plan) { return .failure(CommandProblem(problem, .usage)) }
    let sandbox = arguments.text(.sandbox) ?? plan?.sandbox
    let composition: Composition
    do throws(SettingProblem) {
      composition = try Composition(host: host, root: root, sandbox: sandbox)
    } catch {
      return .failure(CommandProblem(Diagnostic.error(.faultPlan, error.message)))
    }
    if sandbox != nil {
      do throws(FileError) {
        try host.files.makeDirectory(composition.place, mode: 0o700)
      } catch {
        return .failure(CommandProblem(.error(.commandFile, error.description)))
      }
    }
    let inputs: EstateInputs
    switch estateInputs(plan) {
    case .failure(let problem): return .failure(problem)
    case .success(let found): inputs = found
    }
    var engine = Engine(world: composition.world, root: root, inputs: inputs)
    engine.policyRequest = policyRequest
    if needsEnvironment || inputs.environment != nil, let problem = engine.environments.problem(with: inputs) {
      return .failure(CommandProblem(problem, .usage))
    }
    return .success(Session(engine: engine, reporter: reporter.rooted(at: root)))
  }

  /// What was planned against the real clouds is not tried on the sandbox: there, none of it stands.
  private func sandboxConflict(_ plan: Plan) -> Diagnostic? {
    guard plan.sandbox == nil, arguments.has(.sandbox) else { return nil }
    return .error(
      .flagConflict, "`--sandbox` cannot change a saved plan, which was made against the real clouds",
      hint: "make it anew with `plumb plan --sandbox --out FILE`")
  }

  var workingFolder: String {
    do { return try host.files.resolve(host.folder) } catch { return host.folder }
  }

  /// Opens the estate and runs a body that may fail in the engine.
  func withSession(
    plan: Plan? = nil, needsEnvironment: Bool = true, _ body: (Session) async throws(EngineFailure) -> ExitCode
  ) async -> ExitCode {
    switch open(plan: plan, needsEnvironment: needsEnvironment) {
    case .failure(let problem): return fail(problem.diagnostics, problem.exitCode)
    case .success(let session):
      do throws(EngineFailure) {
        return try await body(session)
      } catch {
        session.reporter.diagnostics(error.diagnostics, sources: error.sources)
        return error.exitCode
      }
    }
  }
}
