/// How large an estate may be.
package enum ManifestLimits {
  /// Files that the include patterns find.
  package static let files = 50_000
  /// Bytes of one file.
  package static let fileBytes = 64 << 20
  /// Bytes of a manifest's name: names stand in tags and file names.
  package static let nameBytes = 128
  /// Folders looked at above the working directory for an estate.
  package static let foldersAbove = 64
}
