import AWSClient
import AWSProvider
import Engine
import GCPProvider
import Glibc
import HTTP
import Inventory
import KubernetesClient
import KubernetesProvider
import Platform
import ProviderKit
import Resources
import S3Inventory
import SandboxProvider
import Values

/// Puts the providers and stores together: the only place that knows them all.
struct Composition {
  /// Ours, below an estate's folder.
  static let folder = ".plumb"

  let host: Host
  let root: String
  /// The sandbox's folder, or nil for the real clouds.
  let sandbox: String?

  /// A plan of faults for the sandbox, as JSON, and a file that its calls are told to.
  static let faultsVariable = "PLUMB_SANDBOX_FAULTS"
  static let logVariable = "PLUMB_SANDBOX_LOG"

  private let faults: FaultPlan
  private let standIn: StandIn

  init(host: Host, root: String, sandbox: String?) throws(SettingProblem) {
    self.host = host
    self.root = root
    self.sandbox = sandbox
    standIn = try StandIn(host.environment)
    let text = sandbox == nil ? nil : host.environment.nonEmpty(Self.faultsVariable)
    do throws(FaultPlanError) {
      faults = if let text { try FaultPlan(json: text) } else { FaultPlan() }
    } catch {
      throw SettingProblem("`\(Self.faultsVariable)` is no plan of faults: \(error.message)")
    }
  }

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
      openStore: { (request: StoreRequest) throws(StoreError) -> any InventoryStore in
        try store(request) ?? SQLiteStore(folder: place, scope: request.scope, files: files, time: time)
      }, hashKeys: HashKeyFile(folder: place, files: files, environment: host.environment), user: user,
      process: getpid())
  }

  /// The store that the estate shares with other machines, where it names one; the sandbox keeps its own.
  private func store(_ request: StoreRequest) throws(StoreError) -> (any InventoryStore)? {
    guard sandbox == nil, let settings = request.settings?["s3"] else { return nil }
    let (place, problems) = S3Place.read(settings)
    guard let place, problems.isEmpty else {
      throw StoreError(
        .unreadable, problems.map { "`spec.inventory.\($0.path)` \($0.message)" }.joined(separator: "; "))
    }
    guard let target = request.targets.first(where: { $0.name == place.target }) else {
      throw StoreError(.unreadable, "`spec.inventory.s3.target` names `\(place.target)`, and there is no such target")
    }
    do throws(ProviderError) {
      let client = try Self.aws(host).client(target, request.access == .read ? .read : .write)
      var options = S3StoreSettings()
      options.encryption = place.encryption
      if let lease = standIn.lease { (options.lease, options.poll) = (lease, lease / 10) }
      return S3Store(
        bucket: place.bucket, prefix: place.prefix, scope: request.scope,
        owner: AWSTargetSettings.read(target.settings).settings.accountID, client: client, settings: options,
        time: host.time)
    } catch {
      throw StoreError(.unreadable, error.message)
    }
  }

  private func providers(_ place: String) -> [String: any Provider] {
    let real = Self.providers(host, standIn, place: place)
    guard sandbox != nil else { return Dictionary(uniqueKeysWithValues: real.map { ($0.name, $0) }) }
    let log = host.environment.nonEmpty(Self.logVariable).map { CallLog(path: $0) }
    // A stop is raised in the calling thread: one for the process may be taken by another, while this one goes on.
    let cloud = Sandbox(
      .directory(place), time: host.time, random: host.random, faults: faults, log: log,
      crash: { kill(getpid(), SIGKILL) }, stop: { raise(SIGSTOP) })
    return Dictionary(uniqueKeysWithValues: real.map { ($0.name, cloud.provider(standingFor: $0)) })
  }

  /// Every provider that this program has.
  ///
  /// - Parameter place: where a provider may keep what it learned; nil keeps nothing.
  static func providers(_ host: Host, _ standIn: StandIn = StandIn(), place: String? = nil) -> [any Provider] {
    host.providers?() ?? [aws(host, standIn), gcp(host, standIn), kubernetes(host, place)]
  }

  private static func machine(_ host: Host) -> ClientMachine {
    ClientMachine(
      transport: CurlTransport(CurlConfiguration(proxies: ProxySettings(host.environment))),
      environment: host.environment, files: host.files, time: host.time, random: host.random)
  }

  private static func aws(_ host: Host, _ standIn: StandIn = StandIn()) -> AWSProvider {
    AWSProvider(
      transport: machine(host).transport, environment: host.environment, files: host.files, time: host.time,
      random: host.random, catalog: standIn.shortened(AWSCatalog.catalog, of: "aws"))
  }

  private static func gcp(_ host: Host, _ standIn: StandIn) -> GCPProvider {
    GCPProvider(machine(host), catalog: standIn.shortened(GCPCatalog.catalog, of: "gcp"))
  }

  private static func kubernetes(_ host: Host, _ place: String?) -> KubernetesProvider {
    KubernetesProvider(
      KubernetesMachine(environment: host.environment, files: host.files, time: host.time, random: host.random),
      folder: place.map { "\($0)/types" })
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
