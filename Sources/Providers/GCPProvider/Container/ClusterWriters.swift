import GCPClient
import HTTP
import ProviderKit
import Resources
import Values

extension FieldWriter {
  /// All labels at once, guarded by their own fingerprint.
  static let clusterLabels = FieldWriter(fields: ["resourceLabels"], reads: ["labelFingerprint"]) {
    task, wire, now, wanted async throws(ProviderError) in
    guard let marker = wanted.marker else { return }
    let body: Value = [
      "resourceLabels": RESTWire.labels(wanted.fields["resourceLabels"], marker),
      "labelFingerprint": now.raw["labelFingerprint"] ?? .null,
    ]
    try await wire.run(
      GCPCall(
        wire.service, "\(wire.collection).setResourceLabels", .conditional, .post, "\(now.id):setResourceLabels",
        body: body), task)
  }

  /// Clusters take one change at a time, each under a name of its own: `desiredReleaseChannel`.
  static func clusterUpdate(_ field: String) -> FieldWriter {
    FieldWriter(fields: [field]) { task, wire, now, wanted async throws(ProviderError) in
      let value = wire.codec.encode(.map([(field, wanted.fields[field] ?? .map([]))]), task.type.schema)[field]
      let name = "desired" + field.prefix(1).uppercased() + field.dropFirst()
      try await wire.run(
        GCPCall(
          wire.service, "\(wire.collection).update", .conditional, .put, now.id,
          body: ["update": .map([(name, value ?? .map([]))])]), task)
    }
  }
}
