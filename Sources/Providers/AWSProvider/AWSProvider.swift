import AWSClient
import HTTP
import Platform
import ProviderKit
import Resources
import Synchronization
import Values

/// AWS: types, and a reader and a writer for each target.
package final class AWSProvider: Provider {
  package let name = "aws"
  package let catalog: TypeCatalog
  private let machine: ClientMachine
  /// Who each half of a target turned out to be; asked once.
  private let identities = Mutex<[String: CallerIdentity]>([:])

  package init(
    transport: any HTTPTransport, environment: Environment, files: any FileSystem, time: any TimeSource,
    random: any RandomSource, children: any ChildRunner = SystemChildren(), catalog: TypeCatalog = AWSCatalog.catalog
  ) {
    self.catalog = catalog
    machine = ClientMachine(
      transport: transport, environment: environment, files: files, children: children, time: time,
      random: random)
  }

  /// Every request so far, by service and operation.
  package var requestCounts: [HTTPOperation: Int] { machine.counter.counts }

  package func check(_ target: Target) -> [TargetProblem] {
    var (settings, problems) = AWSTargetSettings.read(target.settings)
    if settings.accountID == nil {
      problems.append(
        TargetProblem(
          path: ValuePath().appending("aws").appending("accountId"),
          message: "a target of AWS names its account",
          hint: "`aws: {accountId: \"123456789012\", region: us-west-2}`"))
    }
    settings.region = settings.region ?? environmentRegion
    if settings.region == nil, settings.profile == nil, machine.environment.nonEmpty("AWS_PROFILE") == nil {
      problems.append(
        TargetProblem(
          path: ValuePath().appending("aws").appending("region"), message: "a target of AWS names its region",
          hint: "or set AWS_REGION"))
    }
    return problems
  }

  package func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity {
    let opened = try await open(target, .read)
    let endpoint = opened.client.endpoints.override(.ec2) ?? opened.client.endpoints.override(.s3)
    return TargetIdentity(
      target: target.name, provider: name, account: opened.account, region: opened.region,
      endpoint: endpoint?.description ?? "")
  }

  package func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader {
    AWSReader(session: try await open(target, .read))
  }

  package func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter {
    AWSWriter(session: try await open(target, .write))
  }

  /// Which of a target's credentials.
  package enum Half: String, Sendable { case read, write }

  private var environmentRegion: String? {
    machine.environment.nonEmpty("AWS_REGION") ?? machine.environment.nonEmpty("AWS_DEFAULT_REGION")
  }

  /// Opens one half, and sees to it that its keys belong to the account the target names before anything else is asked.
  private func open(_ target: Target, _ half: Half) async throws(ProviderError) -> AWSSession {
    let client = try client(target, half)
    let key = "\(target.name) \(half.rawValue)"
    let identity: CallerIdentity
    if let known = identities.withLock({ $0[key] }) {
      identity = known
    } else {
      identity = try await CallerIdentity.ask(client)
      identities.withLock { $0[key] = identity }
    }
    if let wanted = AWSTargetSettings.read(target.settings).settings.accountID, wanted != identity.account {
      throw ProviderError(
        .denied(permission: nil), effect: .none,
        "target \(target.name) is account \(wanted), but its credentials belong to account \(identity.account)",
        request: RequestFacts(service: "sts", operation: "GetCallerIdentity"))
    }
    return AWSSession(client: client, account: identity.account)
  }

  /// A client with one half of the target's credentials, in its region; the read half cannot write. Asks nobody, so
  /// whose account the keys belong to is not known yet.
  package func client(_ target: Target, _ half: Half) throws(ProviderError) -> AWSClient {
    let (settings, problems) = AWSTargetSettings.read(target.settings)
    if let problem = problems.first {
      throw ProviderError(.invalid(field: problem.path.description), effect: .none, problem.message)
    }
    let credentials = half == .read ? settings.read : settings.write
    let profiles: Profiles
    do throws(FileError) { profiles = try Profiles.load(machine.environment, machine.files) } catch {
      throw ProviderError(.invalid(field: nil), effect: .none, "\(error)")
    }
    let named =
      credentials.profile ?? settings.profile ?? machine.environment.nonEmpty("AWS_PROFILE") ?? "default"
    let profile = profiles[named] ?? [:]
    guard let region = settings.region ?? environmentRegion ?? profile["region"] else {
      throw ProviderError(
        .invalid(field: "aws.region"), effect: .none, "target \(target.name) names no region")
    }
    let endpoints = AWSEndpoints(
      endpoint: settings.endpoint, services: settings.endpoints, environment: machine.environment,
      profileEndpoint: profile["endpoint_url"])
    let chain = CredentialChain(machine, profiles: profiles, region: region, endpoints: endpoints)
    let source = try chain.source(credentials, targetProfile: settings.profile)
    var limited = machine
    if half == .read {
      limited.transport = ReadOnlyTransport(machine.transport, allowing: ReadOperations.allows)
    }
    return AWSClient(limited, region: region, endpoints: endpoints, credentials: source)
  }
}
