import ProviderKit
import Resources
import Schemas
import Values

/// A provider as one process reaches it, over a network that loses, repeats and refuses.
struct ProcessProvider: Provider {
  let inner: any Provider
  let process: SimulatedProcess
  let ledger: Ledger
  var weather = Weather()

  var name: String { inner.name }
  var catalog: TypeCatalog { inner.catalog }
  func check(_ target: Target) -> [TargetProblem] { inner.check(target) }

  func identify(_ target: Target) async throws(ProviderError) -> TargetIdentity {
    try process.read("identify", weather)
    return try await inner.identify(target)
  }

  func reader(_ target: Target) async throws(ProviderError) -> any ResourceReader {
    ProcessReader(inner: try await inner.reader(target), catalog: catalog, process: process, weather: weather)
  }

  func writer(_ target: Target, fence: Fence) async throws(ProviderError) -> any ResourceWriter {
    ProcessWriter(
      inner: try await inner.writer(target, fence: fence), catalog: catalog, process: process, ledger: ledger,
      weather: weather)
  }
}

private struct ProcessReader: ResourceReader {
  let inner: any ResourceReader
  let catalog: TypeCatalog
  let process: SimulatedProcess
  let weather: Weather

  /// Each page by itself, so that a list may break off between two.
  func list(_ type: TypeName, _ filter: ListFilter, after: PageToken?) async throws(ProviderError) -> ObservedPage {
    try process.read("list \(type)", weather)
    var page = try await inner.list(type, filter, after: after)
    for index in page.items.indices { page.items[index].fields = asked(page.items[index].fields, type, filter) }
    return page
  }

  /// Without what a provider may leave out of a list: nothing may hang on it.
  private func asked(_ fields: Value, _ type: TypeName, _ filter: ListFilter) -> Value {
    guard let schema = catalog[type]?.schema else { return fields }
    return .map(
      fields.entries.filter { entry in
        schema[entry.key].map { !$0.marks.contains(.apart) || filter.wants(entry.key) } ?? true
      }.map { ($0.key, $0.value) })
  }

  func read(_ type: TypeName, _ ids: [RemoteID]) async throws(ProviderError) -> [Observed] {
    try process.read("read \(type)", weather)
    return try await inner.read(type, ids)
  }

  func find(_ type: TypeName, _ evidence: [Evidence]) async throws(ProviderError) -> [[Observed]] {
    try process.read("find \(type)", weather)
    return try await inner.find(type, evidence)
  }
}

private struct ProcessWriter: ResourceWriter {
  let inner: any ResourceWriter
  let catalog: TypeCatalog
  let process: SimulatedProcess
  let ledger: Ledger
  let weather: Weather

  func create(
    _ desired: Desired, _ marker: Marker, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    try await send { number throws(ProviderError) in
      let fault = weather.fault(number)
      var sent = desired
      if fault == .partial { sent.fields = half(desired) }
      return try await faulty(fault) { () throws(ProviderError) in
        try await inner.create(sent, marker, token, progress)
      }
    }
  }

  func update(
    _ change: FieldChanges, of object: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) -> Observed {
    try await send { number throws(ProviderError) in
      let fault = weather.fault(number)
      var sent = change
      if fault == .partial { sent.changes = Array(change.changes.prefix(change.changes.count / 2)) }
      return try await faulty(fault) { () throws(ProviderError) in
        try await inner.update(sent, of: object, token, progress)
      }
    }
  }

  func delete(
    _ object: Observed, _ token: OperationToken, _ progress: ProgressSink
  ) async throws(ProviderError) {
    _ = try await send { number throws(ProviderError) in
      try await faulty(weather.fault(number)) { () throws(ProviderError) in
        try await inner.delete(object, token, progress)
        return object
      }
    }
    ledger.deleted(object)
  }

  private func half(_ desired: Desired) -> Value {
    guard let type = catalog[desired.type] else { return desired.fields }
    return .map(
      desired.fields.entries.filter { entry in
        type.schema[entry.key].map { !$0.marks.isDisjoint(with: [.required, .immutable]) } ?? true
      }.map { ($0.key, $0.value) })
  }

  private func send<Answer>(
    _ call: (Int) async throws(ProviderError) -> Answer
  ) async throws(ProviderError) -> Answer {
    guard let number = await process.begin(.write) else { throw SimulatedProcess.dead }
    let result: Result<Answer, ProviderError>
    do throws(ProviderError) { result = .success(try await call(number)) } catch { result = .failure(error) }
    guard await process.end(.write, number) else { throw SimulatedProcess.dead }
    return try result.get()
  }

  private func faulty(
    _ fault: Weather.Fault?, _ call: () async throws(ProviderError) -> Observed
  ) async throws(ProviderError) -> Observed {
    switch fault {
    case nil: return try await call()
    case .throttle: throw ProviderError(.throttled(retryAfter: .milliseconds(50)), effect: .none, "slow down")
    case .errorBefore: throw ProviderError(.transient, effect: .none, "the service is unavailable")
    case .denied: throw ProviderError(.denied(permission: "all"), effect: .none, "not authorized")
    case .lostRequest: throw ProviderError(.transient, effect: .unknown, "the connection was closed")
    case .lostResponse:
      _ = try await call()
      throw ProviderError(.transient, effect: .unknown, "the connection was closed")
    case .errorAfter:
      _ = try await call()
      throw ProviderError(.other, effect: .unknown, "internal error")
    case .partial:
      let object = try await call()
      throw ProviderError(.other, effect: .partial(object), "internal error half-way")
    }
  }
}
