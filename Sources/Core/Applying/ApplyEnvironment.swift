import Cryptography
import Inventory
import Platform
import ProviderKit
import Resources
import Synchronization
import Values

/// Everything applying and recovery work with.
package struct ApplyEnvironment: Sendable {
  package var scope: ScopeID
  package var catalog: TypeCatalog
  package var targets: [TargetName: ApplyTarget]
  package var store: any InventoryStore
  /// Hashes sensitive values before they are kept; without it they are kept as nothing at all.
  package var hashKey: HashKey?
  package var time: any TimeSource
  package var random: any RandomSource
  package var settings: ApplySettings
  package var events: @Sendable (ApplyEvent) -> Void
  /// The estate's variables, sensitive ones among them; nil for those that the plan holds.
  package var variables: Value?
  /// Reads secrets that manifests name the place of.
  package var secrets: any SecretSource = NoSecrets()
  /// Asked before every step; nil lets all go.
  package var gate: (any StepGate)?
  /// What the journal says of the run, right after its begin.
  package var remarks: [JournalEntry.Event] = []

  package init(
    scope: ScopeID, catalog: TypeCatalog, targets: [TargetName: ApplyTarget], store: any InventoryStore,
    hashKey: HashKey?,
    time: any TimeSource = SystemTime(), random: any RandomSource = SystemRandom(),
    settings: ApplySettings = ApplySettings(),
    events: @escaping @Sendable (ApplyEvent) -> Void = { _ in }
  ) {
    self.scope = scope
    self.catalog = catalog
    self.targets = targets
    self.store = store
    self.hashKey = hashKey
    self.time = time
    self.random = random
    self.settings = settings
    self.events = events
  }

  func reader(_ name: TargetName) async throws(ApplyError) -> any ResourceReader {
    let target = try target(name)
    do throws(ProviderError) {
      return try await target.provider.reader(target.target)
    } catch {
      throw ApplyError.provider(name, error)
    }
  }

  func writer(_ name: TargetName, _ fence: Fence) async throws(ApplyError) -> any ResourceWriter {
    let target = try target(name)
    do throws(ProviderError) {
      return try await target.provider.writer(target.target, fence: fence)
    } catch {
      throw ApplyError.provider(name, error)
    }
  }

  func target(_ name: TargetName) throws(ApplyError) -> ApplyTarget {
    guard let target = targets[name] else {
      throw ApplyError.wrongTarget(TargetIdentity(target: name, provider: "", account: "", region: ""))
    }
    return target
  }
}

/// A target with its provider, and what it was found to point at.
package struct ApplyTarget: Sendable {
  package var target: Target
  package var identity: TargetIdentity
  package var provider: any Provider

  package init(target: Target, identity: TargetIdentity, provider: any Provider) {
    self.target = target
    self.identity = identity
    self.provider = provider
  }
}

/// Carries interruptions from a signal handler to a run.
package final class ApplyControl: Sendable {
  private struct State {
    var count = 0
    var listener: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  package init() {}

  /// The first lets what runs finish, the second ends it at once; more do nothing.
  package func interrupt() {
    let listener = state.withLock { state in
      state.count += 1
      return state.listener
    }
    listener?()
  }

  /// Calls back once for every interruption, those of the past included.
  func listen(_ body: @escaping @Sendable () -> Void) {
    let missed = state.withLock { state in
      state.listener = body
      return state.count
    }
    for _ in 0..<missed { body() }
  }

  func stopListening() { state.withLock { $0.listener = nil } }
}

/// One object of a service.
struct ObjectKey: Hashable, Sendable {
  var target: TargetName
  var type: TypeName
  var remote: RemoteID
}

extension ApplyEnvironment {
  /// Reads objects by id, all of one type in one call, and several types at once.
  func read(_ wanted: some Sequence<ObjectKey>) async throws(ApplyError) -> [ObjectKey: Observed] {
    var groups: [TargetName: [TypeName: Set<RemoteID>]] = [:]
    for key in wanted { groups[key.target, default: [:]][key.type, default: []].insert(key.remote) }
    let results = await withTaskGroup(of: Result<[ObjectKey: Observed], ApplyError>.self) { group in
      for (target, types) in groups {
        group.addTask { await readTypes(target, types) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    var objects: [ObjectKey: Observed] = [:]
    for result in results { objects.merge(try result.get()) { first, _ in first } }
    return objects
  }

  private func readTypes(_ target: TargetName, _ types: [TypeName: Set<RemoteID>]) async -> Result<
    [ObjectKey: Observed], ApplyError
  > {
    do throws(ApplyError) {
      let reader = try await reader(target)
      let results = await withTaskGroup(of: Result<[Observed], ProviderError>.self) { group in
        for (type, ids) in types {
          group.addTask {
            do throws(ProviderError) { return .success(try await reader.read(type, ids.sorted())) } catch {
              return .failure(error)
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      var objects: [ObjectKey: Observed] = [:]
      for result in results {
        switch result {
        case .failure(let error): return .failure(.provider(target, error))
        case .success(let found):
          for object in found { objects[ObjectKey(target: target, type: object.type, remote: object.remote)] = object }
        }
      }
      return .success(objects)
    } catch {
      return .failure(error)
    }
  }
}
