import Cryptography
import HTTP
import KubernetesClient
import Platform
import ProviderKit
import Resources
import Synchronization
import Values

/// The kinds of clusters, kept in one file for each API server, so that runs without a cluster know them, too.
///
/// One conditional request (`If-None-Match`) in ten minutes tells whether anything is new.
final class TypeStore: Sendable {
  /// kubectl's own age for what discovery told is of this order.
  static let age = Duration.seconds(600)
  /// Bytes of a file: ten times what a cluster with hundreds of definitions comes to.
  static let fileLimit = 64 << 20
  /// Bytes of a cluster's answer.
  static let answerLimit = 128 << 20

  private let folder: String?
  private let files: any FileSystem
  private let time: any TimeSource
  /// By server; nil where there is no file.
  private let known = Mutex<[String: LearnedTypes?]>([:])

  /// - Parameter folder: made when there is something to keep; nil keeps nothing beyond this process.
  init(folder: String?, files: any FileSystem, time: any TimeSource) {
    self.folder = folder
    self.files = files
    self.time = time
  }

  /// What is known of a server without asking it.
  func types(of server: HTTPURL) -> LearnedTypes? {
    let name = server.description
    if let known = known.withLock({ $0[name] }) { return known }
    let found = read(name)
    known.withLock { $0[name] = .some(found) }
    return found
  }

  /// Asks the server, unless what is known is young and has all that is needed.
  func learn(_ client: KubernetesClient, needing names: Set<TypeName>) async throws(ProviderError) {
    let old = types(of: client.server)
    if let old, time.now - old.asked < Self.age, names.allSatisfy({ old.kinds[$0] != nil }) { return }
    var request = KubernetesRequest.get("/openapi/v2")
    request.responseLimit = Self.answerLimit
    if let etag = old?.etag { request.headers["If-None-Match"] = etag }
    let answer = try await client.send(request)
    if answer.status == 304, var old {
      old.asked = time.now
      return keep(old, client.server)
    }
    guard let boiled = LiveDocument.boiled(answer.value) else {
      throw ProviderError(
        .unsupported, effect: .none, "the cluster's `/openapi/v2` is no OpenAPI document",
        request: RequestFacts(service: "kubernetes", operation: "discovery", status: answer.status))
    }
    keep(LearnedTypes(boiled: boiled, etag: answer.headers["Etag"], asked: time.now), client.server)
  }

  private func keep(_ types: LearnedTypes, _ server: HTTPURL) {
    let name = server.description
    known.withLock { $0[name] = .some(types) }
    guard let folder else { return }
    do throws(FileError) {
      try files.makeDirectory(folder, mode: 0o700)
      let bytes = JSONWriter(.compact).bytes(types.kept(server: name))
      try files.write(bytes, to: path(name, folder), mode: 0o600, durability: .fast)
    } catch {
      // What cannot be kept is asked for again by the next run.
      return
    }
  }

  private func read(_ server: String) -> LearnedTypes? {
    guard let folder else { return nil }
    // A file that is missing or damaged is written anew when the server is asked.
    guard let bytes = try? files.read(path(server, folder), limit: Self.fileLimit) else { return nil }
    // As above.
    guard let kept = try? JSONReader.parse(bytes) else { return nil }
    return LearnedTypes(kept: kept, server: server)
  }

  private func path(_ server: String, _ folder: String) -> String {
    "\(folder)/\(SHA256.digest(Array(server.utf8)).hex.prefix(24)).json"
  }
}
