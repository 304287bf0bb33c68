import GCPClient
import HTTP
import Platform
import ProviderKit
import Resources
import Values

/// Keys end by the destruction of their versions, which can be undone for some days. What is left of a key is marked,
/// and used again where a key of its name is wanted.
enum CryptoKeyLife {
  /// A period and the next time are set together.
  @Sendable
  static func fill(_ written: Value, _ now: Instant) -> [(String, Value)] {
    guard let period = written["rotationPeriod"]?.string, period.hasSuffix("s"), let seconds = Int64(period.dropLast())
    else { return [] }
    return [("nextRotationTime", .string((now + .seconds(seconds)).rfc3339()))]
  }

  @Sendable
  static func destroy(_ task: WriteTask, _ wire: RESTWire, _ now: Snapshot) async throws(ProviderError) {
    if now.raw["rotationPeriod"] != nil {
      try await patch(task, wire, now.id, "rotationPeriod,nextRotationTime", .map([]))
    }
    var next: String?
    repeat {
      let page = try await task.session.send(
        .get(
          .cloudKMS, "\(wire.collection).cryptoKeyVersions.list", "\(now.id)/cryptoKeyVersions",
          query: next.map { [("pageToken", $0)] } ?? []))
      for version in (page["cryptoKeyVersions"] ?? .null).elements where !isEnded(version) {
        try await destroy(version["name"]?.string ?? "", task, wire)
      }
      next = page["nextPageToken"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    } while next != nil
    try await patch(task, wire, now.id, "labels", ["labels": .map([(LabelMarker.deletedKey, Value.string("true"))])])
  }

  private static func isEnded(_ version: Value) -> Bool {
    ["DESTROYED", "DESTROY_SCHEDULED"].contains(version["state"]?.string ?? "")
  }

  private static func destroy(_ version: String, _ task: WriteTask, _ wire: RESTWire) async throws(ProviderError) {
    do throws(ProviderError) {
      try await task.session.send(
        GCPCall(
          .cloudKMS, "\(wire.collection).cryptoKeyVersions.destroy", .repeatable, .post, "\(version):destroy",
          body: .map([])))
    } catch {
      // It was on its way already.
      if error.reason != .conflict { throw error }
    }
  }

  /// A new version, which is the one in use, and no mark any more.
  @Sendable
  static func revive(_ task: WriteTask, _ wire: RESTWire, _ id: String) async throws(ProviderError) {
    let version = try await task.session.send(
      GCPCall(
        .cloudKMS, "\(wire.collection).cryptoKeyVersions.create", .once, .post, "\(id)/cryptoKeyVersions",
        body: .map([])))
    let number = version["name"]?.string?.split(separator: "/").last.map(String.init) ?? ""
    try await task.session.send(
      GCPCall(
        .cloudKMS, "\(wire.collection).updatePrimaryVersion", .repeatable, .post, "\(id):updatePrimaryVersion",
        body: ["cryptoKeyVersionId": .string(number)]))
    try await patch(task, wire, id, "labels", .map([]))
  }

  private static func patch(
    _ task: WriteTask, _ wire: RESTWire, _ id: String, _ mask: String, _ body: Value
  ) async throws(ProviderError) {
    try await task.session.send(
      GCPCall(
        .cloudKMS, "\(wire.collection).patch", .repeatable, .patch, id, query: [("updateMask", mask)], body: body))
  }
}
