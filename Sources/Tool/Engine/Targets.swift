import Diagnostics
import ProviderKit
import Resources

/// The targets that a run needs: who they are, and the halves of their providers that read.
struct Targets: Sendable {
  var identities: [TargetName: TargetIdentity] = [:]
  var readers: [TargetName: any ResourceReader] = [:]

  /// Asks every target who it is before anything else is asked of it.
  static func open(_ names: Set<TargetName>, of targets: [Target], _ providers: [String: any Provider])
    async throws(EngineFailure)
    -> Targets
  {
    let wanted = targets.filter { names.contains($0.name) }
    let answers = await mapConcurrently(wanted, width: Observer.width) { target in await open(target, providers) }
    var opened = Targets()
    var problems: [Diagnostic] = []
    for (target, answer) in zip(wanted, answers) {
      switch answer {
      case .success(let (identity, reader)):
        opened.identities[target.name] = identity
        opened.readers[target.name] = reader
      case .failure(let failure): problems += failure.diagnostics
      }
    }
    guard problems.isEmpty else { throw EngineFailure(.error, problems) }
    return opened
  }

  private static func open(_ target: Target, _ providers: [String: any Provider]) async
    -> Result<(TargetIdentity, any ResourceReader), EngineFailure>
  {
    guard let provider = providers[target.provider] else {
      return .failure(
        EngineFailure(
          .error,
          [
            .error(
              .noProvider, "no provider is called `\(target.provider)`", at: target.origin,
              hint: Suggestion.hint(for: target.provider, among: providers.keys.sorted()))
          ]))
    }
    do throws(ProviderError) {
      let identity = try await provider.identify(target)
      return .success((identity, try await provider.reader(target)))
    } catch {
      var failure = EngineFailure(error, .targetUnreachable, about: "target `\(target.name)` cannot be used")
      for index in failure.diagnostics.indices { failure.diagnostics[index].position = target.origin }
      return .failure(failure)
    }
  }
}
