import Glibc
import Platform
import ProviderKit
import Resources
import SQLite
import Values

/// The pretend service: one database on a thread of its own, opened at the first call.
actor SandboxEngine {
  private let executor = ThreadExecutor("plumb-sandbox")
  private let directory: String?
  let time: any TimeSource
  let random: any RandomSource
  let plan: FaultPlan
  private var opened: (store: ObjectStore, secrets: Secrets)?

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(directory: String?, time: any TimeSource, random: any RandomSource, plan: FaultPlan) {
    self.directory = directory
    self.time = time
    self.random = random
    self.plan = plan
  }

  /// Store and key, opened or made.
  func open() throws(ProviderError) -> (store: ObjectStore, secrets: Secrets) {
    if let opened { return opened }
    let location: Connection.Location
    if let directory {
      guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
        throw Self.unusable("cannot create \(directory): \(String(cString: strerror(errno)))")
      }
      location = .file("\(directory)/sandbox.db")
    } else {
      location = .memory
    }
    let key = try secretKey()
    do throws(SQLiteError) {
      let opened = (store: try ObjectStore(location), secrets: Secrets(key: key))
      self.opened = opened
      return opened
    } catch {
      throw ProviderError(sqlite: error)
    }
  }

  /// The key stands beside the database, not in it.
  private func secretKey() throws(ProviderError) -> [UInt8] {
    guard let directory else { return random.bytes(Limits.keyBytes) }
    let path = "\(directory)/sandbox.key"
    let fresh = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if fresh >= 0 {
      defer { close(fresh) }
      let key = random.bytes(Limits.keyBytes)
      guard key.withUnsafeBytes({ write(fresh, $0.baseAddress, $0.count) }) == key.count else {
        throw Self.unusable("cannot write \(path)")
      }
      return key
    }
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.unusable("cannot read \(path)") }
    defer { close(descriptor) }
    var key = [UInt8](repeating: 0, count: Limits.keyBytes)
    guard key.withUnsafeMutableBytes({ Glibc.read(descriptor, $0.baseAddress, $0.count) }) == key.count else {
      throw Self.unusable("\(path) is damaged")
    }
    return key
  }

  private static func unusable(_ message: String) -> ProviderError {
    ProviderError(.other, effect: .none, message, request: RequestFacts(service: "sandbox"))
  }

  /// Runs reads, with SQLite's errors as the service's.
  func reading<R>(_ body: (ObjectStore) throws(SQLiteError) -> R) throws(ProviderError) -> R {
    let store = try open().store
    do throws(SQLiteError) { return try body(store) } catch { throw ProviderError(sqlite: error) }
  }

  /// Objects made after this moment are missing from lists.
  var visibleUntil: Instant {
    plan.staleLists > .zero ? time.now - plan.staleLists : Instant(nanoseconds: .max)
  }
}

/// A type of a target, as every operation needs it.
struct Scene: Sendable {
  var type: ResourceType
  var catalog: TypeCatalog
  var identity: TargetIdentity
}
