import GCPClient
import Resources
import Schemas
import Values

/// Neither a ring nor a key goes away: deleting a key destroys its versions, deleting a ring forgets it.
extension ResourceType {
  /// https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings
  static let gcpKeyRing = ResourceType(
    TypeName("gcp/KeyRing"), "A group of keys in one location; it stays for ever.",
    schema: Schema([
      Field("keyRingId", .string, [.required, .immutable], "The name, unique in the location."),
      Field("location", .string, [.required, .immutable], "A region, or `global`."),
      Field("createTime", .string, .computed, "When it was made."),
    ]),
    identity: .path("projects/{account}/locations/{location}/keyRings/{keyRingId}", "keyRingId", "location"),
    marker: .none, recovery: .naturalKey, scope: .region, isStateful: true,
    operations: .permissions("cloudkms.keyRings"), lifespan: .permanent)

  /// https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys
  static let gcpCryptoKey = ResourceType(
    TypeName("gcp/CryptoKey"), "A key for encryption or signatures; what it encrypted is lost with it.",
    schema: Schema([
      Field("keyRing", .string, [.required, .immutable], references: "gcp/KeyRing", "The ring, by its id."),
      Field("cryptoKeyId", .string, [.required, .immutable], "The name, unique in the ring."),
      Field(
        "purpose", .string, .immutable, serverDefault: "ENCRYPT_DECRYPT",
        allowed: ["ENCRYPT_DECRYPT", "ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT", "MAC"], "What it is for."),
      Field(
        "rotationPeriod", .string, [], "How often a new version is made: seconds with `s`, `7776000s` for 90 days."),
      Field("nextRotationTime", .string, [.optionalComputed, .volatile], "When the next version is made."),
      Field(
        "destroyScheduledDuration", .string, [.immutable, .optionalComputed],
        "How long a destroyed version can be had back."),
      .labels,
      Field("createTime", .string, .computed, "When it was made."),
    ]),
    identity: .path("{keyRing}/cryptoKeys/{cryptoKeyId}", "keyRing", "cryptoKeyId"), marker: .labels,
    recovery: .naturalKey, scope: .region, isStateful: true, operations: .permissions("cloudkms.cryptoKeys"))
}

extension GCPType {
  static let keyRing = GCPType(
    .gcpKeyRing,
    .resources(
      .cloudKMS, "projects.locations.keyRings", id: "keyRingId",
      [
        .pages("projects/{account}/locations/{region}/keyRings", "keyRings", most: 1000),
        .pages("projects/{account}/locations/global/keyRings", "keyRings", most: 1000),
      ], update: .none, marking: .none
    ))

  static let cryptoKey = GCPType(
    .gcpCryptoKey,
    .resources(
      .cloudKMS, "projects.locations.keyRings.cryptoKeys", id: "cryptoKeyId",
      [.below({ .keyRing }, "cryptoKeys", "cryptoKeys", most: 1000)], marking: .labels("labels")
    ) {
      $0.fill = CryptoKeyLife.fill
      $0.lifeCycle.isGone = { $0["labels"]?[LabelMarker.deletedKey] != nil }
      $0.deletion.instead = CryptoKeyLife.destroy
      $0.creation.revive = CryptoKeyLife.revive
    })
}
