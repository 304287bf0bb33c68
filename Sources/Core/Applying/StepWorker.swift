import Platform
import ProviderKit
import Resources
import Values

/// One call to make.
struct Job: Sendable {
  var step: Int
  var target: TargetName
  var type: ResourceType?
  var call: StepCall
  var token: OperationToken
}

/// What came of it.
struct JobResult: Sendable {
  var step: Int
  var result: Result<Observed?, ProviderError>
}

/// Makes the calls of one run; the same for every worker.
struct StepWorker: Sendable {
  /// The longest pause between two searches for an object whose create was not answered.
  static let longestSearchPause = Duration.seconds(2)

  let readers: [TargetName: any ResourceReader]
  let writers: [TargetName: any ResourceWriter]
  let scope: ScopeID
  let time: any TimeSource

  func perform(_ job: Job, _ progress: ProgressSink) async -> JobResult {
    do throws(ProviderError) {
      return JobResult(step: job.step, result: .success(try await call(job, progress)))
    } catch {
      return JobResult(step: job.step, result: .failure(error))
    }
  }

  private func call(_ job: Job, _ progress: ProgressSink) async throws(ProviderError) -> Observed? {
    if case .nothing = job.call { return nil }
    if case .watch(_, let known, let remote) = job.call {
      guard let object = try await current(job, known, remote) else { throw gone(remote) }
      return object
    }
    guard let writer = writers[job.target] else {
      throw ProviderError(.invalid(field: nil), effect: .none, "the target `\(job.target)` is not open")
    }
    switch job.call {
    case .nothing, .watch: return nil
    case .refused(let refusal):
      throw ProviderError(
        .denied(permission: nil), effect: .none, refusal.message,
        request: RequestFacts(service: StepRefusal.service, operation: "recheck", code: refusal.rule))
    case .impossible(let why): throw ProviderError(.invalid(field: nil), effect: .none, why)
    case .create(let desired, let marker, let window):
      do throws(ProviderError) {
        return try await writer.create(desired, marker, job.token, progress)
      } catch {
        // A token comes last, for services that honour it only now and then: not found, the same one is sent again.
        guard case .unknown = error.effect, error.reason != .cancelled else { throw error }
        return try await search(job, desired, marker, window, error, progress)
      }
    case .update(let changes, let known, let remote):
      guard let object = try await current(job, known, remote) else {
        throw gone(remote)
      }
      return try await writer.update(changes, of: object, job.token, progress)
    case .delete(let known, let remote):
      guard let object = try await current(job, known, remote) else { return nil }
      try await writer.delete(object, job.token, progress)
      return nil
    }
  }

  private func gone(_ remote: RemoteID) -> ProviderError {
    ProviderError(.notFound, effect: .none, "`\(remote)` is gone")
  }

  private func current(_ job: Job, _ known: Observed?, _ remote: RemoteID) async throws(ProviderError) -> Observed? {
    if let known { return known }
    guard let reader = readers[job.target], let type = job.type else { return nil }
    return try await reader.read(type.name, [remote]).first
  }

  /// After a create that was not answered: looks for its object until it must have shown. Found, it is the
  /// answer; not
  /// found, nothing has happened.
  private func search(
    _ job: Job, _ desired: Desired, _ marker: Marker, _ window: Duration, _ error: ProviderError,
    _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    guard let reader = readers[job.target] else { throw error }
    progress("the answer was lost; looking for \(desired.address)")
    // Counted from the end of the call: it may have taken effect only then.
    let lost = time.now
    let pause = min(Self.longestSearchPause, max(window / 5, .milliseconds(10)))
    while true {
      let isLast = time.now - lost >= window
      if let found = try await find(reader, desired, marker, job, error) { return found }
      guard !isLast else { break }
      do throws(CancellationError) { try await time.sleep(for: pause) } catch { throw ProviderError.cancelled }
    }
    throw ProviderError(error.reason, effect: .none, error.message, request: error.request)
  }

  private func find(
    _ reader: any ResourceReader, _ desired: Desired, _ marker: Marker, _ job: Job, _ lost: ProviderError
  ) async throws(ProviderError) -> Observed? {
    var evidence: [Evidence] = [.marker(marker)]
    switch job.type?.recovery {
    case .naturalKey: evidence.append(.naturalKey(desired.fields))
    case .token: evidence.append(.token(job.token))
    case .markerOnCreate, nil: break
    }
    var found: [Observed] = []
    do throws(ProviderError) {
      for object in try await reader.find(desired.type, evidence).joined() {
        // The name was free before the call, so that an object without a marker is the one we asked for.
        guard object.marker.map({ $0.isSameObject(as: marker) }) ?? true else { continue }
        if !found.contains(where: { $0.remote == object.remote }) { found.append(object) }
      }
    } catch {
      // Whatever keeps us from looking, the effect of the create stays unknown.
      throw ProviderError(lost.reason, effect: .unknown, lost.message, request: lost.request)
    }
    guard found.count > 1 else { return found.first }
    let names = found.map { "`\($0.remote)`" }.joined(separator: ", ")
    throw ProviderError(
      .conflict, effect: .unknown, "several objects carry the marker of `\(desired.address)`: \(names)")
  }
}

extension ProviderError {
  static let cancelled = ProviderError(.cancelled, effect: .unknown, "it was interrupted")
}

extension Marker {
  /// True where both name one incarnation of one address of one scope.
  func isSameObject(as other: Marker) -> Bool {
    scope == other.scope && address == other.address && incarnation == other.incarnation
  }
}
