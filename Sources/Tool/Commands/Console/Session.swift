import AWSProvider
import Diagnostics
import Engine
import Glibc
import HTTP
import Inventory
import Manifests
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
  /// Finds the estate of the working folder and opens it.
  func open() -> Result<Session, CommandProblem> {
    let folder = workingFolder
    guard let root = EstateLoader.root(above: folder, files: host.files) else {
      return .failure(CommandProblem(EstateLoader.missingEstate(folder)))
    }
    let composition: Composition
    do throws(FaultPlanError) {
      composition = try Composition(host: host, root: root, sandbox: arguments.text(.sandbox))
    } catch {
      let text = "`\(Composition.faultsVariable)` is no plan of faults: \(error.message)"
      return .failure(CommandProblem(Diagnostic.error(.faultPlan, text)))
    }
    if arguments.has(.sandbox) {
      do throws(FileError) {
        try host.files.makeDirectory(composition.place, mode: 0o700)
      } catch {
        return .failure(CommandProblem(.error(.commandFile, error.description)))
      }
    }
    let world = composition.world
    return .success(Session(engine: Engine(world: world, root: root), reporter: reporter.rooted(at: root)))
  }

  var workingFolder: String {
    do { return try host.files.resolve(host.folder) } catch { return host.folder }
  }

  /// Opens the estate and runs a body that may fail in the engine.
  func withSession(
    _ body: (Session) async throws(EngineFailure) -> ExitCode
  ) async -> ExitCode {
    switch open() {
    case .failure(let problem): return fail(problem.diagnostics)
    case .success(let session):
      do throws(EngineFailure) {
        return try await body(session)
      } catch {
        session.reporter.diagnostics(error.diagnostics)
        return error.exitCode
      }
    }
  }
}
<<<<<<< HEAD
=======

/// Puts the providers and stores together: the only place that knows them all.
struct Composition {
  /// Ours, below an estate's folder.
  static let folder = ".plumb"

  let host: Host
  let root: String
  /// The sandbox's folder, or nil for the real clouds.
  let sandbox: String?

  /// Where inventory, journal, lock and key lie.
  var place: String {
    sandbox.map { $0 == CommandOption.defaultSandbox ? "\(root)/\($0)" : $0 } ?? "\(root)/\(Self.folder)"
  }

  var world: World {
    let place = place
    let files = host.files, time = host.time
    return World(
      files: files, environment: host.environment, time: time, random: host.random,
      providers: providers(place),
      openStore: { (scope: ScopeID) throws(StoreError) -> any InventoryStore in
        SQLiteStore(folder: place, scope: scope, files: files, time: time)
      }, hashKeys: HashKeyFile(folder: place, files: files, environment: host.environment), user: user,
      process: getpid())
  }

  private func providers(_ place: String) -> [String: any Provider] {
    let real = Self.providers(host)
    guard sandbox != nil else { return Dictionary(uniqueKeysWithValues: real.map { ($0.name, $0) }) }
    let cloud = Sandbox(.directory(place), time: host.time, random: host.random)
    return Dictionary(uniqueKeysWithValues: real.map { ($0.name, cloud.provider(standingFor: $0)) })
  }

  /// Every provider that this program has.
  static func providers(_ host: Host) -> [any Provider] {
    if let given = host.providers { return given() }
    let configuration = CurlConfiguration(proxies: ProxySettings(host.environment))
    return [
      AWSProvider(
        transport: CurlTransport(configuration), environment: host.environment, files: host.files,
        time: host.time,
        random: host.random)
    ]
  }

  /// `ana@ci-runner-7`.
  private var user: String {
    var name = [CChar](repeating: 0, count: 256)
    let machine =
      gethostname(&name, name.count - 1) == 0
      ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self) : "localhost"
    let user = host.environment.nonEmpty("USER") ?? host.environment.nonEmpty("LOGNAME") ?? "\(getuid())"
    return "\(user)@\(machine)"
  }
}
>>>>>>> aa62727 (Secrets stay out of plan files, messages and shown source lines; hostile estates are tested through the program)
