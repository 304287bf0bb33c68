import Platform
import ProviderKit
import Resources

/// A pretend cloud: every type of the catalogs it is given, in one database, for any number of targets.
///
///     let sandbox = Sandbox(.directory(".plumb/sandbox"), time: SystemTime(), random: SystemRandom())
///     let aws = sandbox.provider(standingFor: "aws", catalog: AWSCatalog.catalog)
package final class Sandbox: Sendable {
  package enum Location: Sendable, Hashable {
    /// Made where it is missing; holds `sandbox.db` and the key for secrets.
    case directory(String)
    /// Gone with the sandbox.
    case memory
  }

  let engine: SandboxEngine
  let faults: FaultInjector
  let log: CallLog?
  let time: any TimeSource
  private let crash: @Sendable () -> Void
  private let stop: @Sendable () -> Void

  /// - Parameters:
  ///   - crash: what the fault plan's crash point does: `kill(getpid(), SIGKILL)`. Where it returns, the
  ///     call fails with an unknown effect and so does every later one, as for a caller that has died.
  ///   - stop: the same for a plan's point at which the process is stopped; the call goes on where it returns.
  package init(
    _ location: Location, time: any TimeSource, random: any RandomSource, faults: FaultPlan = FaultPlan(),
    log: CallLog? = nil, crash: @escaping @Sendable () -> Void = {},
    stop: @escaping @Sendable () -> Void = {}
  ) {
    let directory: String? = if case .directory(let path) = location { path } else { nil }
    engine = SandboxEngine(directory: directory, time: time, random: random, plan: faults)
    self.faults = FaultInjector(faults)
    self.log = log
    self.time = time
    self.crash = crash
    self.stop = stop
  }

  /// How often it was called, in this process.
  package var counts: CallCounts { faults.counts }

  /// A provider that takes the place of `provider`: its types, its name, its checks of targets.
  package func provider(standingFor provider: any Provider, pageSize: Int = 1_000) -> SandboxProvider {
    SandboxProvider(
      name: provider.name, catalog: provider.catalog, sandbox: self, pageSize: pageSize, original: provider)
  }

  package func provider(standingFor name: String, catalog: TypeCatalog, pageSize: Int = 1_000)
    -> SandboxProvider
  {
    SandboxProvider(name: name, catalog: catalog, sandbox: self, pageSize: pageSize, original: nil)
  }

  /// The types as they behave here: lists are as stale as the fault plan says, and nobody should wait longer.
  func adapted(_ catalog: TypeCatalog) -> TypeCatalog {
    TypeCatalog(
      catalog.all.map { type in
        var type = type
        type.identity.consistencyWindow = faults.plan.staleLists
        return type
      })
  }

  /// Dies, or acts as if; or stops and goes on.
  func die(at operation: Operation, _ type: TypeName) throws(ProviderError) {
    if faults.plan.crash?.isStop == true { return stop() }
    faults.stop()
    crash()
    throw FaultInjector.dead(operation, type)
  }
}
