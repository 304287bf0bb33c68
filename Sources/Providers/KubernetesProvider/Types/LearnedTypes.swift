import Platform
import Resources
import Values

/// What a cluster said of the kinds it serves, and when.
struct LearnedTypes: Sendable {
  var document: OpenAPIDocument
  var catalog: TypeCatalog
  /// To ask whether anything is new.
  var etag: String?
  var asked: Instant
  let kinds: [TypeName: ServedKind]
  /// As it is kept.
  fileprivate let text: Value

  /// The form of the file; another one is learned anew.
  private static let format: Int64 = 1

  init(boiled: Value, etag: String?, asked: Instant) {
    self.text = boiled
    document = OpenAPIDocument(boiled)
    catalog = document.catalog
    kinds = Dictionary(document.kinds.map { ($0.typeName, $0.served) }, uniquingKeysWith: { first, _ in first })
    self.etag = etag
    self.asked = asked
  }

  /// nil for anything that this version did not write.
  init?(kept: Value, server: String) {
    guard kept["format"]?.int == Self.format, kept["server"]?.string == server, let types = kept["types"],
      let asked = kept["asked"]?.string.flatMap({ Instant(rfc3339: $0) })
    else { return nil }
    self.init(boiled: types, etag: kept["etag"]?.string, asked: asked)
  }

  func kept(server: String) -> Value {
    [
      "format": .int(Int(Self.format)), "server": .string(server), "asked": .string(asked.rfc3339()),
      "etag": etag.map { .string($0) } ?? .null, "types": text,
    ]
  }
}
